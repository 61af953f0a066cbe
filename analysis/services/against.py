"""Each reader against adjudicated and reference grades, computed once for all who ask."""

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

from analysis.services.asked_agreement import AskedAgreement
from analysis.services.beside import hashed
from analysis.services.result_cache import cached_result
from analysis.stats.agreement.against import against
from analysis.stats.result_types import AgainstEntry
from analysis.study_data.settled import SettledGrades


def live_against(asked: AskedAgreement, *, may_compute: bool) -> list[AgainstEntry]:
    """Hold each reader against the decisions and reference grades of this moment; nothing where there are none.

    It is apart from the agreement between readers, which a decision changes nothing of.

    Args:
        asked: leaves out the rows that are not asked about.

    Raises:
        BeingComputed: as ``results.live_comparison``.
    """
    settled = SettledGrades.of(asked.study)
    if not settled.are_there:
        return []

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        return {"against": against(asked.within(frame), settled.decisions, asked.within(settled.calibration))}

    key = " ".join(["against", hashed(settled.decisions), hashed(settled.calibration), asked.restriction])
    found = cached_result(asked.study, key, compute if may_compute else None)
    return cast(list[AgainstEntry], found.content["against"])
