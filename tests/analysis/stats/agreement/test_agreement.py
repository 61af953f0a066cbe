"""Agreement of a frame: who is a rater, what is a unit, and the shape of the answer."""

import pandas as pd
import pytest
from scipy.stats import t as student

from analysis.stats.agreement.inter_reader import agreement
from analysis.stats.frame.canonical import data_version
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.agreement.frames import answer, cohort_frame, frame_of, frame_of_scores
from tests.near import near

COEFFICIENTS = ("exact", "within_one", "kappa_linear", "kappa_quadratic", "alpha_ordinal", "ac2", "icc_2_1", "icc_3_1")
NOTHING = {"value": None, "ci_low": None, "ci_high": None}


def entry(entries, muscle="VL"):
    return next(entry for entry in entries if entry["muscle"] == muscle)


def test_json_has_the_shape_that_people_script_against():
    frame = frame_of_scores({"reader1": [0, 1, 3], "reader2": [0, 2, 3], "reader3": [1, 1, 3]})

    result = answer(frame)

    assert list(result) == [
        "study",
        "data_version",
        "readers",
        "restricted_to",
        "inter",
        "pairs",
        "intra",
        "bias",
        "reader_effects",
        "mixed_model",
        "resampled",
        "targets",
        "against",
    ]
    assert (result["study"], result["data_version"]) == ("demo", data_version(frame))
    assert result["readers"] == ["reader1", "reader2", "reader3"]
    assert [entry["muscle"] for entry in result["inter"]] == [*MUSCLE_CODES, "overall"]
    assert list(result["inter"][0]) == ["muscle", "units", *COEFFICIENTS, "note", "notes"]
    assert list(result["pairs"][0]) == ["readers", *result["inter"][0]]
    assert list(result["intra"][0]) == ["reader", *result["inter"][0]]
    assert [entry["readers"] for entry in result["pairs"][::12]] == [
        ["reader1", "reader2"],
        ["reader1", "reader3"],
        ["reader2", "reader3"],
    ]
    assert (len(result["pairs"]), len(result["intra"]), len(result["bias"])) == (36, 36, 3)
    assert list(result["inter"][0]["exact"]) == ["value", "ci_low", "ci_high"]
    assert list(result["bias"][0])[:2] == ["readers", "participants"]
    assert list(result["bias"][0])[2:] == ["mean_difference", "sd", "loa_low", "loa_high", "note", "units", "per_grade"]


def test_two_readers_are_one_pair():
    result = answer(cohort_frame("sides"))

    assert [{"readers": ["reader1", "reader2"], **entry} for entry in result["inter"]] == near(result["pairs"])


def test_sides_are_units_of_their_own():
    left = frame_of_scores({"reader1": [0, 1], "reader2": [0, 1]}, side="left")
    right = frame_of_scores({"reader1": [3, 3], "reader2": [2, 3]}, side="right")

    vl = entry(answer(pd.concat([left, right]))["inter"])

    assert vl["units"] == 4
    assert vl["exact"]["value"] == 3 / 4


def test_muscles_are_pooled_in_overall():
    vl = frame_of_scores({"reader1": [0, 1], "reader2": [0, 1]}, muscle="VL")
    gr = frame_of_scores({"reader1": [3, 3], "reader2": [1, 2]}, muscle="GR")

    result = answer(pd.concat([vl, gr]))["inter"]

    assert [entry(result, muscle)["exact"]["value"] for muscle in ("VL", "GR", "overall")] == [1, 0, 1 / 2]
    assert entry(result, "overall")["units"] == 4


def test_an_mri_is_represented_by_its_edema_reads_or_by_fat_where_it_has_none():
    edema = frame_of_scores({"reader1": [1], "reader2": [1]})
    fat = frame_of_scores({"reader1": [3, 2], "reader2": [0, 2]}, feature="fat", sequence="T1W")

    vl = entry(answer(pd.concat([edema, fat]))["inter"])

    assert (vl["units"], vl["exact"]["value"]) == (2, 1)


def test_grade_that_is_not_assessable_is_no_grade():
    vl = entry(answer(frame_of_scores({"reader1": [0, 1, 2], "reader2": [0, None, 2]}))["inter"])

    assert (vl["units"], vl["exact"]["value"]) == (2, 1)


