"""A study: one protocol, with what its coordinator sets."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils.functional import cached_property

from grading import roles
from grading.anatomy import APART, MUSCLE_CODES, TOGETHER, Cell
from grading.archive_link import LINK_PATTERN, MAX_LINK_LENGTH
from grading.codes.naming import named_group
from grading.limits import MAX_CALIBRATION_CASES, MAX_GRACE_MINUTES, MAX_READERS_PER_MRI
from grading.models.code_field import CodeField
from grading.scale import SEQUENCES

READER_TITLE = "Reading study"
SEQUENCE_CHOICES = [(sequence, sequence) for sequence in SEQUENCES]
CHOOSABLE = ["", *SEQUENCES]
ADJUDICATED = [(2, "2 or more apart"), (1, "any difference"), (None, "none")]
TARGETS_OF_AGREEMENT = {
    "target_icc_muscle": "ICC(2,1) of each muscle",
    "target_icc_overall": "ICC(2,1) over all muscles",
    "target_kappa_muscle": "quadratic weighted kappa of each muscle",
    "target_kappa_overall": "quadratic weighted kappa over all muscles",
}
TWO_SEQUENCES = "Choose another sequence here than on the left."


def _target_of_agreement(name: str) -> models.FloatField:
    return models.FloatField(
        f"{TARGETS_OF_AGREEMENT[name]}, at least",
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="From 0 to 1. Empty: no target.",
    )


class Study(models.Model):
    """One protocol, its participants, members and reads."""

    class Sides(models.TextChoices):
        TOGETHER = "together", "graded together"
        APART = "apart", "left and right graded apart"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(
        "short name", unique=True, help_text="As in the study's addresses: small letters, digits and hyphens."
    )
    title = CodeField(max_length=200)
    reader_title = CodeField(
        "title for readers",
        max_length=200,
        blank=True,
        help_text=f"What readers see in place of the title. It must not name the groups. “{READER_TITLE}” if empty.",
    )
    sides = models.CharField(max_length=8, choices=Sides, default=Sides.TOGETHER)
    wash_out_days = models.PositiveSmallIntegerField(
        "wash-out, in days", default=28, help_text="Days between the sign-off of a first read and its re-read."
    )
    readers_per_mri = models.PositiveSmallIntegerField(
        "readers of each MRI",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_READERS_PER_MRI)],
        help_text="Drawn at random from the study’s readers, each with as many MRIs as the others. Empty: every reader "
        "reads every MRI.",
    )
    hides_comparison = models.BooleanField(
        "hide the comparison until the study is locked",
        default=False,
        help_text="Investigators then see progress and agreement only.",
    )
    password_at_sign_off = models.BooleanField(
        "ask readers for their password at every sign-off",
        default=False,
        help_text="For readers who sign in with a password of this site.",
    )
    grace_minutes = models.PositiveSmallIntegerField(
        "minutes in which readers take back their own sign-off",
        default=5,
        db_default=5,
        validators=[MaxValueValidator(MAX_GRACE_MINUTES)],
        help_text=f"Up to {MAX_GRACE_MINUTES}; 0: a coordinator reopens. Each is recorded as a reopening is.",
    )
    calibration_cases = models.PositiveSmallIntegerField(
        "calibration cases that a reader signs off at least",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CALIBRATION_CASES)],
        help_text="For each feature, before the study’s own cases open. Empty: readers need not calibrate.",
    )
    calibration_icc = models.FloatField(
        "least ICC(2,1) against the reference",
        default=0.8,
        db_default=0.8,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="From 0 to 1, over all of a reader’s calibration cases together.",
    )
    left_sequence = models.CharField(
        "sequence that stands left beside the form",
        max_length=4,
        choices=SEQUENCE_CHOICES,
        blank=True,
        default="",
        db_default="",
        help_text="Where an MRI has it. Empty: STIR, or else T2FS.",
    )
    right_sequence = models.CharField(
        "sequence that stands right beside the form",
        max_length=4,
        choices=SEQUENCE_CHOICES,
        blank=True,
        default="",
        db_default="",
        help_text="Where an MRI has it. Empty: T1W.",
    )
    adjudicates_from = models.PositiveSmallIntegerField(
        "differences that are adjudicated",
        null=True,
        blank=True,
        default=2,
        db_default=2,
        choices=ADJUDICATED,
        help_text="Of first reads of one MRI by two readers or more, muscle by muscle. “Not assessable” beside a score "
        "is a difference, but none of 2.",
    )
    by_consensus = models.BooleanField(
        "the readers of a case decide together, in a consensus reading",
        default=False,
        db_default=False,
        help_text="At one screen, each with their own password of this site, once no read of the MRI is open. Else an "
        "adjudicator decides, who read none of it.",
    )
    target_icc_muscle = _target_of_agreement("target_icc_muscle")
    target_icc_overall = _target_of_agreement("target_icc_overall")
    target_kappa_muscle = _target_of_agreement("target_kappa_muscle")
    target_kappa_overall = _target_of_agreement("target_kappa_overall")
    archive_link = models.CharField(
        "link to a case’s scan",
        max_length=MAX_LINK_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text="An address of the archive that holds {code}, the case’s blind code, or {id}, the MRI’s id from the "
        "file below, such as https://pacs.example.org/viewer?StudyInstanceUIDs={id}. Empty: no link.",
    )
    archive_in_frame = models.BooleanField(
        "show the archive within this site’s window",
        default=True,
        db_default=True,
        help_text="One window for all cases, headed by the case’s code. If it stays empty, the archive forbids that: "
        "then untick this, and each press opens a new window.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When entry ended.")
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name_plural = "studies"
        ordering = ("title",)
        constraints = [
            models.CheckConstraint(name="study_sides", condition=Q(sides__in=["together", "apart"])),
            models.CheckConstraint(name="study_grace_minutes", condition=Q(grace_minutes__lte=MAX_GRACE_MINUTES)),
            models.CheckConstraint(
                name="study_readers_per_mri",
                condition=Q(readers_per_mri=None) | Q(readers_per_mri__gte=1, readers_per_mri__lte=MAX_READERS_PER_MRI),
            ),
            models.CheckConstraint(
                name="study_calibration_cases",
                condition=Q(calibration_cases=None)
                | Q(calibration_cases__gte=1, calibration_cases__lte=MAX_CALIBRATION_CASES),
            ),
            models.CheckConstraint(
                name="study_calibration_icc", condition=Q(calibration_icc__gte=0, calibration_icc__lte=1)
            ),
            models.CheckConstraint(
                name="study_sequences", condition=Q(left_sequence__in=CHOOSABLE, right_sequence__in=CHOOSABLE)
            ),
            models.CheckConstraint(
                name="study_two_sequences",
                condition=Q(left_sequence="") | ~Q(left_sequence=F("right_sequence")),
                violation_error_message=TWO_SEQUENCES,
            ),
            models.CheckConstraint(name="study_archive_link", condition=Q(archive_link__regex=LINK_PATTERN)),
            models.CheckConstraint(
                name="study_adjudicates_from", condition=Q(adjudicates_from=None) | Q(adjudicates_from__in=[1, 2])
            ),
            models.CheckConstraint(
                name="study_targets_of_agreement",
                condition=Q(*(Q(**{name: None}) | Q(**{f"{name}__range": (0, 1)}) for name in TARGETS_OF_AGREEMENT)),
            ),
            models.CheckConstraint(
                name="study_lock_is_whole",
                condition=Q(locked_at=None, locked_by=None) | Q(locked_at__isnull=False, locked_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Refuse a title for readers that names a group. Not known to the database, which has no look-alike letters."""
        if named := named_group(self.reader_title, self.groups.values_list("code", "name")):
            raise ValidationError({"reader_title": f"Readers would learn of the group {named}: leave it out."})

    @property
    def title_for_readers(self) -> str:
        return self.reader_title or READER_TITLE

    def why_not_blind(self, user, role: str) -> str | None:
        """Say why somebody cannot have a role that is blind to the groups; None if they can, or for any other role.

        The database refuses the same people.
        """
        if roles.ROLE_BY_CODE[role].sees_groups:
            return None
        blind = f"{roles.ROLE_BY_CODE[role].with_article} must be blind to them"
        if user.is_staff or user.is_superuser:
            return f"{user} is a site admin, who can see the groups of every study, and {blind}."
        if seen := self.unblinded.filter(user=user).first():
            return f"{user} may have seen the groups as {seen.role}, and {blind}."
        if role == roles.READER.code and self._has_adjudicated(user):
            return f"{user} may have seen what readers graded, as adjudicator, and a reader must not know it."
        return None

    def _has_adjudicated(self, user) -> bool:
        """Ask the database whether somebody is or was an adjudicator of the study."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT grading_was_adjudicator(%s, %s)", [self.pk, user.pk])
            return cursor.fetchone()[0]

    @property
    def has_grades(self) -> bool:
        return self.reads.filter(grades__isnull=False).exists()

    @property
    def has_reads_of_its_own(self) -> bool:
        """Say whether there are reads by which nobody calibrates."""
        return self.reads.filter(mri__participant__is_calibration=False).exists()

    @cached_property
    def has_sites(self) -> bool:
        """Say whether the study has sites, that is hospitals, of its own."""
        return self.sites.exists()

    @property
    def draws_readers(self) -> bool:
        """Say whether some of its readers, drawn at random, read an MRI; else all of them do."""
        return self.readers_per_mri is not None

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def asks_to_calibrate(self) -> bool:
        """Say whether readers calibrate before the study's own cases open to them."""
        return self.calibration_cases is not None

    @property
    def shows_comparison(self) -> bool:
        """Say whether investigators may see the groups compared."""
        return self.is_locked or not self.hides_comparison

    @property
    def graded_sides(self) -> tuple[str, ...]:
        return TOGETHER if self.sides == self.Sides.TOGETHER else APART

    @property
    def shown_sides(self) -> tuple[str, ...]:
        """List the sides as a scan shows them: the right thigh is on the viewer's left."""
        return tuple(reversed(self.graded_sides))

    @property
    def cells(self) -> list[Cell]:
        """List what one complete read grades: every muscle on every graded side."""
        return [Cell(muscle, side) for muscle in MUSCLE_CODES for side in self.graded_sides]
