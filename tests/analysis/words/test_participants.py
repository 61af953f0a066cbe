"""Table 1 in words, in a paper and in the bundle, where a group is empty or nobody has a value."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from analysis.bundle.participants import table_one_csv
from analysis.figure.flow import flow_diagram
from analysis.stats.baseline import described
from analysis.stats.covariates import Covariate
from analysis.stats.question import Question
from analysis.words.paper.participants import who
from analysis.words.participants.flow import steps_in_words
from analysis.words.participants.table import table_in_words
from tests.analysis.tables import READ

KNOWN = {"autoantibody": "", "withdrawn": False, "mris": 1, "scan_year": 2020, "age_years": 40.0, "ck_u_per_l": None}


def of_one_group(women: int, men: int) -> Any:
    sexes = ["female"] * women + ["male"] * men
    people = pd.DataFrame({"participant": [f"p{place}" for place in range(len(sexes))], "sex": sexes})
    people = people.assign(group="DM", disease_duration_months=None, **KNOWN)
    return described(people, people.assign(**READ), Question("IMNM", "DM"))


def test_per_cents_are_0_of_nobody_and_100_of_everybody_alone():
    rows = {row.label: row.cells for row in table_in_words(of_one_group(1, 249)).rows}

    assert rows["female"] == ("1 (<1)", "–", "1 (<1)")
    assert rows["male"] == ("249 (>99)", "–", "249 (>99)")
    assert rows["2 or more"] == ("0 (0)", "–", "0 (0)")


def test_what_a_study_defines_stands_behind_the_clinical_values_by_its_label():
    own = (
        Covariate("drug", "levels", ("none", "MTX", "IVIG"), "Treatment"),
        Covariate("ratio", "number", (), "Ratio of signals", "%"),
        Covariate("unknown", "number", (), "Unknown"),
    )
    people = pd.DataFrame({"participant": ["p0", "p1", "p2"], "group": ["DM", "DM", "IMNM"], "sex": "female"})
    people = people.assign(disease_duration_months=None, **KNOWN)
    people = people.assign(drug=["none", None, "IVIG"], ratio=[0.04, -0.123, float("nan")], unknown=None)

    found = described(people, people.assign(**READ), Question("IMNM", "DM"), defined=own)

    rows = [(row.label, *row.cells) for row in table_in_words(found).rows]
    place = [label for label, *_ in rows].index("Treatment, n (%)")
    assert rows[place : place + 8] == [
        ("Treatment, n (%)", "", "", ""),
        ("none", "1 (100)", "0 (0)", "1 (50)"),
        ("MTX", "0 (0)", "0 (0)", "0 (0)"),
        ("IVIG", "0 (0)", "1 (100)", "1 (50)"),
        ("missing, n", "1", "0", "1"),
        ("Ratio of signals, %", "−0.042 [−0.082–−0.00075]", "–", "−0.042 [−0.082–−0.00075]"),
        ("missing, n", "0", "1", "1"),
        ("Year of first MRI, range", "2020", "2020", "2020"),
    ]


def test_a_paper_says_nothing_of_the_sex_of_nobody():
    found: Any = SimpleNamespace(left_out=(), described=of_one_group(2, 1))

    assert list(who(found)) == [
        "Table 1 describes them: median age [IQR] was 40 [40–40] years in DM; 2 of 3 participants with DM were female."
    ]


def test_the_bundle_counts_who_is_missing_where_nobody_has_a_level():
    assert "autoantibody,,DM,0,3,,,,,,,,\n" in table_one_csv(of_one_group(2, 1))


def test_the_diagram_says_its_numbers_to_those_who_do_not_see_it():
    found = of_one_group(2, 1)

    drawn = flow_diagram(found, steps_in_words(found["flow"], Question("IMNM", "DM")))

    assert "In the comparison: 3 participants (DM 3, IMNM 0); 3 reads (DM 3, IMNM 0).</desc>" in drawn
