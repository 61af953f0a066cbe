"""Adjudication: where first reads of one MRI differ, and what an adjudicator, or its readers together, decided."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from grading import blind_code, scale
from grading.anatomy import MUSCLE_CODES, SIDES, Cell
from grading.limits import MAX_REASON_LENGTH
from grading.models.member import Member
from grading.models.mri import MRI
from grading.models.read import Read
from grading.models.study import Study
from grading.models.trail import TrailRecord
from thighsite.limiting import limiting_to


class AdjudicationCaseQuerySet(models.QuerySet):
    """The vocabulary for choosing cases for adjudication. Every method chains."""

    def for_member(self, user) -> Self:
        """Choose those of who takes part that a user may meet: an adjudicator, or where they decide, a reader.

        Of a reader's, those that others have read alone are still among them.
        """
        members = Member.objects.not_suspended().filter(user=user)
        adjudicates = Q(study__in=members.filter(role=Member.Role.ADJUDICATOR).values("study"))
        reads = Q(study__in=members.filter(role=Member.Role.READER).values("study"))
        by_consensus = Q(study__by_consensus=True)
        mine = (adjudicates & ~by_consensus) | (reads & by_consensus)
        return self.filter(mine, mri__participant__withdrawn_at=None).select_related("study")

    def shown_to_readers(self) -> Self:
        """Choose those whose readers may have seen what others graded, also before the study had an adjudicator."""
        ended = TrailRecord.objects.filter(
            table=Study._meta.db_table,
            key=Cast(OuterRef("study"), models.TextField()),
            read=None,  # as the index of rows has it
            before__by_consensus=True,
            at__gte=OuterRef("drawn_at"),
        )
        decided = Q(adjudications__how=Adjudication.How.CONSENSUS)
        return self.filter(Q(study__by_consensus=True) | decided | Q(Exists(ended)))


class AdjudicationCase(models.Model):
    """An MRI and feature as adjudicators meet it: under a code of its own, its readers in an order that was drawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="adjudication_cases")
    mri = models.ForeignKey(MRI, verbose_name="MRI", on_delete=models.PROTECT, related_name="adjudication_cases")
    feature = models.CharField(max_length=5, choices=Read.Feature)
    code = models.CharField(
        max_length=blind_code.MAX_LENGTH,
        editable=False,
        db_default="",
        help_text="Names the case to adjudicators. PostgreSQL draws it when the case is made.",
    )
    readers = models.JSONField(help_text="The numbers of their accounts: the first is Reader A.")
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AdjudicationCaseQuerySet.as_manager()

    class Meta:
        ordering = ("study", "code")
        constraints = [
            models.UniqueConstraint(name="adjudication_case_once", fields=["mri", "feature"]),
            models.UniqueConstraint(name="adjudication_case_code_once", fields=["study", "code"]),
            models.CheckConstraint(name="adjudication_case_feature", condition=Q(feature__in=list(scale.FEATURES))),
            models.CheckConstraint(name="adjudication_case_code", condition=Q(code__regex=blind_code.PATTERN)),
        ]

    def __str__(self):
        return f"adjudication case {self.code}"


