"""Drawn scans for the demo's MRIs, which show the edema and fat that the demo's readers found in them."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from grading.demo.calibration import SLUG
from grading.demo.load import DEMO_STUDIES, demo_file
from grading.models import MRI, Member
from grading.scale import NOT_ASSESSABLE
from grading.services.stacks import approve_stack, store_stack
from thighsite.jobs.kinds import job_kind
from thighsite.jobs.progress import Progress
from thighsite.jobs.starting import start_job

if TYPE_CHECKING:
    from grading.demo.drawn_stacks import DrawnStacks


def start_drawing(by: Any) -> None:
    """Have a worker draw the scans that the demo's MRIs lack, in the background. Nothing where none lacks any."""
    if first := _without_scans(_graded()).first():
        start_job(draw_scans, study=first.study, by=by, key="draw-demo-scans")


@job_kind("draw-demo-scans", title="Drawings for the demo's MRIs", roles=[Member.Role.COORDINATOR])
def draw_scans(progress: Progress) -> dict[str, int]:
    """Draw first and store then: what is stored locks the studies, and readers are not to wait for a drawing."""
    from grading.demo.drawn_stacks import draw_stacks  # here: neither demo nor worker starts with numpy

    graded = _graded()
    without = list(_without_scans(graded))
    codes = sorted({mri.code for mri in without})
    drawn: dict[str, DrawnStacks] = {}
    for number, code in enumerate(codes):
        progress(number, len(codes), f"drawing {code}")
        drawn[code] = draw_stacks(graded[code], seed=number)
    for number, mri in enumerate(without):
        progress(number, len(without), "storing the drawings")
        _store(mri, drawn[mri.code], by=progress.job.started_by)
    return {"mris": len(without)}


def _without_scans(codes: Iterable[str]) -> QuerySet[MRI]:
    demos = [*(demo.slug for demo in DEMO_STUDIES), SLUG]
    mris = MRI.objects.filter(study__slug__in=demos, study__locked_at=None, stacks=None, code__in=codes)
    return mris.select_related("study").order_by("study__slug", "code")


def _graded() -> dict[str, dict[tuple[str, str], dict[str, int | str]]]:
    """Read what the demo's readers graded: by MRI, then feature and sequence, each muscle's most frequent grade."""
    found: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(Counter)))
    for row in csv.DictReader(demo_file("grades.csv").decode().splitlines()):
        grade = NOT_ASSESSABLE if row["not_assessable"] == "true" else int(row["score"])
        found[row["mri"]][row["feature"], row["sequence"]][row["muscle"]][grade] += 1
    return {
        mri: {
            read_for: {muscle: grades.most_common(1)[0][0] for muscle, grades in muscles.items()}
            for read_for, muscles in reads.items()
        }
        for mri, reads in found.items()
    }


def _store(mri: MRI, drawn: "DrawnStacks", *, by: Any) -> None:
    for sequence, (manifest, slices) in drawn.items():
        stack = store_stack(mri=mri, manifest=manifest, slices=slices, sequence=sequence, by=by, is_drawing=True)
        approve_stack(stack=stack, sequence=sequence, by=by)
