"""What holds of the agreement of any frame: an answer, a reason for every gap, and no say for names and order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats.agreement.summary import COEFFICIENTS
from analysis.stats.frame.canonical import FRAME_COLUMNS
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.agreement.frames import EXAMPLES, answer, cohort_frame, frame_of
from tests.near import near

RESAMPLED = ("icc_2_1", "icc_3_1", "kappa_linear", "kappa_quadratic")


@st.composite
def frames(draw):
    """Any frame: few participants, readers, muscles, sides, features, re-reads; rows and grades missing at will."""
    participants, readers, occasions = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    muscles = draw(st.lists(st.sampled_from(MUSCLE_CODES), unique=True, min_size=1, max_size=2))
    sides = draw(st.sampled_from([["both"], ["left", "right"]]))
    features = draw(st.sampled_from([["edema"], ["fat"], ["edema", "fat"]]))
    score = st.sampled_from(draw(st.sampled_from([[2, None], [0, 1], [0, 1, 2, 3], [0, 1, 2, 3, None]])))
    cells = [
        {"participant": f"P{p}", "reader": f"reader{r}", "occasion": o, "feature": f, "muscle": m, "side": s}
        for p in range(participants)
        for r in range(readers)
        for o in range(1, occasions + 1)
        for f in features
        for m in muscles
        for s in sides
    ]
    present = draw(st.lists(st.sampled_from([True, True, False]), min_size=len(cells), max_size=len(cells)))
    return frame_of(*({**cell, "score": draw(score)} for cell, keep in zip(cells, present, strict=True) if keep))


@settings(max_examples=EXAMPLES)
@given(frames())
def test_every_frame_has_an_answer_and_every_gap_a_reason(frame):
    result = answer(frame)

    for row in result["inter"] + result["pairs"] + result["intra"]:
        missing = any(None in row[name].values() for name in COEFFICIENTS)
        assert row["note"] or not missing
    for row in result["bias"]:
        assert row["note"] or row["sd"] is not None
    for row in result["reader_effects"]:
        assert row["note"] or None not in row["per_grade"].values()
    for row in result["mixed_model"]:
        assert row["note"] or None not in row.values()
    for row in result["resampled"]:
        assert row["note"] or not any(None in row[name].values() for name in RESAMPLED)


@settings(max_examples=EXAMPLES)
@given(frames(), st.randoms(use_true_random=False))
def test_order_of_rows_and_names_of_participants_are_irrelevant(frame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    names = sorted(set(frame["participant"]))
    others = random.sample([f"Q{place}" for place in range(len(names))], k=len(names))

    renamed = frame.iloc[order].replace({"participant": dict(zip(names, others, strict=True))})
    before, after = answer(frame), answer(renamed)

    assert {**before, "data_version": ""} == near({**after, "data_version": ""})


@settings(max_examples=EXAMPLES)
@given(frames())
def test_names_of_readers_do_not_matter_to_the_values(frame):
    names = {f"reader{place}": f"reader{9 - place}" for place in range(3)}

    before, after = answer(frame), answer(frame.replace({"reader": names}))

    for one, other in zip(before["inter"], after["inter"], strict=True):
        for name in COEFFICIENTS:
            assert one[name]["value"] == pytest.approx(other[name]["value"], abs=1e-12)


def test_intervals_depend_neither_on_row_order_nor_on_participants_names():
    frame = cohort_frame("missing-cells")
    codes = sorted(frame["participant"].unique())

    renamed = frame.sample(frac=1, random_state=1).replace(
        {"participant": dict(zip(codes, reversed(codes), strict=True))}
    )

    ours, theirs = answer(frame, resamples=2000), answer(renamed, resamples=2000)
    assert {**ours, "data_version": ""} == near({**theirs, "data_version": ""})


def test_frame_as_the_database_gives_it_is_taken():
    frame = cohort_frame("missing-cells").astype({"score": "Int64"})
    assert list(frame) == list(FRAME_COLUMNS)

    assert answer(frame) == near(answer(frame.astype({"score": object}).where(frame.notna(), None)))
