"""Everything that the agreement page says of one frame, as one object of plain values that can be stored."""

from typing import Any

import pandas as pd

from analysis.stats.agreement.disagreement import disagreement
from analysis.stats.agreement.inter_reader import agreement, as_json


def answer(frame: pd.DataFrame, study: str) -> dict[str, Any]:
    """``agreement`` as ``manage.py agreement --format json`` prints it, and ``disagreement`` for the map."""
    return {"agreement": as_json(agreement(frame), study=study), "disagreement": disagreement(frame)}
