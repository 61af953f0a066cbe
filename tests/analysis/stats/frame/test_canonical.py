"""The canonical CSV and its hash: the same to the byte as a row by row writer's, whatever the frame holds."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.frame.canonical import FRAME_COLUMNS, canonical, canonical_csv, data_version
from grading.anatomy import MUSCLE_CODES, SIDES
from tests.analysis.stats.comparison_frames import cohort, frame_of
from tests.analysis.stats.frame.slow_canonical import slow_canonical_csv

CODES = [column for column in FRAME_COLUMNS if column not in ("occasion", "score")]
ODD = [
    *("P1", "p1", "10", "9", "", " ", "NA", "nan", "0.0", "-1", "é", "中"),
    *('a "quoted" code', "a, b", "two\nlines", "\r", "\t", "'=1+1"),
]


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sample(frac=1, random_state=1)


@st.composite
def odd_frames(draw) -> pd.DataFrame:
    """Frames that a study cannot hold: odd, missing and repeated codes, rows that tie, any score; of three types."""
    code = st.one_of(st.sampled_from(ODD), st.text(max_size=3).filter(is_encodable), st.none())
    columns = {
        **dict.fromkeys(("participant", "group", "mri", "reader", "sequence"), code),
        "occasion": st.integers(-1, 3),
        "feature": st.sampled_from(["edema", "fat", None]),
        "muscle": st.one_of(st.sampled_from(MUSCLE_CODES), st.sampled_from(["XX", None])),
        "side": st.one_of(st.sampled_from(SIDES), st.sampled_from(["middle", None])),
        "score": st.one_of(
            st.sampled_from([0.0, 1.0, 2.0, 3.0, -0.0, 0.5, np.nan, np.inf, -np.inf, 1e22]), st.floats(allow_nan=True)
        ),
    }
    few = {name: draw(st.lists(values, min_size=1, max_size=3)) for name, values in columns.items()}
    rows = draw(st.lists(st.tuples(*(st.sampled_from(few[name]) for name in FRAME_COLUMNS)), max_size=30))
    frame = pd.DataFrame(rows, columns=list(FRAME_COLUMNS)).astype(dict.fromkeys(CODES, object))
    frame = frame.astype({"occasion": "int64", "score": "float64"})
    kind = draw(st.sampled_from(["object", "category", "unused levels"]))
    if kind == "object":
        return frame
    unused = [] if kind == "category" else ["unused", "0"]
    return frame.assign(**{name: pd.Categorical(frame[name], levels(frame[name], unused)) for name in CODES})


def is_encodable(text: str) -> bool:
    return text.isprintable() or text in "\r\n\t"


def levels(column: pd.Series, unused: list[str]) -> list[str]:
    """The column's levels, in no alphabetical order, and some that it has not."""
    return list(dict.fromkeys([*unused, *column.dropna()]))[::-1]


@given(odd_frames())
def test_any_frame_is_written_as_row_by_row_whatever_the_order_of_its_rows(frame):
    known = frame[frame["muscle"].isin(MUSCLE_CODES) & frame["side"].isin(SIDES)]  # unknown ones tie

    text = slow_canonical_csv(frame)

    assert canonical_csv(frame) == text
    assert data_version(frame) == hashlib.sha256(text.encode()).hexdigest()
    assert canonical_csv(shuffled(known)) == slow_canonical_csv(known)


@pytest.mark.parametrize("categories", [False, True])
def test_the_text_is_what_pandas_would_write(categories):
    frame = cohort(5, sides=("right", "left"), readers=2)
    frame["score"] = frame["score"].mask(frame.index % 7 == 0)
    frame["group"] = frame["group"].replace({"DM": 'a "quoted", group'})
    rows = canonical(frame).assign(score=lambda rows: rows["score"].astype("Int64"))

    text = canonical_csv(shuffled(frame).astype(dict.fromkeys(CODES, "category") if categories else {}))

    assert text == rows.to_csv(index=False, lineterminator="\n")


def test_codes_too_many_for_one_integer_are_sorted_all_the_same():
    """Where eight columns each have 2,000 unused levels before their own, no 64-bit integer holds every combination."""
    unused = [f"!{number}" for number in range(2000)]
    frame = shuffled(cohort(6, readers=2)).assign(sequence="STIR")
    of_many = frame.assign(**{name: pd.Categorical(frame[name], levels(frame[name], unused)) for name in CODES})

    assert canonical_csv(of_many) == canonical_csv(frame) == slow_canonical_csv(frame)


def test_the_order_is_participant_read_and_the_papers_muscles_and_sides():
    rows = canonical(cohort(2, sides=("right", "left"), readers=2))

    assert rows["participant"].is_monotonic_increasing
    assert rows["reader"][:44].tolist() == ["reader1"] * 22 + ["reader2"] * 22
    assert rows["muscle"][:6].tolist() == ["VL", "VL", "VM", "VM", "VI", "VI"]
    assert rows["side"][:4].tolist() == ["left", "right", "left", "right"]


def test_rows_that_only_a_wrong_frame_has_twice_are_ordered_by_group_sequence_and_score():
    frame = frame_of(
        participant="P1",
        group=["DM", "DM", "DM", "AB"],
        sequence=["STIR", "STIR", "T1W", "T1W"],
        score=[np.nan, 1, 0, 3],
    )

    for rows in (frame, frame[::-1]):
        lines = [line.split(",") for line in canonical_csv(rows).splitlines()[1:]]
        assert [(line[1], line[5], line[9]) for line in lines] == [
            ("AB", "T1W", "3"),
            ("DM", "STIR", "1"),
            ("DM", "STIR", ""),
            ("DM", "T1W", "0"),
        ]


@pytest.mark.parametrize("score", ["float64", "Int64"])
def test_equal_data_have_equal_versions_whatever_their_order_and_types(score):
    frame = cohort(4, readers=2)

    other = shuffled(frame).astype(dict.fromkeys(CODES, "category") | {"score": score})

    assert data_version(other) == data_version(frame)


def test_another_score_is_another_version():
    frame = cohort(4, readers=2)
    other = frame.assign(score=frame["score"].where(frame.index != 3, 3 - frame["score"]))

    assert data_version(other) != data_version(frame)


def test_the_version_of_nothing_is_that_of_the_header():
    header = ",".join(FRAME_COLUMNS) + "\n"

    assert data_version(cohort(4).iloc[:0]) == hashlib.sha256(header.encode()).hexdigest()


@pytest.mark.parametrize("column", FRAME_COLUMNS)
def test_a_frame_without_a_column_is_an_error(column):
    with pytest.raises(KeyError, match=column):
        data_version(cohort(4).drop(columns=column))
