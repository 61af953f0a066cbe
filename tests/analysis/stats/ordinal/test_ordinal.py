"""The ordinal model: as R and a brute-force integral have it, and a number or a reason whatever the frame."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from analysis.stats.ordinal.comparison import compare_ordinal
from analysis.stats.ordinal.events import events_of
from analysis.stats.ordinal.likelihood import log_likelihood
from analysis.stats.ordinal.maximum import start
from analysis.stats.ordinal.ordinal_json import as_json
from analysis.stats.result_types.ordinal import OrdinalMuscleResult, OrdinalResult
from tests.analysis.stats.comparison_frames import cohort, cut, frame_of, small_frames
from tests.reference_cohorts import ANSWERS, FOLDER, reference_frame

FRAMES = 10_000 if os.environ.get("THIGHSITE_FULL") else 40
NUMBERS = ("estimate", "se", "statistic", "p", "p_holm", "ci_low", "ci_high", "sd_participant", "log_likelihood")
LIMIT = 3.841459  # of the likelihood ratio within a 95 % interval


def answer(frame: pd.DataFrame, analysis_set: str = "all", **groups) -> OrdinalResult:
    """DM compared with IMNM, unless something else is asked."""
    return as_json(
        compare_ordinal(cut(frame, analysis_set, **groups), permutations=0, resamples=20, pattern=False), study="any"
    )


def of_reads(imnm: list[list[float | None]], dm: list[list[float | None]]) -> OrdinalMuscleResult:
    """What is said of one muscle from each participant's scores, reader by reader; None where not read."""
    rows = [
        (f"{group}{number}", group, f"reader{reader + 1}", score)
        for group, participants in (("IMNM", imnm), ("DM", dm))
        for number, scores in enumerate(participants)
        for reader, score in enumerate(scores)
        if score is not None
    ]
    participant, group, reader, score = zip(*rows, strict=True)
    frame = frame_of(participant=participant, group=group, reader=reader, score=np.array(score, dtype=float))
    return answer(frame)["muscles"][0]


def assert_number_or_reason(result: OrdinalResult) -> None:
    json.dumps(result, allow_nan=False)
    for muscle in result["muscles"]:
        status, low, high = muscle["status"], muscle["ci_low"], muscle["ci_high"]
        for end, name, value in (("lower", "ci_low_end", low), ("upper", "ci_high_end", high)):
            assert (value is not None) == (muscle[name] == "found")
            assert (muscle[name] is None) == (status == "not_estimable")
            assert (f"The {end} end of the interval could not" in muscle["note"]) == (muscle[name] == "not_found")
        assert muscle["note"] or status == "ok"
        if status == "not_estimable":
            assert [muscle[number] for number in NUMBERS] == [None] * len(NUMBERS)
            continue
        assert muscle["statistic"] >= 0
        assert 0 < muscle["p"] <= muscle["p_holm"] <= 1
        assert muscle["log_likelihood"] <= 1e-9
        if status == "separated":
            assert muscle["estimate"] is None is muscle["se"]
            assert low is None or high is None
        else:
            assert muscle["se"] > 0
            assert low is None or low < muscle["estimate"]
            assert high is None or high > muscle["estimate"]
        if muscle["statistic"] > LIMIT + 0.1:  # 0 is outside the interval, which hence has an end on that side
            assert (low or 0) > 0 or (high or 0) < 0
        assert "open" not in (muscle["ci_low_end"], muscle["ci_high_end"]) or "infinity" in muscle["note"]
        for cut_alone in muscle["cuts"]:
            assert (cut_alone["estimate"] is None) == (cut_alone["status"] in ("separated", "not_estimable"))


