"""Starting values for a plan from reads that are there. They look at no group.

Level and variances are those of grades, which are whole and end at 0 and 3, and are taken for those of the latent
value: a beginning, no truth. Differences between groups are within the variance of participants, which therefore is
rather too large than too small, and so is a study that is planned by it.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.stats.agreement.mixed_icc import mixed_icc
from analysis.stats.agreement.units import unit_grades
from analysis.stats.planning.setting import Setting
from grading.anatomy import MUSCLE_CODES

DECIMALS = 2
_LEAST = 5  # participants with a grade of the muscle, below which nothing is offered


def estimated(frame: pd.DataFrame, setting: Setting) -> dict[str, Setting]:
    """Put what is estimated of each muscle into a setting: by the muscle's code, of those that allow it.

    Args:
        frame: columns as `canonical.FRAME_COLUMNS`.
        setting: that keeps all that is not estimated, such as the difference.
    """
    grades = unit_grades(frame).first  # participants, muscles, …, readers
    found = {code: _of_muscle(grades[:, place], setting) for place, code in enumerate(MUSCLE_CODES)}
    return {code: one for code, one in found.items() if one is not None}


def _of_muscle(grades: np.ndarray, setting: Setting) -> Setting | None:
    graded = ~np.isnan(grades)
    if graded.any(axis=tuple(range(1, grades.ndim))).sum() < _LEAST:
        return None
    units = grades.reshape(-1, grades.shape[-1])
    units = units[~np.isnan(units).all(axis=1)]
    components = mixed_icc(grades.reshape(len(grades), -1, grades.shape[-1]))
    if components.unit is None or components.reader is None or components.residual is None:
        return None
    between, reader, residual = (
        round(float(variance) ** 0.5, DECIMALS)
        for variance in (components.unit, components.reader, components.residual)
    )
    if between == residual == 0:  # so little varies that no plan can be made of it
        return None
    return replace(
        setting,
        readers=min(units.shape[1], 10),
        missing=min(round(float(np.isnan(units).mean()), DECIMALS), 0.9),
        level=round(float(units[~np.isnan(units)].mean()), DECIMALS),
        participant=between,
        reader=reader,
        side=0.0,
        residual=residual,
    )
