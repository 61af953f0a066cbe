"""The reference cohorts as their users bring them in: CSV files into an empty study, then `compare`."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.analysis.stats.test_reference import LEAST_P, NEAR_ZERO, TOLERANCES
from tests.reference_cohorts import ANSWERS, FOLDER, reference_answer

pytestmark = pytest.mark.django_db


def import_cohort(name: str, grades: Path | None = None) -> None:
    """The cohort's participants with its grades, or with the grades of another file."""
    call_command("import_participants", f"{FOLDER}/{name}.participants.csv", study=name, create=True, stdout=StringIO())
    grades = grades or FOLDER / f"{name}.grades.csv"
    call_command("import_grades", str(grades), study=name, create_readers=True, stdout=StringIO())


def compared(name: str, **options) -> dict:
    out = StringIO()
    call_command("compare", study=name, format="json", permutations=0, stdout=out, **options)
    return json.loads(out.getvalue())


def assert_equals_r(found: dict, expected: dict) -> None:
    for number, tolerance in TOLERANCES.items():
        least = LEAST_P if number == "p" else NEAR_ZERO
        assert found[number] == pytest.approx(expected[number], rel=tolerance, abs=least), number


@pytest.mark.parametrize(("name", "analysis_set"), ANSWERS)
def test_imported_cohort_gets_the_answers_of_r(name, analysis_set):
    import_cohort(name)
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


def test_cohort_that_contradicts_itself_is_refused_whole(tmp_path):
    lines = (FOLDER / "balanced.grades.csv").read_text().splitlines()
    assert lines[1] == "P004,P004-1,reader1,T1W,fat,VL,both,1,false"
    lines.append("P004,P004-1,reader1,T1W,fat,VL,both,2,false")
    file = tmp_path / "grades.csv"
    file.write_text("\n".join(lines) + "\n")

    with pytest.raises(CommandError) as refusal:
        import_cohort("balanced", file)

    contradiction = "VL (both) of this read stands on line 2 too, with another score."
    assert str(refusal.value) == f"Nothing was imported.\nLine {len(lines)}, column muscle: {contradiction}"
    assert refusal.value.returncode == 1
    assert compared("balanced")["n"]["reads"] == 0
