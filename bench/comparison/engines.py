"""The engines beside ours: R's mixed models and statsmodels' MixedLM."""

import json
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.regression.mixed_linear_model import MixedLM

from analysis.stats.frame.analysis_sets import assessed
from bench.comparison.cohorts import GROUPS
from bench.comparison.timing import PATIENCE

_SCRIPT = Path(__file__).parent / "lmer.R"
_CLMM = Path(__file__).parent / "clmm.R"
_PACKAGES = ("lme4", "lmerTest", "pbkrtest", "ordinal", "jsonlite")

Answers = dict[str, tuple[float, float, float | None]]  # for each muscle: estimate, standard error, degrees of freedom


def why_no_r() -> str:
    """What R lacks to be measured; empty where nothing."""
    if not shutil.which("Rscript"):
        return "Rscript is not on the PATH"
    needed = ", ".join(f'"{name}"' for name in _PACKAGES)
    check = f"quit(status = !all(sapply(c({needed}), requireNamespace, quietly = TRUE)))"
    if subprocess.run(["Rscript", "-e", check], capture_output=True, check=False).returncode:
        return f"R lacks one of the packages {', '.join(_PACKAGES)}"
    return ""


def r_says(frame: pd.DataFrame, *, repetitions: int, with_pbkrtest: bool) -> dict[str, Any]:
    """What lmer.R prints of a frame: seconds, answers and versions."""
    return _said(_SCRIPT, frame, repetitions, int(with_pbkrtest))


def clmm_says(frame: pd.DataFrame, *, repetitions: int) -> dict[str, Any]:
    """What clmm.R prints of a frame: seconds, version, and by muscle its answer, null where it warns or fails."""
    return _said(_CLMM, frame, repetitions)


def _said(script: Path, frame: pd.DataFrame, repetitions: int, *arguments: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        grades = Path(folder) / "grades.csv"
        assessed(frame)[["participant", "group", "reader", "muscle", "score"]].to_csv(grades, index=False)
        command = ["Rscript", script, grades, str(repetitions), str(PATIENCE), *map(str, arguments)]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)


def r_answers(said: list[dict[str, Any]]) -> Answers:
    return {one["muscle"]: (one["estimate"], one["se"], one.get("df")) for one in said}


def muscle_designs(frame: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Each muscle's scores, design (intercept, group, readers) and participants, as MixedLM wants them."""
    designs = []
    for _, rows in assessed(frame).groupby("muscle", observed=True):
        readers = pd.get_dummies(rows["reader"], drop_first=True, dtype=float).to_numpy()
        X = np.column_stack([np.ones(len(rows)), rows["group"] == GROUPS[1], readers]).astype(float)
        designs.append((rows["score"].to_numpy(), X, rows["participant"].cat.codes.to_numpy()))
    return designs


def statsmodels_fits(designs: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> int:
    """Fit every muscle's model with statsmodels' defaults. Returns how many converged."""
    converged = 0
    for y, X, participant in designs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                converged += MixedLM(y, X, groups=participant).fit().converged
            except np.linalg.LinAlgError:
                continue
    return converged
