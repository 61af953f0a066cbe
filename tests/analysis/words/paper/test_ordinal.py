"""The sentence on the ordinal model, and the table of it for a terminal."""

from analysis.stats.ordinal.comparison import compare_ordinal
from analysis.stats.ordinal.ordinal_json import as_json
from analysis.words.comparison.ordinal import as_text
from analysis.words.notation import number
from analysis.words.paper.ordinal import ordinal_results
from tests.analysis.stats.comparison_frames import cut, frame_of
from tests.reference_cohorts import reference_frame


def result_of(frame):
    return as_json(compare_ordinal(cut(frame), permutations=0, resamples=0), study="study")


def test_the_sentence_has_the_muscles_that_differ_and_those_without_an_answer():
    result = result_of(reference_frame("degenerate"))

    (sentence,) = ordinal_results(result, is_beside_adjusted=False)
    (beside,) = ordinal_results(result, is_beside_adjusted=True)

    below = [entry["muscle"] for entry in result["muscles"] if (entry["p_holm"] or 1) < 0.05]
    assert f"differed significantly in {len(below)} of 9 muscles (vastus lateralis, " in sentence
    assert sentence.endswith("; there was no answer for the semimembranosus and adductors.")
    assert "Holm’s adjustment; without covariates)" in beside
    assert "covariates" not in sentence
    assert [*ordinal_results(None, is_beside_adjusted=False)] == []


def test_where_nothing_has_an_answer_the_sentence_says_that():
    result = result_of(frame_of(participant=["P1", "P2"], group=["DM", "IMNM"], score=[1.0, 2.0]))
    (sentence,) = ordinal_results(result, is_beside_adjusted=False)

    assert sentence.endswith(", no muscle had an answer.")


def test_the_table_says_which_end_of_an_interval_is_open():
    text = as_text(result_of(reference_frame("missing-cells")))

    assert "– [6.78, ∞)" in text
    assert "– (−∞, −7.30]" in text
    assert "separated" in text


def test_the_table_tells_an_interval_without_ends_from_an_end_that_was_not_found():
    result = result_of(reference_frame("covariates"))
    for muscle, ends in zip(result["muscles"], (("open", "open"), ("not_found", "found")), strict=False):
        muscle |= {"ci_low": None, "ci_high": None, "ci_low_end": ends[0], "ci_high_end": ends[1]}
    result["muscles"][1]["ci_high"] = 3.0

    text = as_text(result)

    assert f"{number(result['muscles'][0]['estimate'])} (−∞, ∞)" in text
    assert "[not found, 3.00]" in text
