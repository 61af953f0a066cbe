"""The permutations of a comparison as a table: with them anyone counts its permutation p values anew."""

from collections.abc import Iterator

import numpy as np

from analysis.bundle.contents import Contents
from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.cut import cut_data
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.permutation import permuted_labels
from analysis.stats.result_types.comparison import ComparisonResult
from grading.csv.columns import Column

PERMUTATION_COLUMNS = (
    Column("participant", "text", "", "", "participant"),
    Column(
        "labels", "text", "", "0 or 1, one for each permutation", "1 where the permutation puts it in the smaller group"
    ),
)


def permuted_muscles(result: ComparisonResult) -> list[int]:
    """Find the places of the muscles with permutation p values: none where nothing was permuted."""
    p = [muscle["p_permutation"] for muscle in result["muscles"]]
    return [place for place, value in enumerate(p) if value is not None]


def permutation_rows(contents: Contents, permutations: int) -> Iterator[tuple[str, str]]:
    """Give a row for each participant: the code, and to which group each permutation assigns it."""
    result = contents.result
    groups = result["groups"]
    cut = cut_data(
        contents.frame, reference=groups["reference"], compared=groups["compared"], analysis_set=result["set"]
    )
    observed = cut.observed
    names = [str(code) for code in level_codes(cut.rows["participant"])[1]]
    graded = np.flatnonzero(observed.row_is_graded)
    # By code, so that participants with equal scores stand in one order, whatever that of the frame's rows.
    chosen = np.array(sorted(graded, key=lambda row: names[observed.row_participant[row]]))
    means = np.column_stack([adjusted_means(observed, place) for place in permuted_muscles(result)])
    labels = permuted_labels(means[chosen], observed.row_is_compared[chosen], permutations)
    for row, of_row in zip(chosen, labels.T, strict=True):
        yield names[observed.row_participant[row]], "".join(map(str, of_row.astype(int)))
