"""Each reader against adjudicated and reference grades, computed once for all who ask."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import pandas as pd

from analysis.services.result_cache import cached_result
from analysis.stats.agreement.against import against
from analysis.stats.result_types import AgainstEntry
from analysis.study_data.settled import SettledGrades
from grading.models import Study


def live_against(
    study: Study, within: Callable[[pd.DataFrame], pd.DataFrame], restriction: str, *, may_compute: bool
) -> list[AgainstEntry]:
    """Hold each reader against the decisions and reference grades of this moment; nothing where there are none.

    It is apart from the agreement between readers, which a decision changes nothing of.

    Args:
        within: leaves out the rows that are not asked about.
        restriction: text that tells ``within`` from every other.

    Raises:
        BeingComputed: as ``results.live_comparison``.
    """
    settled = SettledGrades.of(study)
    if not settled.are_there:
        return []

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        return {"against": against(within(frame), settled.decisions, within(settled.calibration))}

    key = " ".join(["against", settled.key, restriction])
    return cast(list[AgainstEntry], cached_result(study, key, compute if may_compute else None).content["against"])