@pytest.mark.parametrize("name", ["covariates", "covariates-missing"])
def test_each_muscle_agrees_with_clmm_in_r(name):
    """`tests/reference/reference2.R`, with ten adaptive Gauss-Hermite points, whose own error is up to 1e-4."""
    expected = json.loads((FOLDER / f"{name}.more.json").read_text())["ordinal"]

    for ours, of_r in zip(answer(reference_frame(name))["muscles"], expected, strict=True):
        assert (ours["muscle"], ours["status"], ours["method"]) == (of_r["muscle"], "ok", "cumulative_logit")
        pairs = {
            "estimate": "log_odds_ratio",
            "se": "se",
            "sd_participant": "sd_participant",
            "statistic": "lr",
            "p": "p",
        }
        for number, in_r in pairs.items():
            assert ours[number] == pytest.approx(of_r[in_r], rel=2e-3), (ours["muscle"], number)
        assert ours["log_likelihood"] == pytest.approx(of_r["loglik"], abs=2e-4)


def test_where_clmm_fails_the_maximum_is_that_of_a_brute_force_integral():
    expected = json.loads((FOLDER / "balanced.ordinal.json").read_text())["ordinal"]

    for ours, brute in zip(answer(reference_frame("balanced"))["muscles"], expected, strict=True):
        assert ours["log_likelihood"] == pytest.approx(brute["log_likelihood"], abs=1e-8)
        assert ours["statistic"] == pytest.approx(brute["lr"], abs=1e-6)
        assert ours["p"] == pytest.approx(brute["p"], rel=1e-5)
        assert ours["estimate"] == pytest.approx(brute["log_odds_ratio"], abs=1e-3)
        assert ours["sd_participant"] == pytest.approx(brute["sd_participant"], abs=1e-3)


def test_no_variance_is_told_from_the_one_read_that_a_certain_reader_leaves_to_everybody():
    """A reader who grades every muscle alike tells nothing: the answer is that of the other reader alone."""
    imnm, dm = [[1, 1], [1, 1], [1, 1], [0, 1], [0, 1], [1, 1], [1, 1]], [[1, 1]] * 4 + [[0, 1], [1, 1]]
    with_other, alone = of_reads(imnm, dm), of_reads([row[:1] for row in imnm], [row[:1] for row in dm])

    assert (with_other["status"], with_other["sd_participant"]) == ("ok", None)
    for number in ("estimate", "se", "ci_low", "ci_high", "log_likelihood"):
        assert with_other[number] == pytest.approx(alone[number], rel=1e-6), number


def test_interval_is_sought_along_a_flat_ridge_without_leaving_for_where_no_integral_can_be_had():
    """The parabola of the null's maximum leads to a standard deviation of 6e11, whose points no machine can hold."""
    muscle = of_reads([[0, 1], [None, 0]], [[0, 1], [1, 1]])

    assert (muscle["status"], muscle["ci_low_end"], muscle["ci_high_end"]) == ("separated", "open", "open")
    assert muscle["statistic"] == pytest.approx(4 * np.log(2), abs=1e-6)


def test_cut_that_one_reader_always_exceeds_has_a_number_or_a_reason():
    imnm, dm = ("21", "22", "32", "02", "01", "11", "11"), ("11", "32", "21", "12", "02", "21")

    muscle = of_reads([[*map(int, of)] for of in imnm], [[*map(int, of)] for of in dm])

    json.dumps(muscle, allow_nan=False)
    assert all(cut_alone["se"] is None or 0 < cut_alone["se"] < 100 for cut_alone in muscle["cuts"])


def test_derivatives_are_those_of_the_log_likelihood():
    events = events_of(cut(reference_frame("missing-cells")).observed, 3)
    at = start(events) + np.linspace(-0.3, 0.4, events.design.shape[1] + 1)
    point, size = log_likelihood(events, at), 1e-5 * np.eye(len(at))

    ahead, behind = ([log_likelihood(events, at + sign * step) for step in size] for sign in (1, -1))

    slopes = [(one.value - other.value) / 2e-5 for one, other in zip(ahead, behind, strict=True)]
    curves = [(one.gradient - other.gradient) / 2e-5 for one, other in zip(ahead, behind, strict=True)]
    assert point.gradient == pytest.approx(np.array(slopes), rel=1e-6, abs=1e-6)
    assert point.hessian == pytest.approx(np.array(curves), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("name", "analysis_set"), ANSWERS)
