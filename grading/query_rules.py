"""Which grades the site proposes to ask readers about, by rules that know no group."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from grading.models import Grade, Query, Read, Study
from grading.models.read import ReadQuerySet
from grading.scale import EDEMA, T1W

FELL, ONE_GRADE, EDEMA_ON_T1W = Query.Rule.FELL, Query.Rule.ONE_GRADE, Query.Rule.EDEMA_ON_T1W
MOST = 100  # of each rule at once: the others come up when these are dealt with
# What readers are asked: nothing that tells which scans are of one participant.
QUESTIONS = {
    FELL: "Please look at {where} again: is the grade as you mean it?",
    ONE_GRADE: "All muscles of this case have one grade. Please look again: is that as you mean it?",
    EDEMA_ON_T1W: "Edema was read on T1W. Is the sequence as you mean it?",
}


@dataclass(frozen=True)
class Proposal:
    """A question that the site proposes: about which read, by which rule and why."""

    read: UUID
    code: str
    reader: str
    participant: str
    mri: str
    muscle: str
    side: str
    rule: str
    grade: int | None = None

    @property
    def where(self) -> str:
        return Query(muscle=self.muscle, side=self.side).where

    @property
    def cell(self) -> str:
        """Name the cell as the form that asks does."""
        return f"{self.muscle} {self.side}".strip()

    @property
    def because(self) -> str:
        said = Query.Rule(self.rule).label
        return f"{said}: {self.grade}" if self.rule == ONE_GRADE else said


def proposals(study: Study) -> list[Proposal]:
    """List what nobody has asked or dismissed yet, of each rule MOST at most; as many queries as there are rules."""
    return [*_fell(study), *_one_grade(study), *_edema_on_t1w(study)]


def _to_ask_of(study: Study) -> ReadQuerySet:
    """Choose the signed-off reads that readers can be asked about: as why_not_asked has it."""
    reads = Read.objects.filter(study=study, handed_out=True).signed_off().for_comparison()
    return reads.exclude_read_again().select_related("mri__participant", "reader")


def _not_dealt_with(study: Study, rule: str) -> ReadQuerySet:
    """Choose those of them that nobody has asked about by a rule, or dismissed, since their sign-off."""
    known = Query.objects.filter(read=OuterRef("pk"), signed_off_at=OuterRef("signed_off_at"), rule=rule)
    return _to_ask_of(study).filter(~Exists(known))


def _fell(study: Study) -> list[Proposal]:
    """Find muscles with a 0 that the same reader had graded 3 at an earlier MRI of the participant."""
    same = ("read__reader", "read__feature", "read__mri__participant", "muscle", "side")
    earlier = Grade.objects.filter(
        score=3,
        read__signed_off_at__isnull=False,
        read__mri__days_since_first_mri__lt=OuterRef("read__mri__days_since_first_mri"),
        **{name: OuterRef(name) for name in same},
    )
    known = Query.objects.filter(
        read=OuterRef("read"),
        signed_off_at=OuterRef("read__signed_off_at"),
        rule=FELL,
        muscle=OuterRef("muscle"),
        side=OuterRef("side"),
    )
    grades = Grade.objects.filter(score=0, read__in=_to_ask_of(study).values("pk")).filter(
        Exists(earlier), ~Exists(known)
    )
    grades = grades.select_related("read__mri__participant", "read__reader")
    ordered = grades.order_by("read__code", "muscle", "side")[:MOST]
    return [_of(grade.read, FELL, grade.muscle, grade.side) for grade in ordered]


def _one_grade(study: Study) -> list[Proposal]:
    """Find reads in which every muscle has a score, and all the same."""
    reads = _not_dealt_with(study, ONE_GRADE).annotate(
        scores=Count("grades__score"), kinds=Count("grades__score", distinct=True)
    )
    chosen = reads.filter(scores=len(study.cells), kinds=1).order_by("code")[:MOST]
    score = dict(Grade.objects.filter(read__in=[read.pk for read in chosen]).values_list("read", "score"))
    return [_of(read, ONE_GRADE, grade=score[read.pk]) for read in chosen]


def _edema_on_t1w(study: Study) -> list[Proposal]:
    reads = _not_dealt_with(study, EDEMA_ON_T1W).filter(feature=EDEMA, sequence=T1W)
    return [_of(read, EDEMA_ON_T1W) for read in reads.order_by("code")[:MOST]]


def _of(read: Read, rule: str, muscle: str = "", side: str = "", grade: int | None = None) -> Proposal:
    scan = read.mri
    names = (read.code, read.reader.get_username(), scan.participant.code, scan.code)
    return Proposal(read.pk, *names, muscle, side, str(rule), grade)
