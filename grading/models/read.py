"""Reads: one reader's pass over one MRI for one feature."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from grading import blind_code, scale
from grading.anatomy import Cell
from grading.limits import EARLIEST, MAX_COMMENT_LENGTH
from grading.models.mri import MRI
from grading.models.reading_order import InReadingOrder
from grading.models.study import Study

# Of what may have to wait before it comes up, apart from calibration; few, and with an index of their own.
IS_NO_FIRST = Q(occasion__gt=1) | Q(available_at__isnull=False)
OVERVIEW_ORDER = ("mri__participant__code", "mri__code", "reader__username", "feature", "occasion")


def has_come_up(now, prefix: str = "") -> Q:
    """Choose all first reads, and re-reads after their wash-out, once the study's own cases are open to their reader.

    Not while an earlier read of the scan is open, whose page shows what was graded. ``prefix`` is the way to the reads.
    """
    return is_after_wash_out(now, prefix) & waits_for_nothing(prefix)


def is_after_wash_out(now, prefix: str = "") -> Q:
    """Choose reads whose wash-out is over at a time, or that have none; ``prefix`` leads to the read."""
    return Q(**{f"{prefix}available_at": None}) | Q(**{f"{prefix}available_at__lte": now})


def waits_for_nothing(prefix: str = "") -> Q:
    """Choose what has come up but for the wash-out: it is the same at any time."""
    earlier = Read.objects.open().filter(
        occasion__lt=OuterRef(f"{prefix}occasion"),
        **{name: OuterRef(f"{prefix}{name}") for name in ("mri", "reader", "feature")},
    )
    return (Q(**{f"{prefix}occasion": 1}) | Q(~Exists(earlier))) & _is_open_to_reader(prefix)


def _is_open_to_reader(prefix: str) -> Q:
    """Choose calibration cases; of a study whose readers calibrate first, the others only of readers it admitted.

    The study is asked first: where nobody calibrates, the rest is not looked at.
    """
    from grading.models.calibration import Admission  # which refers to studies

    of_study = {"study": OuterRef(f"{prefix}study")}
    no_calibration = Study.objects.filter(pk=OuterRef(f"{prefix}study"), calibration_cases=None)
    admitted = Admission.objects.filter(**of_study, user=OuterRef(f"{prefix}reader"))
    calibration = MRI.objects.filter(pk=OuterRef(f"{prefix}mri"), participant__is_calibration=True)
    return Q(Exists(no_calibration)) | Q(Exists(admitted)) | Q(Exists(calibration))


class ReadQuerySet(InReadingOrder):
    """The vocabulary for choosing reads. Every method chains."""

    def for_reader(self, user) -> Self:
        """Choose the reads of a user who is, still, a reader of the study; none of who has withdrawn."""
        return self.of_reader(user).taking_part()

    def of_reader(self, user) -> Self:
        """Choose those of for_reader, and those of who has withdrawn."""
        is_member = {"study__members__user": user, "study__members__role": "reader"}
        return self.filter(
            reader=user,
            **is_member,
            study__members__suspended_at=None,
        )

    def with_taken_out(self) -> Self:
        """Add ``taken_out_at``: since when the participant has withdrawn, and the read with them."""
        return self.annotate(taken_out_at=F("mri__participant__withdrawn_at"))

    def taking_part(self) -> Self:
        """Leave out those of participants who have withdrawn."""
        return self.filter(mri__participant__withdrawn_at=None)

    def for_comparison(self) -> Self:
        """Leave out those of participants who have withdrawn, and those by which readers calibrate."""
        return self.taking_part().filter(mri__participant__is_calibration=False)

    def open(self) -> Self:
        return self.filter(signed_off_at=None)

    def not_begun(self) -> Self:
        """Choose the reads that nobody has opened or entered anything into."""
        untouched = self.filter(status=Read.Status.ASSIGNED, opened_at=None, first_entry_at=None, last_active_at=None)
        return untouched.filter(entries=None, grades=None)

    def in_hand(self) -> Self:
        """Choose the open reads that their readers began here: the database's rule of readers per MRI counts none."""
        return self.open().filter(Q(status=Read.Status.DRAFT) | Q(opened_at__isnull=False), handed_out=True)

    def exclude_read_again(self) -> Self:
        """Leave out those whose reader has an open re-read of the scan for the feature, and is not led back before."""
        again = Read.objects.open().filter(
            occasion__gt=OuterRef("occasion"), **{name: OuterRef(name) for name in ("mri", "reader", "feature")}
        )
        return self.filter(~Exists(again))

    def imported(self) -> Self:
        """Choose the reads that a file brought in and that their readers have not had in hand here."""
        return self.filter(handed_out=False)

    def signed_off(self) -> Self:
        return self.exclude(signed_off_at=None)

    def available(self, now) -> Self:
        """Choose the reads that have come up: see has_come_up."""
        return self.filter(has_come_up(now))

    def named(self, text: str, study: Study) -> Self:
        """Choose the read with this blind code, and those whose participant, MRI or reader has a text in its name.

        Readers and the read with the code are looked up first. So PostgreSQL asks each MRI as it walks along the codes,
        and stops where a page is full; of a code, the participant is asked for, that no other's reads are looked at.
        """
        readers = list(study.members.filter(user__username__icontains=text).order_by().values_list("user", flat=True))
        of_code = Read.objects.filter(study=study, code=blind_code.as_blind_code(text)).order_by()
        named = Q(mri__code__icontains=text) | Q(mri__participant__code__icontains=text)
        if readers:
            named |= Q(reader__in=readers)
        found = of_code.values_list("pk", "mri__participant").first()
        if found is None:
            return self.filter(named)
        read, participant = found
        return self.filter(named | Q(mri__participant=participant)).filter(named | Q(pk=read))

    def for_overview(self) -> Self:
        """Fetch what a coordinator sees of reads, in a fixed number of queries."""
        reads = self.select_related("mri__participant", "reader").prefetch_related("reopenings__reopened_by")
        return reads.order_by(*OVERVIEW_ORDER)

    def reading_lists_of(self, study: Study) -> Self:
        """Choose what the readers of a study read or have read, reader by reader, each in their order."""
        reads = self.filter(study=study).taking_part().select_related("mri__participant", "reader")
        return reads.order_by("reader__username", F("position").asc(nulls_last=True), "id")

    def reopened(self) -> Self:
        """Choose the open reads that a coordinator opened again."""
        return self.open().with_reopening().filter(is_reopened=True)

    def with_reopening(self) -> Self:
        """Add ``is_reopened``: whether a coordinator opened the read again."""
        from grading.models.reopening import Reopening  # which refers to reads

        by_coordinator = Reopening.objects.filter(read=OuterRef("pk"), kind=Reopening.Kind.REOPENED)
        return self.annotate(is_reopened=Exists(by_coordinator))

    def with_progress(self) -> Self:
        """Add ``graded``: how many muscles carry a grade. Counted read by read, so that a page counts its own alone."""
        from grading.models.grade import Grade  # which refers to reads

        grades = Grade.objects.filter(read=OuterRef("pk"), study=OuterRef("study")).order_by()
        counted = grades.values("read").annotate(number=Count("*")).values("number")
        return self.annotate(graded=Coalesce(Subquery(counted), 0))


