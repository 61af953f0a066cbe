"""Values that come late, columns that are nearly right, days since the first MRI, and ages."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.csv.exports import export_participants
from grading.csv.imports import ImportAsked, ImportRefused, create_study, import_grades, import_participants
from grading.models import MRI, TrailRecord
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, grade

pytestmark = pytest.mark.django_db

P1 = {"participant": "P1", "group": "IMNM", "mri": "M1"}
LATE = {"age_years": "54", "sex": "f", "ck_u_per_l": "1200.5", "autoantibody": "SRP", "disease_duration_months": "7"}


@pytest.fixture
def study():
    return create_study(slug="thighs", title="Thighs", file=PARTICIPANTS)


def mris(*days: str, code: str = "P3") -> bytes:
    return as_csv(
        [
            {"participant": code, "group": "DM", "mri": f"MRI-{number}", "days_since_first_mri": of_one}
            for number, of_one in zip((2, 10, 11), days, strict=False)
        ]
    )


# Late values ----------------------------------------------------------------------------------------------------------


def test_late_values_are_added(study):
    report = import_participants(study=study, file=as_csv([P1 | LATE | {"scan_year": "2020"}]))

    participant = study.participants.get(code="P1")
    assert (participant.age_years, participant.sex, participant.ck_u_per_l) == (54, "female", 1200.5)
    assert (participant.autoantibody, participant.disease_duration_months) == ("SRP", 7)
    assert participant.mris.get().scan_year == 2020
    assert str(report) == "Imported into thighs: 6 values that were missing.\nSkipped 1 row stored already."
    assert TrailRecord.objects.filter(table="grading_participant", operation="update").count() == 1


def test_late_values_of_one_leave_those_of_others(study):
    import_participants(study=study, file=as_csv([P1 | {"age_years": "54"}]))
    rows = [P1 | {"sex": "m"}, {"participant": "P2", "group": "DM", "mri": "M1", "age_years": "60"}]

    import_participants(study=study, file=as_csv(rows))

    assert sorted(study.participants.values_list("age_years", "sex")) == [(54, "male"), (60, "")]


def test_importing_late_values_again_changes_nothing(study):
    import_participants(study=study, file=as_csv([P1 | LATE]))

    assert str(import_participants(study=study, file=as_csv([P1 | LATE]))).startswith(
        "Imported into thighs: nothing new."
    )


def test_value_that_differs_is_refused_with_the_way_to_correct_it(study):
    import_participants(study=study, file=as_csv([P1 | LATE]))

    with pytest.raises(ImportRefused, match=r"the study has '54'\. It is corrected on the participant's page\."):
        import_participants(study=study, file=as_csv([P1 | LATE | {"age_years": "55"}]))


# Columns --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Age (years)", "age_years"),
        ("age", "age_years"),
        ("CK U/L", "ck_u_per_l"),
        ("CK", "ck_u_per_l"),
        ("Gender", "sex"),
        ("auto-antibody", "autoantibody"),
        ("Autoantibodies", "autoantibody"),
        ("Disease duration", "disease_duration_months"),
        ("scan year", "scan_year"),
        ("Days since first MRI", "days_since_first_mri"),
        ("days_since_frist_mri", "days_since_first_mri"),
    ],
)
def test_column_that_is_nearly_right_is_asked_about(study, header, meant):
    file = as_csv([P1 | {header: "1"}])

    with pytest.raises(ImportAsked, match=f"is probably {meant}, and would be left out under this name."):
        import_participants(study=study, file=file)
    report = import_participants(study=study, file=file, accept_similar=True)

    assert report.warnings == [f"columns that the import does not know were ignored: {header}."]


def test_values_under_a_wrong_header_come_in_later_under_the_right_one(study):
    import_participants(study=study, file=as_csv([P1 | {"Age (years)": "54", "CK U/L": "900"}]), accept_similar=True)

    import_participants(study=study, file=as_csv([P1 | {"age_years": "54", "ck_u_per_l": "900"}]))

    assert study.participants.filter(code="P1", age_years=54, ck_u_per_l=900).exists()


@pytest.mark.parametrize("header", ["smoker", "site", "remarks", "bmi"])
def test_other_columns_are_left_out_with_a_warning_as_before(study, header):
    assert import_participants(study=study, file=as_csv([P1 | {header: "1"}])).warnings


def test_column_that_is_there_in_its_right_spelling_is_not_asked_about(study):
    assert import_participants(study=study, file=as_csv([P1 | {"age_years": "54", "age group": "50-59"}])).filled == 1


def test_columns_of_grades_are_asked_about_too(study):
    with pytest.raises(ImportAsked, match="is probably comment"):
        import_grades(study=study, file=as_csv([grade(Comments="motion")]), create_readers=True)


# Missing values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["NaN", "nan", "#N/A", "-", "NA", "n/a", "<NA>", "null", ".", "\N{EN DASH}", "?"])
def test_words_for_no_value_are_no_value(study, missing):
    file = as_csv([{"participant": "P3", "group": "DM", "mri": "M1"} | dict.fromkeys([*LATE, "scan_year"], missing)])

    import_participants(study=study, file=file)

    participant = study.participants.get(code="P3")
    assert (participant.autoantibody, participant.sex, participant.age_years, participant.ck_u_per_l) == (
        "",
        "",
        None,
        None,
    )


# The first MRI --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (["", ""], "There are none for 'MRI-2', 'MRI-10'."),
        (["0", ""], "There are none for 'MRI-10'."),
        (["0", "0"], "They are equal for 'MRI-2', 'MRI-10'."),
        (["5", "90"], "None of 'MRI-2', 'MRI-10' has 0."),
        (["0", "90", "90"], "They are equal for 'MRI-10', 'MRI-11'."),
    ],
)
def test_several_mris_without_days_that_name_the_first_are_refused(study, days, why):
    with pytest.raises(ImportRefused) as refused:
        import_participants(study=study, file=mris(*days), accept_similar=True)

    assert "Line 2, column days_since_first_mri: Participant 'P3' has" in str(refused.value)
    assert why in str(refused.value)


def test_the_days_decide_not_the_alphabet(study):
    import_participants(study=study, file=mris("0", "90"))

    assert MRI.objects.filter(study=study).first_of_participants().get(participant__code="P3").code == "MRI-2"


def test_a_second_mri_needs_the_days_of_the_stored_one_too(study):
    second = {"participant": "P1", "group": "IMNM", "mri": "M2", "days_since_first_mri": "90"}

    with pytest.raises(ImportRefused) as refused:
        import_participants(study=study, file=as_csv([second]))
    report = import_participants(study=study, file=as_csv([P1 | {"days_since_first_mri": "0"}, second]))

    assert "There are none for 'M1'. Add a row for each that the study has already." in str(refused.value)
    assert (report.mris, report.filled) == (1, 1)


def test_one_mri_needs_no_days(study):
    assert import_participants(study=study, file=mris("")).mris == 1


@given(files=st.lists(st.lists(st.sampled_from(["", "0", "1", "90"]), min_size=1, max_size=3), min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_days_come_in_whatever_files_every_participant_has_one_first_mri(study, files):
    with transaction.atomic():
        for days in files:
            try:
                import_participants(study=study, file=mris(*days, code="P2"))
            except ImportRefused:
                continue
        for participant in study.participants.all():
            known = list(participant.mris.values_list("days_since_first_mri", flat=True))
            assert len(known) == 1 or (None not in known and len(set(known)) == len(known) and 0 in known)
        transaction.set_rollback(True)


# Ages -----------------------------------------------------------------------------------------------------------------


def test_ages_over_89_are_stored_as_90_and_said_so(study):
    ages = {"P3": "89", "P4": "90", "P5": "91", "P6": "104"}
    file = as_csv([{"participant": code, "group": "DM", "mri": "M1", "age_years": age} for code, age in ages.items()])

    report = import_participants(study=study, file=file)

    stored = study.participants.exclude(age_years=None).order_by("code").values_list("age_years", flat=True)
    assert list(stored) == [89, 90, 90, 90]
    assert report.warnings == ["2 participants are over 90: stored as 90, which means 90 or more."]
    assert import_participants(study=study, file=file).participants == 0


def test_export_of_participants_comes_in_again_without_a_word(study):
    import_participants(study=study, file=as_csv([P1 | LATE | {"age_years": "97"}]))
    exported = "".join(export_participants(study)).encode()

    again = import_participants(study=study, file=exported)
    other = create_study(slug="other", title="Other", file=exported)

    assert again.warnings == []
    assert "".join(export_participants(other)).encode() == exported
