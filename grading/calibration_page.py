"""How near each reader of a study came to the reference, as those see it who look after the study."""

from collections import defaultdict
from dataclasses import dataclass

from grading.models import Admission, Member, Read, Study
from grading.models.calibration import Agreement, running_agreement
from grading.scale import FEATURE_NAMES

WIDTH, HEIGHT = 120, 40  # of a curve, in pixels


def height_of(icc: float) -> int:
    """Place an ICC in the drawing, in pixels from above: 1 at the top, 0 and less at the bottom."""
    return round((1 - max(icc, 0)) * (HEIGHT - 4)) + 2


@dataclass(frozen=True)
class Curve:
    """One reader's agreement with the reference for one feature, case by case."""

    feature: str
    points: tuple[Agreement, ...]
    target: int  # where the ICC that the study asks for lies in the drawing, in pixels from above
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def last(self) -> Agreement:
        return self.points[-1]

    @property
    def line(self) -> str:
        """Write the ICC after each case as the points of an SVG's polyline, without those where there is none."""
        step = self.width / max(len(self.points) - 1, 1)
        known = [(place * step, each.icc) for place, each in enumerate(self.points) if each.icc is not None]
        return " ".join(f"{x:.0f},{height_of(icc)}" for x, icc in known)


@dataclass(frozen=True)
class Calibrating:
    """One reader: how many calibration cases they have, how near they came, and since when the others are open."""

    member: Member
    given: int
    signed_off: int
    curves: tuple[Curve, ...]
    admission: Admission | None


def calibrating_readers(study: Study) -> list[Calibrating]:
    """List a study's readers: as many queries however many readers and cases there are."""
    target = height_of(study.calibration_icc)
    curves: dict[int, dict[str, list[Agreement]]] = defaultdict(lambda: defaultdict(list))
    for point in running_agreement(study.pk):
        curves[point.reader][point.feature].append(point)
    admissions = {each.user_id: each for each in study.admissions.select_related("by")}
    cases: dict[int, list[bool]] = defaultdict(list)
    reads = Read.objects.filter(study=study, mri__participant__is_calibration=True)
    for reader, status in reads.values_list("reader", "status"):
        cases[reader].append(status == Read.Status.SIGNED_OFF)
    readers = study.members.filter(role=Member.Role.READER).select_related("user").order_by("user__username")
    return [
        Calibrating(
            member,
            len(cases[member.user_id]),
            sum(cases[member.user_id]),
            tuple(Curve(FEATURE_NAMES[name], tuple(points), target) for name, points in curves[member.user_id].items()),
            admissions.get(member.user_id),
        )
        for member in readers
    ]
