"""The pattern score of a comparison as tables: with its resamples anyone computes scores, area and interval anew."""

from collections.abc import Iterator

import numpy as np

from analysis.bundle.contents import Contents
from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.cut import cut_data
from analysis.stats.pattern_resamples import RESAMPLES, drawn_weights, rows_in_order
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.pattern_score import PatternScoreResult
from grading.anatomy import MUSCLE_CODES
from grading.csv.columns import Column

SCORE_COLUMNS = (
    Column("what", "text", "", "area, muscle or participant", "what it is about"),
    Column("name", "text", "", "", "the muscle or participant; empty of the area"),
    Column(
        "value",
        "number",
        "",
        "",
        "area under the curve; 1 or -1, a muscle on the side of the compared group or of the reference, 0 on neither; "
        "a participant's score, by muscles that the others chose",
    ),
    Column("ci_low", "number", "", "", "lower end of the area's 95 % interval, the 2.5 percentile of the resamples"),
    Column("ci_high", "number", "", "", "upper end of it, the 97.5 percentile"),
)
RESAMPLE_COLUMNS = (
    Column("participant", "text", "", "", "participant"),
    Column("times", "text", "", "whole numbers, one for each resample", "how often the resample draws the participant"),
)


def scored(result: ComparisonResult) -> PatternScoreResult | None:
    """Give the pattern score of a result, where it has one."""
    found = result.get("pattern_score")
    return found if found and found["value"] is not None else None


def score_rows(found: PatternScoreResult) -> Iterator[tuple[str, str, float | None, float | None, float | None]]:
    """Give the area, then the side of each muscle by all participants, then the score of each participant."""
    yield "area", "", found["value"], found["ci_low"], found["ci_high"]
    for code in MUSCLE_CODES:
        yield "muscle", code, (code in found["higher"]) - (code in found["lower"]), None, None
    for entry in found["participants"]:
        yield "participant", entry["participant"], entry["score"], None, None


def resample_rows(contents: Contents) -> Iterator[tuple[str, str]]:
    """Give a row for each participant, by code: how often each resample draws them."""
    result = contents.result
    groups = result["groups"]
    cut = cut_data(
        contents.frame, reference=groups["reference"], compared=groups["compared"], analysis_set=result["set"]
    )
    observed = cut.observed
    codes = [str(code) for code in level_codes(cut.rows["participant"])[1]]
    rows = rows_in_order(observed)
    weights = np.concatenate([*drawn_weights(observed.row_is_compared[rows], RESAMPLES)]).astype(int)
    names = [codes[place] for place in observed.row_participant[rows]]
    yield from sorted((name, " ".join(map(str, times))) for name, times in zip(names, weights.T, strict=True))
