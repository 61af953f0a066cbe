import hashlib

import numpy as np
import pandas as pd
import pytest

from analysis.stats.frame.analysis_sets import (
    FRAME_COLUMNS,
    analysis_set,
    assessed,
    canonical,
    canonical_csv,
    data_version,
    two_groups,
)
from tests.analysis.stats.comparison_frames import cohort, frame_of

CODES = [column for column in FRAME_COLUMNS if column not in ("occasion", "score")]


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


def test_mris_of_the_same_code_are_told_apart_by_their_participant():
    frame = frame_of(participant=["A", "B"], group="DM", mri=["1", "1"], feature=["edema", "fat"], score=[1.0, 2.0])

    assert len(analysis_set(frame, "all")) == 2


def test_an_unknown_set_is_an_error():
    with pytest.raises(KeyError):
        analysis_set(one_mri_each(), "fat")


def test_not_assessable_grades_are_not_assessed():
    assert assessed(one_mri_each())["score"].tolist() == [1.0, 2.0, 3.0, 0.0]


def test_two_groups_leaves_the_others_out():
    frame = frame_of(participant=["A", "B", "C"], group=["IMNM", "IBM", "DM"], score=1.0)

    assert two_groups(frame, "IMNM", "DM")["participant"].tolist() == ["A", "C"]


@pytest.mark.parametrize("categories", [False, True])
def test_the_canonical_text_is_what_pandas_would_write(categories):
    frame = cohort(5, sides=("right", "left"), readers=2)
    frame["score"] = frame["score"].mask(frame.index % 7 == 0)
    frame["group"] = frame["group"].replace({"DM": 'a "quoted", group'})
    rows = canonical(frame).assign(score=lambda rows: rows["score"].astype("Int64"))

    text = canonical_csv(
        frame.sample(frac=1, random_state=1).astype(dict.fromkeys(CODES, "category") if categories else {})
    )

    assert text == rows.to_csv(index=False, lineterminator="\n")


def test_the_canonical_order_is_participant_read_and_the_papers_muscles_and_sides():
    rows = canonical(cohort(2, sides=("right", "left"), readers=2))

    assert rows["participant"].is_monotonic_increasing
    assert rows["reader"][:44].tolist() == ["reader1"] * 22 + ["reader2"] * 22
    assert rows["muscle"][:6].tolist() == ["VL", "VL", "VM", "VM", "VI", "VI"]
    assert rows["side"][:4].tolist() == ["left", "right", "left", "right"]


@pytest.mark.parametrize("score", ["float64", "Int64"])
def test_equal_data_have_equal_versions_whatever_their_order_and_types(score):
    frame = cohort(4, readers=2)

    shuffled = frame.sample(frac=1, random_state=2).astype(dict.fromkeys(CODES, "category") | {"score": score})

    assert data_version(shuffled) == data_version(frame)


def test_another_score_is_another_version():
    frame = cohort(4, readers=2)
    other = frame.assign(score=frame["score"].where(frame.index != 3, 3 - frame["score"]))

    assert data_version(other) != data_version(frame)


def test_the_version_of_nothing_is_that_of_the_header():
    header = ",".join(FRAME_COLUMNS) + "\n"

    assert data_version(cohort(4).iloc[:0]) == hashlib.sha256(header.encode()).hexdigest()