def test_every_reference_cohort_has_a_number_or_a_reason(name, analysis_set):
    assert_number_or_reason(answer(reference_frame(name), analysis_set))


@settings(max_examples=FRAMES, suppress_health_check=list(HealthCheck), deadline=None)
@given(frame=small_frames())
def test_any_frame_has_a_number_or_a_reason_for_each_muscle(frame):
    assert_number_or_reason(answer(frame))


def test_groups_that_are_apart_have_one_end_of_the_interval_and_p_from_the_limit():
    """A group all 0; and every read of one group above every read of the other, by readers who always agree."""
    all_zero = of_reads([[0, 0, 0]] * 4, [[1, 2, 1], [0, 1, 0], [2, 2, 3], [1, 1, 2]])
    apart = of_reads([[3, 3, 3]] * 4, [[0, 0, 0]] * 4)

    assert (all_zero["status"], all_zero["estimate"], all_zero["ci_high"]) == ("separated", None, None)
    assert all_zero["ci_low"] > 0
    assert all_zero["p"] < 0.05
    assert "plus infinity" in all_zero["note"]
    # Of the limit: 4 and 4 participants, each certain with the groups, one of two categories each without them.
    assert apart["statistic"] == pytest.approx(2 * 8 * np.log(2), abs=1e-3)
    assert (apart["status"], apart["log_likelihood"], apart["ci_low"]) == ("separated", pytest.approx(0), None)
    assert apart["ci_high"] < 0

    # Without groups the variance has no bound, and yet the interval has its end.
    always = of_reads([[0, 0], [0, 0], [1, 1], [0, 0], [1, 1]], [[2, 2], [3, 3], [2, 2], [3, 3], [2, 2]])
    assert (always["status"], always["ci_high"]) == ("separated", None)
    assert always["ci_low"] == pytest.approx(21.8638, abs=1e-3)


def test_an_interval_that_tells_nothing_is_open_at_both_ends_and_a_higher_maximum_is_not_passed_over():
    """The likelihood with ω → ∞ is within 95 % of the greatest, whatever β is; or, of the other reads, above it."""
    open_ends = of_reads([[0, 2], [0, 1], [2, 3]], [[0, 3], [2, 3]])
    passed_over = of_reads([[3, 3], [3, 3], [1, None]], [[3, 1], [2, 0]])

    assert (open_ends["status"], open_ends["ci_low_end"], open_ends["ci_high_end"]) == ("ok", "open", "open")
    assert "minus infinity" in open_ends["note"]
    assert "plus infinity" in open_ends["note"]
    assert passed_over["status"] == "not_estimable"
    assert "rises with the variance" in passed_over["note"]


def test_an_end_of_the_interval_is_where_the_likelihood_ratio_is_the_limit():
    """By the model without groups, whose log-likelihood is the profile's at 0: data moved until 0 is an end."""
    scores = [[0, 1, 0], [1, 2, 1], [2, 2, 1], [1, 1, 1]]
    higher = [[1, 1, 2], [2, 3, 2], [1, 2, 2], [3, 3, 2]]

    muscle = of_reads(scores, higher)

    assert (muscle["ci_low"] > 0) == (muscle["statistic"] > LIMIT)
    for muscle in answer(reference_frame("covariates"))["muscles"]:
        assert (muscle["ci_low"] * muscle["ci_high"] > 0) == (muscle["statistic"] > LIMIT)