class Adjudication(models.Model):
    """What was decided for one muscle, and why. The reads stay as they are; of several the last counts.

    One that was wrong is kept, and another corrects it: by whoever decides in the study now, which need not be whoever
    decided then.
    """

    class How(models.TextChoices):
        ADJUDICATOR = "adjudicator"
        CONSENSUS = "consensus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="adjudications")
    case = models.ForeignKey(AdjudicationCase, on_delete=models.PROTECT, related_name="adjudications")
    muscle = models.CharField(max_length=4)
    side = models.CharField(max_length=5)
    number = models.PositiveSmallIntegerField(
        help_text="From 1. Another follows where the reads changed since, or as a correction."
    )
    score = models.PositiveSmallIntegerField(null=True)
    not_assessable = models.BooleanField(default=False)
    reason = models.CharField(max_length=MAX_REASON_LENGTH)
    grades = models.JSONField(help_text="What was decided between: the score of each read, null for not assessable.")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adjudications")

    how = models.CharField(max_length=11, choices=How, default=How.ADJUDICATOR, db_default=How.ADJUDICATOR)
    present = models.JSONField(
        null=True, help_text="Of a consensus: the numbers of the accounts of all who decided, in their order."
    )
    corrects = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="correction",
        help_text="The decision that stood and was wrong. It is kept, and counts no more.",
    )

    class Meta:
        ordering = ("case", "muscle", "side", "number")
        constraints = [
            models.UniqueConstraint(name="adjudication_number_once", fields=["case", "muscle", "side", "number"]),
            models.CheckConstraint(name="adjudication_number_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(name="adjudication_muscle", condition=Q(muscle__in=list(MUSCLE_CODES))),
            models.CheckConstraint(name="adjudication_side", condition=Q(side__in=list(SIDES))),
            models.CheckConstraint(name="adjudication_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="adjudication_score_or_not_assessable",
                condition=Q(score__isnull=False, score__in=list(scale.SCORES), not_assessable=False)
                | Q(score=None, not_assessable=True),
            ),
            models.CheckConstraint(
                name="adjudication_consensus_names_who_is_present",
                condition=Q(how="adjudicator", present=None) | Q(how="consensus", present__isnull=False),
            ),
        ]

    def __str__(self):
        return f"decision {self.number} on {self.muscle} ({self.side})"

    def corrected(self, known: Mapping[UUID, Self]) -> list[Self]:
        """List the decisions that this one corrects, the first first, of those that are ``known`` by their key."""
        found: list[Self] = []
        while (key := (found[0] if found else self).corrects_id) is not None and key in known:
            found.insert(0, known[key])
        return found


@dataclass(frozen=True)
class Discrepancy:
    """One muscle for which the first reads of an MRI differ by what the study sends to adjudication.

    ``grades`` are the scores by the id of the read, None for not assessable. It is ``settled`` where the last decision
    was between these very grades; it ``waits`` while another first read of the MRI is open. Where the study's readers
    decide together, ``together`` are the accounts of those who would, and it waits for every read of the MRI, and until
    nobody takes a sign-off back any more: who decides sees what others graded.
    """

    mri: UUID
    feature: str
    muscle: str
    side: str
    grades: dict[str, int | None]
    readers: dict[str, int]
    settled: UUID | None
    waits: bool
    together: list[int] | None

    @property
    def cell(self) -> Cell:
        return Cell(self.muscle, self.side)


def discrepancies(study_id: UUID) -> list[Discrepancy]:
    """Fetch a study's discrepancies as the reads are now, settled ones included, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mri_id, feature, muscle, side, grades::text, readers::text, settled, waits, "
            "together::text "
            "FROM grading_discrepancies(%s)",
            [study_id],
        )
        return [
            Discrepancy(
                *(mri, feature, muscle, side, json.loads(grades), json.loads(readers), settled, waits),
                json.loads(together) if together else None,
            )
            for mri, feature, muscle, side, grades, readers, settled, waits, together in cursor.fetchall()
        ]


def discrepancies_of(case: AdjudicationCase) -> list[Discrepancy]:
    """Fetch the discrepancies of one case, as ``discrepancies`` does."""
    of_case = (case.mri_id, case.feature)
    return [each for each in discrepancies(case.study_id) if (each.mri, each.feature) == of_case]


def reading_again(study: Study) -> set[int]:
    """Find who has re-reads to do, come up or not, of any study site, where readers decide together; else nobody.

    Until these are done nobody looks at grades of theirs.
    """
    if not study.by_consensus:
        return set()
    with limiting_to(None):
        rereads = Read.objects.filter(study=study, occasion__gt=1).open().taking_part().order_by()
        return set(rereads.values_list("reader", flat=True))


def standing(study_id: UUID) -> list[tuple[Discrepancy, int | None]]:
    """Fetch what is decided as the reads are now, in two queries: discrepancies, each with the score that stands.

    A decision between other grades than the reads have by now, or that the study's rule no longer asks for, is none.
    """
    settled = {each.settled: each for each in discrepancies(study_id) if each.settled}
    scores = dict(Adjudication.objects.filter(pk__in=settled).values_list("pk", "score"))
    return [(each, scores[decision]) for decision, each in settled.items()]
