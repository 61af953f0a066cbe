"""The methods and results paragraphs say what the numbers say, and no more."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.stats.deciding import decided
from analysis.words.notation import number
from analysis.words.paper.grras import TO_COMPLETE, grras
from analysis.words.paper.methods import methods
from analysis.words.paper.results import results
from grading.anatomy import MUSCLE_BY_CODE
from tests.analysis.stats.comparison_frames import cohort, frame_of
from tests.analysis.words.paper.papers import findings_of, findings_of_cohort
from tests.reference_cohorts import reference_frame


def changed(findings, which="main", **by_muscle):
    """The findings with some numbers of some muscles replaced: ``VL={"p_holm": 0.06}``."""
    result = getattr(findings, which)
    muscles = [entry | by_muscle.get(entry["muscle"], {}) for entry in result["muscles"]]
    return replace(findings, **{which: decided(result | {"muscles": muscles}, result["deciding"]["asked"])})


def sentence_with(text, words):
    return next((part for part in text.replace("; ", ". ").split(". ") if words in part), "")


@pytest.mark.parametrize("name", ["balanced", "missing-reader", "several-mris", "sides"])
def test_most_affected_muscles_are_at_most_three_of_the_highest_medians_from_mild_on(name):
    findings = findings_of_cohort(name)
    text = results(findings)

    for group in ("IMNM", "DM"):
        named = text[text.index(f"In {group}, the most affected") :].split("]).")[0]
        found = {code for code, known in MUSCLE_BY_CODE.items() if f"{known.name.replace(',', '')} (median" in named}
        medians = {entry["muscle"]: entry["groups"][group]["median"] for entry in findings.main["muscles"]}
        others = [medians[code] for code in medians.keys() - found]

        assert 1 <= len(found) <= 3
        assert min(medians[code] for code in found) >= max(1, *others) or (len(found) < 3 and max(others) < 1)


def test_no_muscle_under_mild_is_named_as_affected():
    frame = reference_frame("balanced").assign(score=lambda rows: rows["score"].eq(3) * 1.0)

    assert "In DM, no muscle reached a median score of 1." in results(findings_of(frame))


def test_a_sequence_that_nobody_read_is_not_named():
    frame = reference_frame("balanced")
    known = frame.assign(sequence=pd.Categorical(frame["sequence"], ["STIR", "T1W", "T2FS"]))

    findings = findings_of(known)

    assert {of["sequence"] for of in findings.graded["read_on"]} == set(frame["sequence"])
    assert all(of["reads"] for of in findings.graded["read_on"])


def test_a_least_affected_group_names_its_highest_medians():
    frame = reference_frame("balanced").assign(score=lambda rows: rows["score"].clip(upper=1))

    assert "In DM, the most affected muscle" in results(findings_of(frame))


def test_directions_are_told_with_each_muscle_and_no_untested_pattern():
    text = results(findings_of_cohort("balanced"))

    higher_in_dm, higher_in_imnm = text[text.index("Scores were") :].split("])")[0].split("and higher in IMNM for")

    assert "higher in DM for the vastus lateralis" in higher_in_dm
    assert "semimembranosus" in higher_in_imnm
    assert "semimembranosus" not in higher_in_dm
    assert "pattern" not in text


@pytest.mark.parametrize(("p", "words"), [(0.001, "differed"), (0.2, "was not shown to differ")])
def test_pattern_is_told_where_it_was_tested(p, words):
    findings = findings_of_cohort("balanced")
    test = {"F": 9.87, "df1": 10, "df2": 230.04, "scaling": 1.0, "p": p, "status": "ok", "note": ""}
    tested = replace(findings, main=findings.main | {"pattern": {"pattern": test, "any": test}})
    untold = replace(
        findings, main=findings.main | {"pattern": {"pattern": test | {"F": None, "p": None}, "any": test}}
    )

    assert f"The pattern of the muscles {words} between the groups (F(10, 230.0) = 9.87, p" in results(tested)
    assert "pattern" not in results(untold)


def test_one_direction_is_no_inverse_pattern():
    text = results(findings_of(cohort(effect=2.0, seed=3)))

    assert "inverse" not in text
    assert "no muscle differed significantly the other way" in text


def test_p_that_holm_lifts_is_not_called_significant():
    findings = changed(findings_of_cohort("balanced"), VL={"p": 0.03, "p_holm": 0.06})

    text = results(findings)

    only_raw = text[text.index("Below 0.05 before Holm’s adjustment only") :].split("). ")[0]
    assert "so not significant: vastus lateralis" in only_raw
    assert "raw p = 0.030, Holm’s p = 0.060" in only_raw
    assert "vastus lateralis" not in text[text.index("Scores were") :].split("). ")[0]


def test_raw_p_decides_where_it_is_chosen():
    findings = changed(findings_of_cohort("balanced"), VL={"p": 0.03, "p_holm": 0.06})
    by_raw = replace(findings, main=decided(findings.main, "raw"), edema=decided(findings.edema, "raw"))

    assert "vastus lateralis" in results(by_raw)[results(by_raw).index("Scores were") :].split("). ")[0]
    assert "not adjusted for the number of muscles; below" in results(by_raw)
    assert "Holm" not in results(by_raw) + methods(by_raw)


def test_nothing_significant_is_said_as_such():
    none = {entry["muscle"]: {"p": 0.2, "p_holm": 1.0} for entry in findings_of_cohort("balanced").main["muscles"]}

    text = results(changed(findings_of_cohort("balanced"), **none))

    assert "differed significantly in none of 11 muscles" in text
    assert "inverse" not in text


def test_same_calls_make_a_similar_secondary_comparison():
    findings = findings_of_cohort("balanced")
    same = replace(findings, edema=findings.main)

    assert "results were similar" in results(same)
    assert "The direction of the difference was the same" in results(same)


def test_another_call_makes_it_differ_with_both_p_values():
    findings = findings_of_cohort("balanced")
    other = replace(findings, edema=findings.main)

    both = changed(changed(other, VI={"p_holm": 0.01}), "edema", VI={"p_holm": 0.2})
    text = results(both)

    assert "similar" not in text
    assert "results differed in the vastus intermedius (Holm p = 0.200, against Holm p = 0.010 in the main" in text


def test_turned_significant_difference_is_not_similar():
    findings = replace(findings_of_cohort("balanced"), edema=findings_of_cohort("balanced").main)
    estimate = findings.main["muscles"][0]["estimate"]

    text = results(changed(findings, "edema", VL={"estimate": -estimate}))

    assert "results differed in the vastus lateralis" in text
    assert "opposite direction in the vastus lateralis" in text


@pytest.mark.parametrize("only", [{"feature": "fat", "sequence": "T1W"}, {"feature": "edema", "sequence": "T2FS"}])
def test_one_feature_is_named_with_its_sequence_and_has_no_secondary_comparison(only):
    findings = findings_of(cohort().assign(**only))
    name = {"fat": "fatty infiltration", "edema": "edema"}[only["feature"]]

    assert f"graded by 3 readers, for {name} on {only['sequence']} (share" in methods(findings)
    for text in (methods(findings), results(findings)):
        assert not any(word in text for word in ("secondary", "edema-only", "With edema reads only", "scored for fat"))


def test_features_and_sequences_are_those_of_the_reads():
    frame = cohort()
    by_place = frame["participant"].map({code: place for place, code in enumerate(sorted(set(frame["participant"])))})
    frame["sequence"] = by_place.map(lambda place: ("STIR", "T2FS", "T1W")[place % 3])
    frame["feature"] = by_place.map(lambda place: "fat" if place % 3 == 2 else "edema")
    findings = findings_of(frame)

    assert "for edema on STIR or T2FS and fatty infiltration on T1W (share" in methods(findings)
    assert (
        "There were 12 reads for edema on STIR, 12 for edema on T2FS and 12 for fatty infiltration on T1W."
        in results(findings)
    )


def test_what_is_missing_is_counted():
    frame = cohort()
    missing = frame["muscle"].eq("VL") & frame["reader"].eq("reader1")
    unread = frame["participant"].eq("P001") & frame["reader"].eq("reader2")
    frame["score"] = frame["score"].mask(missing)

    text = results(findings_of(frame[~unread]))

    assert "In 12 of 385 grades (3.1 %) the muscle could not be assessed" in text
    assert "Of 1 participant, not every reader’s grades were there" in text
    assert "could not be assessed" not in results(findings_of(cohort()))


@pytest.mark.parametrize(("max_t", "agree"), [(0.052, False), (0.001, True)])
def test_permutation_is_given_and_said_where_it_disagrees(max_t, agree):
    same = {"p": 0.0001, "p_holm": 0.001, "p_permutation": 0.001, "p_permutation_max_t": 0.001}
    each = {entry["muscle"]: same for entry in findings_of_cohort("balanced").main["muscles"]}
    each["BFSH"] = same | {"p_holm": 0.03, "p_permutation_max_t": max_t}

    text = results(changed(findings_of_cohort("balanced"), **each))

    assert f"By permutation (max-T), they differed significantly in {11 if agree else 10} of 11 muscles." in text
    disagreeing = "The two methods disagreed on the biceps femoris short head (Holm’s p = 0.030, max-T p = 0.052)."
    assert (disagreeing in text) != agree


def test_few_units_have_no_range_over_muscles():
    assert "ICC(2,1) ranged from" not in results(findings_of(cohort(participants=6)))
    assert re.search(
        r"ranged from \S+ \(95 % CI .* in the .* to \S+ \(95 % CI", results(findings_of_cohort("balanced"))
    )


@pytest.mark.parametrize("engine", ["reml", "statsmodels"])
def test_software_is_what_fitted(engine):
    findings = findings_of_cohort("balanced")
    text = methods(replace(findings, main=findings.main | {"engine": engine}))

    assert ("checked against lme4 and pbkrtest in R" in text) == (engine == "reml")
    assert ("fitted by statsmodels" in text) == (engine == "statsmodels")


def test_thousands_are_told_apart():
    findings = findings_of_cohort("balanced")
    many = replace(findings, main=findings.main | {"n": findings.main["n"] | {"grades": 11494}})

    assert "11,494 grades" in results(many)


def test_muscles_without_an_answer_are_named_with_the_reason():
    text = results(findings_of_cohort("degenerate"))

    assert "Not estimable: semimembranosus (All grades of a muscle are equal" in text
    assert "differed significantly in" in text


def test_muscles_at_the_boundary_are_named():
    assert "is estimated as 0 (singular fit)" in results(findings_of_cohort("boundary"))


def test_overall_icc_has_no_interval_and_says_which_units_it_rests_on():
    text = results(findings_of_cohort("missing-reader"))

    assert re.search(
        r"and ICC\(2,1\) was 0\.\d\d \(ICC\(2,1\): from the \d+ of \d+ units that every rater graded\)", text
    )
    assert "kappa was 0" in text
    assert "(95 % CI" in text
    assert "icc_2_1" not in text


def test_one_reader_has_no_agreement():
    findings = findings_of_cohort("one-reader")

    assert "Agreement between readers could not be assessed: only one reader." in results(findings)
    assert "kappa" not in methods(findings)
    assert "linear models fitted to each muscle apart by least squares" in methods(findings)


def test_no_estimable_muscle_claims_nothing():
    frame = frame_of(participant=["A", "B"], group=["IMNM", "DM"], score=[1.0, 3.0])

    text = results(findings_of(frame))

    assert "No muscle’s difference could be estimated." in text
    assert "significant" not in text


def test_no_data_at_all():
    findings = findings_of(cohort().iloc[:0])

    assert "No signed-off read enters the comparison yet." in results(findings)
    assert "Agreement between readers could not be assessed: no reads." in results(findings)
    assert methods(findings)


def test_joint_model_is_described_as_one():
    text = methods(findings_of_cohort("balanced", "joint"))

    assert "one linear mixed-effects model of all muscles, which assumes equal variances" in text
    assert "(1 | participant:muscle)" in text


def test_sides_are_said_where_they_were_graded():
    assert "the left and the right thigh apart" in methods(findings_of_cohort("sides"))
    assert "thigh apart" not in methods(findings_of_cohort("balanced"))


@pytest.mark.parametrize("write", [methods, results])
def test_restriction_is_a_sentence_of_its_own(write):
    findings = replace(findings_of_cohort("balanced"), restriction="only reads on STIR were taken")

    assert "Only reads on STIR were taken." in write(findings)


def test_interim_data_are_called_so_until_the_lock():
    findings = replace(findings_of_cohort("balanced"), reads=90, reads_signed_off=75, looks=3)

    assert "Interim data (75 of 90 reads signed off)" in results(findings)
    assert "looked at 3 times so far" in results(findings)
    assert "Interim" not in results(replace(findings, is_final=True))
    assert "Final data" in results(replace(findings, is_final=True))


@pytest.mark.parametrize(
    ("looks", "text"), [(3, "looked at 3 times before the lock"), (0, "had not been compared before the lock")]
)
def test_final_data_say_how_often_they_had_been_looked_at(looks, text):
    findings = replace(findings_of_cohort("balanced"), is_final=True, looks=looks)

    assert text in results(findings)
    assert "looked at" not in results(replace(findings, looks=None))


def test_checklist_has_fifteen_items_and_leaves_to_the_authors_what_data_cannot_know():
    items = grras(findings_of_cohort("balanced"))

    assert [item.number for item in items] == list(range(1, 16))
    assert {item.number for item in items if item.is_open} == {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14}
    assert all(item.answer.endswith(".") for item in items)
    assert all((TO_COMPLETE in item.answer) == item.is_open for item in items)


def test_checklist_vouches_for_no_imported_read():
    text = {n: grras(replace(findings_of_cohort("balanced"), reads_imported=n))[7].answer for n in (0, 75)}

    assert "imported" not in text[0]
    assert "cannot say this of the 75 signed-off reads imported" in text[75]


def test_a_joint_model_without_random_effects_is_no_mixed_one():
    findings = findings_of(reference_frame("one-reader"), "joint")
    linear = replace(findings, main=findings.main | {"terms": findings.main["terms"] | {"random": []}})

    assert "one linear mixed-effects model of all muscles" in methods(findings)
    assert "one linear model of all muscles" in methods(linear)
    assert "fitted by least squares" in methods(linear)


@pytest.mark.parametrize("model", ["per-muscle", "joint"])
def test_nothing_is_learnt_by_reading_a_formula(model):
    findings = findings_of(reference_frame("sides"), model)
    hidden = replace(findings, main=findings.main | {"formula": "F"})

    assert methods(hidden) == methods(findings).replace(findings.main["formula"], "F")
    assert results(hidden) == results(findings)


@pytest.mark.parametrize("name", ["missing-reader", "one-reader", "degenerate"])
def test_nothing_is_learnt_by_reading_the_notes_of_agreement(name):
    findings = findings_of_cohort(name)
    entries = {
        kind: [entry | {"note": "N"} for entry in findings.agreement[kind]] for kind in ("inter", "pairs", "intra")
    }
    hidden = replace(findings, agreement=findings.agreement | entries)

    assert results(hidden) == results(findings)
    assert grras(hidden) == grras(findings)


def test_effects_are_those_of_the_readers_who_grade_lowest_and_highest():
    findings = findings_of_cohort("balanced")
    effects = sorted(findings.agreement["reader_effects"], key=lambda effect: effect["per_grade"]["value"])

    said = sentence_with(results(findings), "Against the mean of the other readers")
    assert said.index(f"({effects[0]['reader']})") < said.index(f"({effects[-1]['reader']})")
    assert number(effects[0]["per_grade"]["ci_low"]) in said


def test_bias_is_that_of_the_readers_who_differ_most():
    findings = findings_of_cohort("balanced")
    most = max(findings.agreement["bias"], key=lambda bias: abs(bias["mean_difference"]))
    limits = f"limits of agreement {number(most['loa_low'])} to {number(most['loa_high'])}"

    said = sentence_with(results(findings), "Sum scores of all muscles differed most")
    assert " and ".join(most["readers"]) in said
    assert number(most["mean_difference"]) in said
    assert limits in results(findings)


def test_fat_beside_edema_is_told_as_an_outcome_of_its_own():
    edema = reference_frame("balanced").query("feature == 'edema'")
    fat = edema.assign(feature="fat", sequence="T1W", score=3 - edema["score"])

    one, both = findings_of(edema), findings_of(pd.concat([edema, fat]))

    assert "atty infiltration" not in methods(one) + results(one)
    assert both.main["muscles"] == both.edema["muscles"]
    assert "Fatty infiltration was compared apart, as an outcome of its own" in methods(both)
    told = results(both).split("Fatty infiltration was compared apart in ")[1]
    turned = [entry for entry in both.main["muscles"] if entry["p_deciding"] < 0.05]
    assert turned
    assert told.startswith(f"{both.fat['n']['participants']} participants (")
    for entry in turned:  # the scores were turned round, so the differences are
        assert f"{MUSCLE_BY_CODE[entry['muscle']].name.replace(',', '')} ({number(-entry['estimate'])} " in told
