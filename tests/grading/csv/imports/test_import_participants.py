"""Participants and MRIs from CSV, and the study that they found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grading.csv.exports import export_participants
from grading.csv.imports import ImportRefused, create_study, import_participants
from grading.limits import MAX_FILE_BYTES
from grading.models import MRI, DiagnosisGroup, Participant, Study
from tests.builders import withdraw
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv

pytestmark = pytest.mark.django_db

CLINICAL = {
    "participant": "P3",
    "group": "DM",
    "mri": "M1",
    "sex": "female",
    "age_years": "54",
    "autoantibody": "Mi-2",
    "ck_u_per_l": "1200.5",
    "disease_duration_months": "7",
    "scan_year": "2021",
    "days_since_first_mri": "0",
}


@pytest.fixture
def study():
    return create_study(slug="thighs", title="Thighs", file=PARTICIPANTS)


def refusal(study, file: bytes) -> str:
    """What the refusal says; nothing may have changed."""
    before = set(MRI.objects.values_list("pk", flat=True))
    with pytest.raises(ImportRefused) as refused:
        import_participants(study=study, file=file)
    assert set(MRI.objects.values_list("pk", flat=True)) == before
    return str(refused.value)


@pytest.mark.parametrize("doing", ["storing the participants", "storing the MRIs", "storing what was missing"])
def test_whoever_asks_for_an_end_is_heard_between_two_batches(study, monkeypatch, doing):
    """A worker that ends waits for no file of some hundred thousand rows."""
    monkeypatch.setattr("grading.csv.imports.batches.BATCH", 1)
    new = [CLINICAL | {"participant": f"Q{number}"} for number in range(2)]
    known = [CLINICAL | {"participant": code, "group": group} for code, group in (("P1", "IMNM"), ("P2", "DM"))]
    before = [*export_participants(study)]

    def told(done, total, done_now):
        if (done, done_now) == (1, doing):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        import_participants(study=study, file=as_csv([*new, *known]), told=told)

    assert [*export_participants(study)] == before


# What comes in --------------------------------------------------------------------------------------------------------


def test_every_column_is_stored(study):
    report = import_participants(study=study, file=as_csv([CLINICAL]))

    participant = Participant.objects.get(study=study, code="P3")
    mri = participant.mris.get()
    assert (report.participants, report.mris, report.skipped, report.warnings) == (1, 1, 0, [])
    assert (participant.group.code, participant.sex, participant.age_years) == ("DM", "female", 54)
    assert (participant.autoantibody, participant.ck_u_per_l) == ("Mi-2", 1200.5)
    assert (participant.disease_duration_months, mri.code, mri.scan_year, mri.days_since_first_mri) == (
        (7.0, "M1", 2021, 0)
    )


def test_new_participant_may_have_withdrawn(study):
    header = b"participant,group,mri,days_since_first_mri,withdrawn\n"
    import_participants(study=study, file=header + b"P3,DM,M1,0,true\nP3,DM,M2,9,\nP4,DM,M1,,false\n")

    assert [participant.code for participant in study.participants.withdrawn()] == ["P3"]


def test_file_withdraws_nobody_who_is_here(study):
    assert "participant 'P1' takes part here. Withdraw them on the participant's page." in refusal(
        study, b"participant,group,mri,withdrawn\nP1,IMNM,M1,true\n"
    )


@pytest.mark.parametrize("file", [PARTICIPANTS, b"participant,group,mri,withdrawn\nP1,IMNM,M1,false\n"])
def test_file_takes_no_withdrawal_back(study, file):
    """One of before is no reason to bring somebody back."""
    withdraw(study.participants.get(code="P1"))

    import_participants(study=study, file=file)

    assert study.participants.get(code="P1").is_withdrawn


def test_several_rows_are_several_mris(study):
    file = as_csv(
        [
            {"participant": "P3", "group": "DM", "mri": "M1", "age_years": "50", "days_since_first_mri": "0"},
            {"participant": "P3", "group": "DM", "mri": "M2", "days_since_first_mri": "90"},
            {"participant": "P1", "group": "IMNM", "mri": "M1", "days_since_first_mri": "0"},
            {"participant": "P1", "group": "IMNM", "mri": "M2", "days_since_first_mri": "30"},
        ]
    )

    report = import_participants(study=study, file=file)

    assert (report.participants, report.mris) == (1, 3)
    assert study.participants.get(code="P1").mris.count() == 2
    assert study.participants.get(code="P3").age_years == 50


def test_participant_without_an_mri_comes_in_as_exports_write_one_and_is_warned_of(study):
    file = as_csv([CLINICAL | {"mri": "", "scan_year": "", "days_since_first_mri": ""}])

    report = import_participants(study=study, file=file)
    again = import_participants(study=study, file="".join(export_participants(study)).encode())

    assert (report.participants, report.mris, again.changes) == (1, 0, [])
    assert report.warnings == ["1 new participant has no MRI, so nobody can be given a read of them."]
    assert not study.participants.get(code="P3").mris.exists()


@pytest.mark.parametrize("name", ["scan_year", "days_since_first_mri"])
def test_what_is_said_of_an_mri_without_a_code_is_refused(study, name):
    cells = {"mri": "", "scan_year": "", "days_since_first_mri": ""} | {name: CLINICAL[name]}

    assert f"column mri: The cell is empty, so {name} belongs to no MRI" in refusal(study, as_csv([CLINICAL | cells]))


def test_importing_again_changes_nothing(study):
    import_participants(study=study, file=as_csv([CLINICAL]))

    again = import_participants(study=study, file=as_csv([CLINICAL]))

    assert (again.participants, again.mris, again.skipped) == (0, 0, 1)
    assert str(again) == "Imported into thighs: nothing new.\nSkipped 1 row stored already."


def test_dry_run_says_what_would_happen_and_changes_nothing(study):
    report = import_participants(study=study, file=as_csv([CLINICAL]), dry_run=True)

    assert not study.participants.filter(code="P3").exists()
    assert str(report) == ("Would import into thighs: 1 participant, 1 MRI.\nThis was a dry run: nothing was changed.")


@pytest.mark.parametrize("sex", ["F", "f", "Female", "FEMALE", "w", "Weiblich", "féminin"])
def test_sex_in_any_spelling(study, sex):
    import_participants(study=study, file=as_csv([CLINICAL | {"sex": sex}]))

    assert study.participants.get(code="P3").sex == "female"


def test_na_is_an_empty_cell_where_a_cell_may_be_empty(study):
    optional = [name for name in CLINICAL if name not in ("participant", "group", "mri")]

    import_participants(study=study, file=as_csv([CLINICAL | dict.fromkeys(optional, "NA")]))

    participant = study.participants.get(code="P3")
    assert (participant.sex, participant.autoantibody, participant.age_years) == ("", "", None)


def test_semicolons_with_decimal_commas(study):
    import_participants(study=study, file=as_csv([CLINICAL | {"ck_u_per_l": "1200,5"}], delimiter=";"))

    assert study.participants.get(code="P3").ck_u_per_l == 1200.5


def test_unknown_columns_are_ignored_with_a_warning(study):
    report = import_participants(study=study, file=as_csv([CLINICAL | {"smoker": "no"}]))

    assert report.warnings == ["columns that the import does not know were ignored: smoker."]


def test_queries_do_not_grow_with_the_file(study):
    def queries(size):
        rows = [{"participant": f"Q{size}-{number}", "group": "DM", "mri": "M1"} for number in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            import_participants(study=study, file=as_csv(rows))
        return len(captured)

    assert queries(5) == queries(500)


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"participant": ""}, "Line 2, column participant: The cell is empty."),
        ({"mri": " "}, "Line 2, column mri: The cell is empty, so scan_year belongs to no MRI"),
        ({"participant": "P" * 41}, "has 41 characters; at most 40 fit"),
        ({"participant": "P\n3"}, "Line 2, column participant: 'P\N{REPLACEMENT CHARACTER}3' holds a line break"),
        ({"group": "IBM"}, "Line 2, column group: 'IBM' is not a group of the study (IMNM, DM)"),
        ({"sex": "femal"}, "column sex: 'femal' is not one of female, male; did you mean female?"),
        ({"age_years": "121"}, "column age_years: '121' is not from 0 to 120"),
        ({"age_years": "54.5"}, "column age_years: '54.5' is not a whole number from 0 to 120."),
        ({"age_years": "1970-01-31"}, "column age_years: '1970-01-31' is not a whole number from 0 to 120."),
        ({"age_years": "٥٤"}, "is not a whole number"),
        ({"age_years": "1970-01-31T00:00:00"}, "is a date, not a whole number from 0 to 120: format the column as"),
        ({"scan_year": "2024-03-05T00:00:00"}, "is a date, not a whole number from 1970 to 20"),
        ({"ck_u_per_l": "-1"}, "column ck_u_per_l: '-1' is not from 0 to 10000000"),
        ({"ck_u_per_l": "high"}, "column ck_u_per_l: 'high' is not a number such as 12 or 12.5"),
        ({"ck_u_per_l": "1,200"}, "'1,200' is not a number"),
        ({"ck_u_per_l": "1e999"}, "is not from 0 to 10000000"),
        ({"ck_u_per_l": "inf"}, "is not a number"),
        ({"ck_u_per_l": "1_000"}, "is not a number"),
        ({"scan_year": "31.01.2021"}, "column scan_year: '31.01.2021' is not a whole number from 1970 to 20"),
        ({"scan_year": "2099"}, "column scan_year: '2099' is not from 1970 to 20"),
        ({"ck_u_per_l": "1e35"}, "column ck_u_per_l: '1e35' is not from 0 to 10000000"),
        ({"disease_duration_months": "1e30"}, "column disease_duration_months: '1e30' is not from 0 to 1500"),
        ({"scan_year": "1969"}, "column scan_year: '1969' is not from 1970 to 20"),
        ({"days_since_first_mri": "2147483648"}, "is not from 0 to 2147483647"),
    ],
)
def test_bad_cell_is_refused_with_what_would_be_right(study, cells, expected):
    assert expected in refusal(study, as_csv([CLINICAL | cells]))


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({}, "Line 3, column mri: MRI 'M1' of participant 'P3' stands on line 2 too."),
        ({"mri": "M2", "group": "IMNM"}, "Line 3, column group: 'IMNM' for participant 'P3', but 'DM' in a row above"),
        (
            {"mri": "M2", "age_years": "55"},
            "Line 3, column age_years: '55' for participant 'P3', but '54' in a row above",
        ),
    ],
)
def test_rows_that_contradict_or_repeat_one_another(study, second, expected):
    assert expected in refusal(study, as_csv([CLINICAL, CLINICAL | second]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"group": "IMNM"}, "column group: 'IMNM' for participant 'P3', but the study has 'DM'"),
        ({"age_years": "55"}, "column age_years: '55' for participant 'P3', but the study has '54'"),
        ({"scan_year": "2022"}, "column scan_year: '2022' for MRI 'M1', but the study has '2021'"),
    ],
)
def test_what_differs_from_the_study_is_refused(study, cells, expected):
    import_participants(study=study, file=as_csv([CLINICAL]))

    assert expected in refusal(study, as_csv([CLINICAL | cells]))


def test_ambiguous_thousands_are_refused(study):
    file = as_csv([CLINICAL | {"ck_u_per_l": "1,200"}], delimiter=";")

    assert "'1,200' could be a decimal or thousands" in refusal(study, file)


def test_file_beyond_the_limit_is_refused(study):
    assert "larger than 256 MB" in refusal(study, b" " * (MAX_FILE_BYTES + 1))


def test_a_value_that_is_wrong_in_many_rows_is_one_line(study):
    rows = [CLINICAL | {"participant": f"P{number}", "age_years": "old"} for number in range(60)]

    message = refusal(study, as_csv(rows))

    assert message.splitlines()[1:] == [
        "60 rows, first line 2, column age_years: 'old' is not a whole number from 0 to 120."
    ]


# The study that a file founds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "named", "reference"),
    [
        (["DM", "IMNM"], None, "IMNM"),
        (["DM", "IMNM"], "DM", "DM"),
        (["PM", "DM"], None, "DM"),
        (["B", "A", "C"], None, "A"),
    ],
)
def test_reference_group(groups, named, reference):
    rows = [{"participant": f"P{number}", "group": group, "mri": "M"} for number, group in enumerate(groups)]

    study = create_study(slug="new", title="New", file=as_csv(rows), reference=named)

    assert study.groups.get(is_reference=True).code == reference
    assert study.participants.count() == len(groups)


def test_groups_have_the_colours_of_the_paper_and_others_of_their_own():
    rows = [{"participant": f"P{code}", "group": code, "mri": "M"} for code in ("IMNM", "DM", "IBM", "ASyS", "PM")]

    study = create_study(slug="new", title="New", file=as_csv(rows))

    colours = dict(study.groups.values_list("code", "colour"))
    assert (colours["IMNM"], colours["DM"]) == ("#009E73", "#D55E00")
    assert len(set(colours.values())) == 5


@pytest.mark.parametrize(
    ("slug", "groups", "reference", "expected"),
    [
        ("thighs", ["DM"], None, "There is a study thighs already."),
        ("two words", ["DM"], None, "'two words' cannot name a study"),
        ("s" * 51, ["DM"], None, "at most 50 characters"),
        ("new", ["DM", "PM"], "IMNM", "The reference group 'IMNM' is not in the file. Its groups: DM, PM."),
        ("new", ["DM", "dm"], None, "Groups differ in capital letters only: DM, dm."),
        ("new", [f"G{number}" for number in range(7)], None, "The file has 7 groups, more than can be compared"),
        ("new", ["G" * 21], None, "column group: 'GGGGGGGGGGGGGGGGGGGGG' has 21 characters; at most 20 fit"),
    ],
)
def test_study_that_cannot_be_founded_leaves_nothing(study, slug, groups, reference, expected):
    rows = [{"participant": f"P{number}", "group": group, "mri": "M"} for number, group in enumerate(groups)]

    with pytest.raises(ImportRefused) as refused:
        create_study(slug=slug, title="New", file=as_csv(rows), reference=reference)

    assert expected in str(refused.value)
    assert Study.objects.count() == 1
    assert DiagnosisGroup.objects.count() == 2


def test_study_is_not_locked_while_a_file_is_read(study):
    rows = "".join(f"Q{number},DM,M1\n" for number in range(1000))
    locked = []

    with CaptureQueriesContext(connection) as queries:
        import_participants(
            study=study,
            file=f"participant,group,mri\n{rows}".encode(),
            told=lambda *told: locked.append((told[-1], any("FOR NO KEY UPDATE" in each["sql"] for each in queries))),
        )

    assert [is_locked for doing, is_locked in locked if doing == "reading the file"] == [False]