def test_icc_takes_only_units_that_every_reader_graded_and_says_so():
    vl = entry(answer(frame_of_scores({"r1": [0, 1, 2, 3], "r2": [0, 1, 2, 3], "r3": [0, 1, 3, None]}))["inter"])

    assert vl["units"] == 4
    assert vl["icc_3_1"]["value"] == pytest.approx(12 / 13)
    assert vl["note"] == "icc_2_1, icc_3_1: from the 3 of 4 units that every rater graded"


def test_kappa_names_the_pairs_that_it_leaves_out():
    vl = entry(answer(frame_of_scores({"r1": [0, 1, 2, None], "r2": [0, 1, 2, None], "r3": [None] * 3 + [1]}))["inter"])

    assert vl["kappa_linear"]["value"] == 1
    assert "mean of 1 of 3 pairs" in vl["note"]


def test_first_read_is_compared_with_later_ones():
    first = frame_of_scores({"reader1": [0, 1, 2, 3]})
    second = frame_of_scores({"reader1": [0, 1, 2]}, occasion=2)
    third = frame_of_scores({"reader1": [None, 2, 3]}, occasion=3)

    result = answer(pd.concat([first, second, third]))

    assert entry(result["intra"])["units"] == 5
    assert entry(result["intra"])["exact"]["value"] == 3 / 5
    assert entry(result["inter"])["note"] == "only one reader"


def test_muscle_graded_in_one_of_the_two_reads_is_no_unit_of_intra_reader_agreement():
    first = frame_of_scores({"reader1": [0, 1, None, 3]})
    again = frame_of_scores({"reader1": [0, 2, 3, None]}, occasion=2)
    both = frame_of_scores({"reader1": [0, 1]}), frame_of_scores({"reader1": [0, 2]}, occasion=2)

    with_gaps = answer(pd.concat([first, again]))

    assert with_gaps["intra"] == near(answer(pd.concat(both))["intra"])


def test_reread_of_the_other_feature_is_not_compared():
    first = frame_of_scores({"reader1": [0, 1]})
    fat = frame_of_scores({"reader1": [3, 3]}, feature="fat", sequence="T1W", occasion=2)

    vl = entry(answer(pd.concat([first, fat]))["intra"])

    assert (vl["units"], vl["note"]) == (0, "no re-reads")


def test_rereads_do_not_enter_agreement_between_readers():
    first = frame_of_scores({"reader1": [0, 1], "reader2": [0, 1]})
    again = frame_of_scores({"reader1": [3, 3]}, occasion=2)

    assert entry(answer(pd.concat([first, again]))["inter"]) == near(entry(answer(first)["inter"]))


def test_bias_is_the_first_reader_minus_the_second_on_the_sum_of_muscles():
    vl = frame_of_scores({"reader1": [3, 1, 2], "reader2": [2, 1, 0]}, muscle="VL")
    gr = frame_of_scores({"reader1": [1, 1, 1], "reader2": [1, 0, 1]}, muscle="GR")

    (bias,) = answer(pd.concat([vl, gr]))["bias"]

    # differences 1, 1, 2
    assert bias["participants"] == 3
    assert bias["mean_difference"] == pytest.approx(4 / 3)
    assert bias["sd"] == pytest.approx(3**-0.5)
    assert bias["loa_low"] == pytest.approx(4 / 3 - 1.96 * 3**-0.5)
    assert bias["loa_high"] == pytest.approx(4 / 3 + 1.96 * 3**-0.5)


def test_a_reader_is_held_against_all_whom_common_units_connect_whatever_is_missing():
    scores = {"ann": [3, 2, None, None], "bob": [2, 1, 1, None], "cy": [None, None, 3, 3], "dan": [None] * 3 + [None]}

    effects = {effect["reader"]: effect for effect in answer(frame_of_scores(scores))["reader_effects"]}

    # ann is 1 above bob, cy 2 above bob; nobody shares a unit with dan
    assert {reader: effect["per_grade"]["value"] for reader, effect in effects.items()} == near(
        {"ann": 0.0, "bob": -1.5, "cy": 1.5, "dan": None}
    )
    assert (effects["ann"]["others"], effects["ann"]["units"], effects["cy"]["units"]) == (["bob", "cy"], 2, 1)
    assert "one participant alone connects the readers" in effects["bob"]["note"]
    assert "held only against" in effects["bob"]["note"]
    assert effects["dan"]["note"] == "no unit that another reader graded, too"


