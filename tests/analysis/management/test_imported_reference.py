"""The reference cohorts as their users bring them in: CSV files into an empty study, then `compare`.

`several-mris.grades.csv` contradicts itself: P005-1 carries each of its fat grades twice, mostly with another score.
The import refuses it, as it must, so its answer for all participants, for which R pooled both, cannot be had from a
database. Its edema set leaves P005 out and is compared once the contradiction is gone.
"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.analysis.stats.test_reference import LEAST_P, NEAR_ZERO, TOLERANCES
from tests.reference_cohorts import ANSWERS, FOLDER, reference_answer

pytestmark = pytest.mark.django_db

CONTRADICTORY = "several-mris"
ASKED = [(name, analysis_set) for name, analysis_set in ANSWERS if (name, analysis_set) != (CONTRADICTORY, "all")]


def import_cohort(name: str, grades: str) -> None:
    call_command("import_participants", f"{FOLDER}/{name}.participants.csv", study=name, create=True, stdout=StringIO())
    call_command("import_grades", grades, study=name, create_readers=True, stdout=StringIO())


def without_contradiction(name: str, folder) -> str:
    """The grades with the first row of every key alone."""
    header, *rows = (FOLDER / f"{name}.grades.csv").read_text().splitlines(keepends=True)
    of_key = {tuple(row.split(",")[:7]): row for row in reversed(rows)}
    file = folder / "grades.csv"
    file.write_text("".join([header, *of_key.values()]))
    return str(file)


def compared(name: str, **options) -> dict:
    out = StringIO()
    call_command("compare", study=name, format="json", permutations=0, stdout=out, **options)
    return json.loads(out.getvalue())


def assert_equals_r(found: dict, expected: dict) -> None:
    for number, tolerance in TOLERANCES.items():
        least = LEAST_P if number == "p" else NEAR_ZERO
        assert found[number] == pytest.approx(expected[number], rel=tolerance, abs=least), number


@pytest.mark.parametrize(("name", "analysis_set"), ASKED)
def test_imported_cohort_gets_the_answers_of_r(name, analysis_set, tmp_path):
    import_cohort(name, without_contradiction(name, tmp_path))
    expected = reference_answer(name, analysis_set)

    per_muscle = compared(name, set=analysis_set)
    joint = compared(name, set=analysis_set, model="joint")

    assert per_muscle["n"]["participants"] == expected["n"]["participants"]
    assert per_muscle["n"]["grades"] == expected["n"]["grades"]
    assert [row["status"] for row in per_muscle["muscles"]] == [row["status"] for row in expected["per_muscle"]]
    for found, of_r in zip(per_muscle["muscles"], expected["per_muscle"], strict=True):
        if found["estimate"] is not None:
            assert_equals_r(found, of_r)
    for found, of_r in zip(joint["muscles"], expected["joint"]["muscles"], strict=True):
        assert_equals_r(found, of_r)


def test_cohort_that_contradicts_itself_is_refused_whole():
    with pytest.raises(CommandError, match=r"Line 1058, column muscle: VL \(both\) .* line 266 too") as refusal:
        import_cohort(CONTRADICTORY, f"{FOLDER}/{CONTRADICTORY}.grades.csv")

    assert refusal.value.returncode == 1
    assert compared(CONTRADICTORY)["n"]["reads"] == 0
