"""The flow of participants and reads from registration to a comparison (STROBE, item 13), group by group.

A step is reached by who and what passed every stage of `inclusion` before it; what the stages stop adds up to the
difference between two steps. Nobody is counted twice: a participant is left out where the furthest of its reads is.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.stats.inclusion import STAGES, Stages, stages
from analysis.stats.question import Question
from analysis.stats.result_types.described import Count, FlowStep, LeftOutBefore, StepName

# Each step with the last stage that has to be passed on the way to it.
_LAST_STAGE: dict[StepName, str] = {
    "with_mri": "no_mri",
    "given_to_readers": "later_mri",
    "signed_off": "not_signed_off",
    "compared": STAGES[-1],
}


def flow(
    participants: pd.DataFrame, reads: pd.DataFrame, question: Question, found: Stages | None = None
) -> list[FlowStep]:
    """Count who and what came to each step, and why the others did not.

    registered: every participant of the study but for calibration, and their reads. with_mri: they take part, are of
    the groups and the subgroup asked for, and have an MRI. given_to_readers: the first MRI was given to a reader.
    signed_off: a read of it was signed off. compared: as `inclusion` counts them.

    Args:
        participants, reads: the tables of `roster.Roster`.
        found: what ``stages`` gives of these, where that is known already.
    """
    codes = (question.compared, question.reference)
    groups = [{code: (table["group"] == code).to_numpy() for code in codes} for table in (participants, reads)]
    tables = tuple(zip(groups, found or stages(participants, reads, question), strict=True))
    steps: list[FlowStep] = [_step("registered", tables, 0, 0)]
    first = 0
    for name, last_stage in _LAST_STAGE.items():
        end = STAGES.index(last_stage) + 1
        steps.append(_step(name, tables, first, end))
        first = end
    return steps


def count(rows: np.ndarray, groups: Mapping[str, np.ndarray]) -> Count:
    """Count rows, given as true and false, in all and of each group, given likewise."""
    return {"total": int(rows.sum()), "by_group": {code: int((rows & own).sum()) for code, own in groups.items()}}


_Tables = tuple[tuple[Mapping[str, np.ndarray], np.ndarray], ...]  # of participants and of reads: groups and stages


def _step(name: StepName, tables: _Tables, first: int, end: int) -> FlowStep:
    """Count what passed the stages before ``end``, and what each of those from ``first`` on stopped."""
    participants, reads = (count(stage >= end, groups) for groups, stage in tables)
    left_out = [found for place in range(first, end) if (found := _left_out(tables, place))]
    return {"step": name, "participants": participants, "reads": reads, "left_out": left_out}


def _left_out(tables: _Tables, place: int) -> LeftOutBefore | None:
    participants, reads = (count(stage == place, groups) for groups, stage in tables)
    if not (participants["total"] or reads["total"]):
        return None
    return {"reason": STAGES[place], "participants": participants, "reads": reads}