class Read(models.Model):
    """One reader's pass over one MRI for one feature: assigned, then draft, then signed off.

    A re-read is a new read with the next occasion; the first stays.
    """

    class Feature(models.TextChoices):
        EDEMA = scale.EDEMA, scale.FEATURE_NAMES[scale.EDEMA]
        FAT = scale.FAT, scale.FEATURE_NAMES[scale.FAT]

    class Sequence(models.TextChoices):
        STIR = scale.STIR
        T1W = scale.T1W
        T2FS = scale.T2FS

    class Status(models.TextChoices):
        ASSIGNED = scale.ASSIGNED, "assigned"
        DRAFT = scale.DRAFT, "draft"
        SIGNED_OFF = scale.SIGNED_OFF, "signed off"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: the unique keys begin with it.
    study = models.ForeignKey(Study, on_delete=models.PROTECT, db_index=False, related_name="reads")
    mri = models.ForeignKey(MRI, on_delete=models.PROTECT, related_name="reads")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads")
    # Always "reader": with it the database can refuse a read by, or an unblinding promotion of, anybody else.
    reader_role = models.GeneratedField(
        expression=models.Value("reader"), output_field=models.CharField(max_length=12), db_persist=True
    )
    feature = models.CharField(max_length=5, choices=Feature, default=Feature.EDEMA)
    sequence = models.CharField(max_length=4, choices=Sequence, default=Sequence.STIR)
    pairing_confirmed = models.BooleanField(
        default=False, help_text="The reader confirmed an unusual pairing of feature and sequence."
    )
    assigned_for = models.CharField(
        max_length=5,
        blank=True,
        editable=False,
        default="",
        db_default="",
        help_text="The feature that it was assigned for, which its reader may have changed. Empty where a file brought "
        "the read in.",
    )
    occasion = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(null=True, blank=True, help_text="Place in the reader's order.")
    code = models.CharField(
        "blind code",
        max_length=blind_code.MAX_LENGTH,
        editable=False,
        db_default="",
        help_text="Names the read to its reader. PostgreSQL draws it when the read is made, and never changes it.",
    )
    code_in_file = models.CharField(
        max_length=blind_code.MAX_LENGTH,
        editable=False,
        db_default="",
        help_text="What the file that brought the read in called it, where that code was taken here.",
    )
    comment = models.TextField(blank=True, max_length=MAX_COMMENT_LENGTH)

    status = models.CharField(max_length=10, choices=Status, default=Status.ASSIGNED)
    available_at = models.DateTimeField(null=True, blank=True, help_text="A re-read comes up after its wash-out.")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    first_entry_at = models.DateTimeField(null=True, blank=True)
    last_entry_at = models.DateTimeField(null=True, blank=True)
    last_active_at = models.DateTimeField(null=True, blank=True, help_text="When the reader was last seen at it.")
    active_seconds = models.FloatField(
        default=0,
        null=True,
        blank=True,
        help_text="Reading time: pauses of over two minutes left out. Empty: unmeasured.",
    )
    imported_at = models.DateTimeField(
        null=True, blank=True, help_text="When a file brought the read in. Never set or changed afterwards."
    )
    handed_out = models.BooleanField(
        default=True,
        editable=False,
        help_text="Its reader got it on this site: assigned, opened or reopened. No file changes it from then on.",
    )
    signed_off_at = models.DateTimeField(null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sign_off_meaning = models.CharField(max_length=400, blank=True)
    signature = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of what was signed. Only PostgreSQL writes it."
    )

    objects = ReadQuerySet.as_manager()

    graded: int  # with_progress adds it
    is_reopened: bool  # with_reopening adds it
    taken_out_at: datetime | None  # with_taken_out adds it

    class Meta:
        ordering = ("study", "reader", F("position").asc(nulls_last=True))
        indexes = [
            # None holds a column that each save writes: the row would be entered in every index anew. Only the first
            # save of a read makes it a draft, of which read_begun holds few.
            # A reader's order, also of those without a place.
            models.Index(name="read_in_order", fields=["study", "reader", "position", "id"]),
            # Of those that are to be signed off, which become few; of those that are, by when they were.
            models.Index(
                name="read_open", fields=["study", "reader", "position", "id"], condition=Q(signed_off_at__isnull=True)
            ),
            models.Index(name="read_begun", fields=["study", "reader"], condition=Q(status="draft")),
            models.Index(
                name="read_signed_off",
                fields=["study", "reader", "signed_off_at"],
                include=["mri", "handed_out"],
                condition=Q(signed_off_at__isnull=False),
            ),
            models.Index(name="read_again", fields=["study", "reader"], condition=IS_NO_FIRST),
        ]
        constraints = [
            models.UniqueConstraint(name="read_of_study", fields=["study", "id"]),
            models.UniqueConstraint(
                name="read_once_per_mri_reader_feature_occasion",
                fields=["mri", "reader", "feature", "occasion"],
                violation_error_message="You already have a read of this MRI for this feature.",
            ),
            models.UniqueConstraint(
                name="read_position_per_reader",
                fields=["study", "reader", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(name="read_code_once_per_study", fields=["study", "code"]),
            models.CheckConstraint(name="read_code", condition=Q(code__regex=blind_code.PATTERN)),
            models.CheckConstraint(name="read_feature", condition=Q(feature__in=list(scale.FEATURES))),
            models.CheckConstraint(name="read_assigned_for", condition=Q(assigned_for__in=["", *scale.FEATURES])),
            models.CheckConstraint(name="read_sequence", condition=Q(sequence__in=list(scale.SEQUENCES))),
            models.CheckConstraint(
                name="read_usual_pairing_or_confirmed",
                condition=Q(feature="edema", sequence__in=["STIR", "T2FS"])
                | Q(feature="fat", sequence="T1W")
                | Q(pairing_confirmed=True),
                violation_error_message="Edema is read on STIR or T2FS, fat on T1W; confirm another pairing.",
            ),
            models.CheckConstraint(name="read_occasion_from_1", condition=Q(occasion__gte=1)),
            models.CheckConstraint(name="read_position_from_1", condition=Q(position=None) | Q(position__gte=1)),
            models.CheckConstraint(name="read_status", condition=Q(status__in=list(scale.STATUSES))),
            models.CheckConstraint(
                name="read_sign_off_is_whole",
                condition=Q(status="signed_off", signed_off_at__isnull=False, signed_off_by__isnull=False)
                & ~Q(sign_off_meaning="")
                | ~Q(status="signed_off") & Q(signed_off_at=None, signed_off_by=None, sign_off_meaning=""),
            ),
            models.CheckConstraint(
                name="read_signature_of_a_sign_off",
                condition=Q(status="signed_off", signature__regex="^[0-9a-f]{64}$")
                | ~Q(status="signed_off") & Q(signature=""),
            ),
            models.CheckConstraint(
                name="read_is_handed_out_or_imported", condition=Q(handed_out=True) | Q(imported_at__isnull=False)
            ),
            models.CheckConstraint(name="read_active_seconds_from_0", condition=Q(active_seconds__gte=0)),
            models.CheckConstraint(
                name="read_times_from_1990",
                condition=~(
                    Q(opened_at__lt=EARLIEST)
                    | Q(first_entry_at__lt=EARLIEST)
                    | Q(last_entry_at__lt=EARLIEST)
                    | Q(signed_off_at__lt=EARLIEST)
                ),
            ),
            models.CheckConstraint(
                name="read_times_in_order",
                condition=~(Q(signed_off_at__lt=F("opened_at")) | Q(last_entry_at__lt=F("first_entry_at"))),
            ),
            models.CheckConstraint(
                name="read_signed_off_by_its_reader",
                condition=Q(signed_off_by=None) | Q(signed_off_by=F("reader")),
            ),
        ]

    def __str__(self):
        return f"read {self.id}"

    @property
    def is_signed_off(self) -> bool:
        return self.status == self.Status.SIGNED_OFF

    @property
    def is_imported(self) -> bool:
        """Say whether a file brought the read in and its reader has not had it in hand here."""
        return not self.handed_out

    @property
    def takes_entries(self) -> bool:
        """Say whether the reader may still change the read."""
        return not self.is_signed_off and not self.study.is_locked

    @property
    def has_usual_pairing(self) -> bool:
        return scale.is_usual_pairing(self.feature, self.sequence)

    def ungraded_cells(self) -> list[Cell]:
        """List what still needs a grade, in the paper's order."""
        graded = set(self.grades.values_list("muscle", "side"))
        return [cell for cell in self.study.cells if cell not in graded]
