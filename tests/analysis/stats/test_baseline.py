"""Table 1 beside what R says of the same participants (tests/reference/table1.R)."""

import json

import pandas as pd
import pytest

from analysis.stats.baseline import described
from analysis.stats.question import Question
from tests.analysis.tables import READ
from tests.reference_cohorts import FOLDER, first_mris

COHORT = "covariates-missing"


@pytest.fixture(scope="module")
def table_one():
    people = pd.read_csv(FOLDER / f"{COHORT}.participants.csv", dtype=object, keep_default_na=False)
    people = first_mris(people).assign(autoantibody="", ck_u_per_l=None, scan_year=2020, mris=1, withdrawn=False)
    numbers = {name: pd.to_numeric(people[name], errors="coerce") for name in ("age_years", "disease_duration_months")}
    people = people.assign(**numbers)
    found = described(people, people.assign(**READ), Question("IMNM", "DM"))
    return {each["name"]: each for each in found["characteristics"]}


@pytest.mark.parametrize("name", ["age_years", "disease_duration_months", "sex"])
def test_it_is_what_r_says(table_one, name):
    in_r = json.loads((FOLDER / f"{COHORT}.table1.json").read_text())

    for group, own in [*table_one[name]["by_group"].items(), ("all", table_one[name]["total"])]:
        ours = own | own["levels"]
        assert {key: ours[key] for key in in_r[group][name]} == pytest.approx(in_r[group][name], rel=1e-12)


def test_who_has_no_value_is_missing_and_nothing_is_made_up_of_nobody(table_one):
    nobody = table_one["ck_u_per_l"]["total"]

    assert (nobody["n"], nobody["missing"]) == (0, 30)
    assert {nobody[name] for name in ("median", "q1", "q3", "mean", "sd", "min", "max")} == {None}