def test_bias_leaves_out_a_sum_that_lacks_a_muscle():
    vl = frame_of_scores({"reader1": [3, 1, 2], "reader2": [2, 1, None]}, muscle="VL")
    gr = frame_of_scores({"reader1": [1, 1, 3], "reader2": [1, 0, 0]}, muscle="GR")

    (bias,) = answer(pd.concat([vl, gr]))["bias"]

    assert (bias["participants"], bias["mean_difference"]) == (2, 1)
    assert bias["note"] == "both readers graded every muscle of 2 of 3 participants"
    # per grade, participants' means ½, ½ and 3, the last of one muscle
    assert (bias["units"], bias["per_grade"]["value"]) == (5, pytest.approx(4 / 3))
    low, high = student.interval(0.95, 2, loc=4 / 3, scale=(25 / 12) ** 0.5 / 3**0.5)
    assert (bias["per_grade"]["ci_low"], bias["per_grade"]["ci_high"]) == near((low, high))


def test_bias_of_readers_who_share_no_participant_is_null():
    (bias,) = answer(frame_of_scores({"reader1": [3, None], "reader2": [None, 1]}))["bias"]

    assert (bias["participants"], bias["mean_difference"], bias["sd"]) == (0, None, None)
    assert bias["note"] == "no participant graded by both readers"


def test_no_reads_are_an_answer():
    result = answer(frame_of())

    assert (result["readers"], result["pairs"], result["intra"], result["bias"]) == ([], [], [], [])
    assert all(entry["note"] == "no reads" and entry["alpha_ordinal"] == NOTHING for entry in result["inter"])
    assert all(entry["notes"] == [{"reason": "no reads", "coefficients": []}] for entry in result["inter"])


def test_no_variance_is_null_with_the_reason():
    vl = entry(answer(frame_of_scores({"reader1": [1, 1, 1], "reader2": [1, 1, 1]}))["inter"])

    assert vl["exact"]["value"] == vl["ac2"]["value"] == 1
    assert [vl[name] for name in ("kappa_linear", "kappa_quadratic", "alpha_ordinal", "icc_2_1", "icc_3_1")] == [
        NOTHING
    ] * 5
    assert vl["note"] == (
        "kappa_linear, kappa_quadratic: no variance, all grades of a pair are equal; "
        "alpha_ordinal: no variance, all grades are equal; icc_2_1, icc_3_1: no variance between units"
    )
    assert vl["notes"] == [
        {"reason": "no variance, all grades of a pair are equal", "coefficients": ["kappa_linear", "kappa_quadratic"]},
        {"reason": "no variance, all grades are equal", "coefficients": ["alpha_ordinal"]},
        {"reason": "no variance between units", "coefficients": ["icc_2_1", "icc_3_1"]},
    ]


def test_one_participant_has_values_without_intervals():
    vl = entry(answer(frame_of_scores({"reader1": [1], "reader2": [2]}))["inter"])

    assert vl["within_one"] == {"value": 1, "ci_low": None, "ci_high": None}
    assert "no interval from one participant" in vl["note"]


@pytest.mark.parametrize(
    ("grades", "message"),
    [
        ([{"score": 4}], "A score is 0, 1, 2 or 3"),
        ([{"score": 1.5}], "A score is 0, 1, 2 or 3"),
        ([{"muscle": "XX"}], "Unknown muscle: 'XX'"),
        ([{"side": "top"}], "Unknown side: 'top'"),
        ([{"score": 1}, {"score": 2}], "A reader grades a muscle of a read once"),
        ([{"mri": "A"}, {"mri": "B", "reader": "reader2"}], "one MRI of each participant"),
    ],
)
def test_what_no_frame_can_hold_is_refused(grades, message):
    with pytest.raises(ValueError, match=message):
        agreement(frame_of(*grades))


def test_the_full_answer_holds_its_values_within_its_intervals():
    result = answer(cohort_frame("balanced"), resamples=2000)

    for row in result["inter"] + result["pairs"]:
        for name in COEFFICIENTS:
            assert -1 <= row[name]["ci_low"] <= row[name]["value"] <= row[name]["ci_high"] <= 1
