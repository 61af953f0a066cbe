"""Bundles of the reference cohorts, and the programs in them, run as a stranger would run them."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from analysis.bundle import Contents, bundle
from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariates, in_order
from analysis.stats.frame.analysis_sets import analysis_set, assessed, two_groups
from analysis.stats.pattern_score_json import pattern_score_result
from tests.analysis.stats.comparison_frames import compare, cut
from tests.analysis.words.paper.papers import findings_of
from tests.reference_cohorts import FOLDER, reference_frame

FIGURES = {"boxplots": '<svg xmlns="http://www.w3.org/2000/svg"/>\n'}
_GRADE = ["participant", "mri", "reader", "occasion", "feature", "muscle", "side"]


def contents_of(
    frame: pd.DataFrame,
    name: str = "all",
    model: str = "per-muscle",
    covariates: Covariates | None = None,
    **known,
) -> Contents:
    """The bundle's contents of one analysis set of a frame with the groups IMNM and DM."""
    findings = findings_of(frame, model, covariates, **known)
    return Contents(
        title="A study of thighs",
        result={"all": findings.main, "edema": findings.edema, "fat": findings.fat}[name],
        findings=findings,
        frame=frame,
        analysed=assessed(two_groups(analysis_set(frame, name), "IMNM", "DM")),
        figures=FIGURES,
        covariates=covariates,
    )


def cohort_contents(
    cohort: str, name: str = "all", model: str = "per-muscle", adjust: tuple[str, ...] = (), **asked
) -> Contents:
    """Of a reference cohort. One of them carries some grades twice, of which a database keeps one."""
    frame = reference_frame(cohort).drop_duplicates(_GRADE)
    return contents_of(frame, name, model, covariates_of(cohort, *adjust), **asked)


def permuted(contents: Contents) -> Contents:
    """The same with the permutations that the site makes by default."""
    version = contents.result["data_version"]
    result = as_json(compare(contents.frame, resamples=0, data_version=version), study="study")
    return replace(contents, result=result, findings=replace(contents.findings, main=result))


def scored(contents: Contents) -> Contents:
    """The same with the pattern score, as the site has it."""
    found = pattern_score_result(cut(contents.frame, contents.result["set"]))
    return replace(contents, result=contents.result | {"pattern_score": found})


def covariates_of(cohort: str, *names: str) -> Covariates | None:
    if not names:
        return None
    values = pd.read_csv(FOLDER / f"{cohort}.participants.csv").drop_duplicates("participant")
    return Covariates(in_order(names), values[["participant", *names]])


def unpacked(content: bytes, into: Path) -> Path:
    """The bundle's only folder."""
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(into)
    (folder,) = into.iterdir()
    return folder


def unpacked_contents(contents: Contents, into: Path) -> Path:
    return unpacked(bundle(contents), into)


def tampered(folder: Path, column: str, place: int, factor: float, name: str = "result.csv") -> None:
    """Multiplies one number of a table."""
    path = folder / name
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[place, column] = repr(float(rows.loc[place, column]) * factor)
    rows.to_csv(path, index=False, lineterminator="\n")


def rscript() -> str:
    """R's path. Without it the test is skipped, or under CI=true fails."""
    path = os.environ.get("RSCRIPT") or shutil.which("Rscript")
    if path:
        return path
    reason = "No R: set RSCRIPT to its path, or run python3 dev.py test, which provides one."
    return pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def run_r(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, rscript(), "analysis.R")


def run_python(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "analysis.py")


def with_result(contents: Contents, **changed) -> Contents:
    return replace(contents, result=contents.result | changed)
