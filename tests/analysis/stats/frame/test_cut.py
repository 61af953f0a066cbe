"""What a comparison takes of a frame: one analysis set, two groups; and what a restriction leaves."""

import numpy as np
import pandas as pd
import pytest

from analysis.stats.frame.canonical import FRAME_COLUMNS
from analysis.stats.frame.cut import cut_data
from analysis.stats.frame.restriction import restrict
from analysis.stats.question import Question
from tests.analysis.stats.comparison_frames import cohort, frame_of

IMNM_DM = {"reference": "IMNM", "compared": "DM"}


def mixed_frame() -> pd.DataFrame:
    return frame_of(
        participant=["A", "B", "C", "D"],
        group=["IMNM", "DM", "IBM", "DM"],
        feature=["edema", "fat", "edema", "edema"],
        score=[1.0, 2.0, 3.0, np.nan],
    )


@pytest.mark.parametrize(("analysis_set", "rows", "analysed"), [("all", "ABD", "AB"), ("edema", "AD", "A")])
def test_cut_data_are_the_sets_rows_of_two_groups_and_the_analysed_ones_have_a_score(analysis_set, rows, analysed):
    cut = cut_data(mixed_frame(), analysis_set=analysis_set, **IMNM_DM)

    assert "".join(cut.rows["participant"]) == rows
    assert "".join(cut.analysed["participant"]) == analysed
    assert len(cut.observed.score) == len(analysed)
    assert cut.groups == ("IMNM", "DM")


def test_a_group_is_not_compared_with_itself():
    with pytest.raises(ValueError, match="compared with itself: DM"):
        cut_data(mixed_frame(), reference="DM", compared="DM")


@pytest.mark.parametrize("column", [name for name in FRAME_COLUMNS if name != "sequence"])
def test_a_frame_without_a_column_is_an_error(column):
    with pytest.raises(KeyError, match=column):
        _ = cut_data(mixed_frame().drop(columns=column), **IMNM_DM).observed


@pytest.mark.parametrize(
    "restriction", [{}, {"sequence": "STIR"}, {"readers": ("reader1", "reader2", "reader3")}, {"readers": ("reader1",)}]
)
def test_a_restriction_that_leaves_nothing_out_returns_the_frame_itself(restriction):
    """So whoever has its data version need not compute it again."""
    frame = cohort(3)
    leaves_out = restriction.get("readers") == ("reader1",)

    rows = restrict(frame, Question(**IMNM_DM, **restriction))

    assert (rows is frame) != leaves_out
    assert len(rows) == len(frame) // 3 if leaves_out else len(rows) == len(frame)
