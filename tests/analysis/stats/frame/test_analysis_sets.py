import numpy as np
import pandas as pd
import pytest

from analysis.stats.frame.analysis_sets import analysis_set, assessed, two_groups
from tests.analysis.stats.comparison_frames import frame_of


def one_mri_each() -> pd.DataFrame:
    """A: edema and fat. B: fat only. C: a re-read of edema, whose first read was of fat."""
    return frame_of(
        participant=["A", "A", "B", "C", "C"],
        group="IMNM",
        occasion=[1, 1, 1, 2, 1],
        feature=["edema", "fat", "fat", "edema", "fat"],
        score=[np.nan, 1.0, 2.0, 3.0, 0.0],
    )


def test_the_set_all_takes_fat_only_where_there_is_no_first_edema_read():
    rows = analysis_set(one_mri_each(), "all")

    assert list(zip(rows["participant"], rows["feature"], strict=True)) == [("A", "edema"), ("B", "fat"), ("C", "fat")]


def test_the_set_edema_leaves_fat_scored_participants_out():
    assert analysis_set(one_mri_each(), "edema")["participant"].tolist() == ["A"]


def test_the_set_fat_takes_fat_also_beside_edema():
    rows = analysis_set(one_mri_each(), "fat")

    assert list(zip(rows["participant"], rows["score"], strict=True)) == [("A", 1.0), ("B", 2.0), ("C", 0.0)]


def test_mris_of_the_same_code_are_told_apart_by_their_participant():
    frame = frame_of(participant=["A", "B"], group="DM", mri=["1", "1"], feature=["edema", "fat"], score=[1.0, 2.0])

    assert len(analysis_set(frame, "all")) == 2


def test_an_unknown_set_is_an_error():
    with pytest.raises(KeyError):
        analysis_set(one_mri_each(), "other")


def test_not_assessable_grades_are_not_assessed():
    assert assessed(one_mri_each())["score"].tolist() == [1.0, 2.0, 3.0, 0.0]


def test_two_groups_leaves_the_others_out():
    frame = frame_of(participant=["A", "B", "C"], group=["IMNM", "IBM", "DM"], score=1.0)

    assert two_groups(frame, "IMNM", "DM")["participant"].tolist() == ["A", "C"]
