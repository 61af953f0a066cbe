"""What is said of muscles that separate the groups completely: what their numbers say, whichever p decides."""

from dataclasses import replace

import numpy as np

from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariates
from analysis.stats.deciding import decided
from analysis.words.comparison.adjusted import in_models
from analysis.words.comparison.summary import summary
from analysis.words.paper.edema_only import secondary
from analysis.words.paper.results import results
from tests.analysis.stats.comparison_frames import cohort, compare, frame_of
from tests.analysis.words.paper.papers import findings_of


def apart(frame, muscle="RF"):
    """The frame with a muscle that is 3 in DM and 0 in IMNM."""
    return frame.assign(
        score=frame["score"].where(frame["muscle"] != muscle, np.where(frame["group"] == "DM", 3.0, 0.0))
    )


def alike(frame):
    """The frame with scores that do not depend on the group."""
    return frame.assign(score=frame["participant"].str.extract(r"(\d+)")[0].astype(int).to_numpy() % 3 * 1.0)


def test_muscle_that_permutations_call_different_is_counted_and_has_their_p():
    frame = apart(alike(cohort(participants=12)))
    found = findings_of(frame)
    by_max_t = decided(as_json(compare(frame, permutations=2000), study="study"), "max-t")
    (p,) = (muscle["p_deciding"] for muscle in by_max_t["muscles"] if muscle["status"] == "separated")
    text = results(replace(found, main=by_max_t))

    assert p < 0.05
    assert "DM and IMNM differ in 1 of 11 muscles" in summary(by_max_t)
    assert "Higher in DM: RF." in summary(by_max_t)
    assert "RF (higher in DM by 3.00, max-T p 0.00" in summary(by_max_t)
    assert "differed significantly in 1 of 11 muscles" in text
    assert "higher in DM by 3.00 grade points; max-T p" in text


def test_muscle_without_the_p_that_decides_is_called_significant_nowhere():
    found = findings_of(apart(alike(cohort(participants=12))))
    text = " ".join([results(found), *secondary(found.main, found.edema)])

    assert "differed significantly in none of 10 muscles" in text
    assert "the same muscles were completely separated, and no other was significant after Holm’s adjustment" in text
    assert "muscles were significant" not in text


def test_difference_that_is_stated_is_not_said_to_be_none():
    frame = frame_of(participant=["A", "B", "C", "D"], group=["DM", "DM", "IMNM", "IMNM"], score=[3.0, 3.0, 1.0, 1.0])

    text = results(findings_of(frame))

    assert "separated the groups completely (higher in DM by 2.00 grade points)" in text
    assert "could be estimated" not in text


def test_models_that_are_not_there_have_no_participants_to_count():
    frame = cohort(participants=10)
    people = frame[["participant"]].drop_duplicates().assign(age_years=np.linspace(30, 70, 10))
    only_one = frame[frame["muscle"] == "VL"]

    found = as_json(compare(only_one, covariates=Covariates(("age_years",), people)), study="study")

    assert in_models(found) == "10 participants"