def test_readers_who_never_disagree_give_a_reason_and_keep_the_permutation_p_and_the_index():
    scores = [[0, 0], [1, 1], [2, 2], [1, 1]]
    frame = frame_of(
        participant=[f"P{number}" for number in range(8) for _ in range(2)],
        group=["IMNM"] * 8 + ["DM"] * 8,
        reader=["reader1", "reader2"] * 8,
        score=np.array([score for pair in scores + [[a + 1, b + 1] for a, b in scores] for score in pair], dtype=float),
    )

    muscle = as_json(compare_ordinal(cut(frame), permutations=100, resamples=20), study="any")["muscles"][0]

    assert (muscle["status"], muscle["estimate"]) == ("not_estimable", None)
    assert "disagree" in muscle["note"]
    assert muscle["p_permutation"] is not None
    assert muscle["index"]["status"] == "ok"


@pytest.mark.parametrize(
    ("imnm", "dm", "status", "reason"),
    [
        ([[1, 1]] * 3, [[1, 1]] * 3, "not_estimable", "no variance"),
        ([[0, None], [1, None]], [[None, 1], [None, 2]], "not_estimable", "do not tell"),
        ([[1, 2]], [[1, 2], [2, 2]], "not_estimable", "Only one participant"),
        ([[0, 1, 0], [1, 2, 1]], [[2, 1, 2], [3, 2, 3]], "ok", ""),
        ([[0], [1], [2], [1]], [[2], [3], [3], [1]], "ok", ""),
        ([[0, 2], [2, 0], [1, 1], [2, 1]], [[1, 2], [2, 1], [0, 2], [2, 1]], "boundary", "estimated as 0"),
    ],
    ids=["one category", "nested readers", "one participant", "two a group", "one reader", "boundary"],
)
def test_edges_of_the_data_have_their_status(imnm, dm, status, reason):
    muscle = of_reads(imnm, dm)

    assert muscle["status"] == status
    assert reason in muscle["note"]
    assert (muscle["sd_participant"] is None) == (status == "not_estimable" or len(imnm[0]) == 1)


def test_a_reader_who_gives_one_score_only_leaves_the_odds_ratio_to_the_others():
    """That reader's coefficient goes to infinity, where the likelihood is that of the others' reads."""
    imnm, dm = [[0, 1], [1, 2], [2, 2], [1, 0]], [[2, 3], [0, 1], [3, 2], [2, 3]]

    without = of_reads(imnm, dm)
    beside = of_reads([[*scores, 0] for scores in imnm], [[*scores, 0] for scores in dm])

    for number in ("estimate", "se", "statistic", "ci_low", "ci_high", "sd_participant", "log_likelihood"):
        assert beside[number] == pytest.approx(without[number], rel=1e-5, abs=1e-8)


def test_names_order_of_rows_and_which_group_is_the_reference_change_nothing_else():
    frame = cohort(14, seed=3, muscles=("VL", "GR"))
    names = {name: f"X{place}" for place, name in enumerate(reversed(frame["participant"].unique()))}
    other = frame.assign(participant=frame["participant"].map(names)).sample(frac=1, random_state=1)

    pairs = zip(answer(frame)["muscles"], answer(other, reference="DM", compared="IMNM")["muscles"], strict=True)

    for ours, turned in pairs:
        assert ours["status"] == turned["status"]
        if ours["estimate"] is not None:
            for number in ("se", "statistic", "p", "sd_participant", "log_likelihood"):
                assert ours[number] == pytest.approx(turned[number], rel=1e-5)
            assert (ours["estimate"], ours["ci_low"]) == pytest.approx((-turned["estimate"], -turned["ci_high"]), 1e-5)


def test_each_cut_alone_stands_beside_the_pooled_odds_ratio():
    """Of two categories the one cut is the pooled model; of four there are three."""
    frame = reference_frame("covariates")
    halved = frame.assign(score=(frame["score"] >= 2).astype(float))

    whole, of_two = answer(frame)["muscles"][7], answer(halved)["muscles"][7]

    assert [cut_alone["at_least"] for cut_alone in whole["cuts"]] == [1, 2, 3]
    assert of_two["cuts"] == []
    assert whole["cuts"][1]["estimate"] == pytest.approx(of_two["estimate"], rel=1e-5)
    assert whole["cuts"][1]["se"] == pytest.approx(of_two["se"], rel=1e-4)
