"""One participant, one code: what is refused in a participants file, and what is asked about first."""

import pytest

from grading.csv.imports import ImportAsked, ImportRefused, create_study, import_grades, import_participants
from grading.models import MRI, Participant, Study
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, complete_read, grade

pytestmark = pytest.mark.django_db

UNSEEN = ["\u200b", "\u00ad", "\u200c", "\u200e", "\u202e", "\u2060", "\ufeff", "\u00a0", "\u2028", "\u3164"]
CYRILLIC = "\N{CYRILLIC CAPITAL LETTER TE}\N{CYRILLIC CAPITAL LETTER EM}201"


@pytest.fixture
def study():
    return create_study(slug="thighs", title="Thighs", file=PARTICIPANTS)


def file_of(*codes: str, **cells) -> bytes:
    """A row for each participant, unless told otherwise with the group DM and the MRI M1."""
    return as_csv([{"participant": code, "group": "DM", "mri": "M1"} | cells for code in codes])


def rows(*cells: tuple[str, str, str]) -> bytes:
    return as_csv([dict(zip(("participant", "group", "mri"), row, strict=True)) for row in cells])


def refused(study, file: bytes, error=ImportRefused, **options) -> str:
    """What is said; nothing may have changed."""
    before = set(MRI.objects.values_list("pk", flat=True))
    with pytest.raises(error) as raised:
        import_participants(study=study, file=file, **options)
    assert set(MRI.objects.values_list("pk", flat=True)) == before
    assert type(raised.value) is error
    return str(raised.value)


# What cannot be seen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
@pytest.mark.parametrize("code", ["TM{}201", "{}TM201", "TM201{}"])
@pytest.mark.parametrize("column", ["participant", "mri", "group"])
def test_what_cannot_be_seen_is_refused_with_its_place_and_what_would_be_right(study, character, code, column):
    message = refused(study, file_of("P3", **{column: code.format(character)}), accept_similar=True)

    assert f"Line 2, column {column}: " in message
    assert f"(U+{ord(character):04X}, place {code.index('{') + 1}); write TM" in message


def test_two_blanks_in_a_row_are_refused(study):
    assert "holds two blanks in a row (place 3); write TM 202" in refused(study, file_of("TM  202"))


def test_letters_with_marks_make_one_participant_however_they_are_spelled(study):
    import_participants(study=study, file=file_of("Mu\u0308ller"))

    again = import_participants(study=study, file=file_of("Müller"))
    grades = import_grades(
        study=study, file=as_csv(complete_read(participant="Mu\u0308ller", reader="anna")), create_readers=True
    )

    assert (again.participants, again.skipped, grades.reads) == (0, 1, 1)
    assert Participant.objects.filter(code="Müller").count() == 1


def test_blanks_around_a_cell_are_no_part_of_the_code(study):
    import_participants(study=study, file=file_of(" TM201 "))

    assert Participant.objects.filter(code="TM201").exists()


# What is easily taken for one another ---------------------------------------------------------------------------------

SIMILAR = [
    ("TM201", "tm201"),
    ("007", "7"),
    ("TM201", CYRILLIC),
    ("TM 202", "TM202"),
    ("TM-202", "TM202"),
    ("TM0201", "TM201"),
    ("TM2O1", "TM201"),
]


@pytest.mark.parametrize(("code", "other"), SIMILAR)
def test_similar_participants_of_one_file_are_asked_about(study, code, other):
    message = refused(study, file_of(code, other), ImportAsked)

    assert (
        f"Line 3, column participant: '{other}' is easily taken for '{code}', another participant on line 2." in message
    )
    assert message.endswith("If all of this is as it should be, add --accept-similar.")


@pytest.mark.parametrize(("code", "other"), SIMILAR)
def test_similar_to_a_stored_participant_is_asked_about(study, code, other):
    import_participants(study=study, file=file_of(code))

    assert f"'{other}' is easily taken for '{code}', another participant of the study." in refused(
        study, file_of(other), ImportAsked
    )


def test_letters_that_only_look_alike_are_named(study):
    message = refused(study, file_of("TM201", CYRILLIC), ImportAsked)

    assert "It is written with CYRILLIC CAPITAL LETTER TE (U+0422), CYRILLIC CAPITAL LETTER EM (U+041C)." in message


def test_what_was_accepted_is_stored_and_not_asked_about_again(study):
    first = import_participants(study=study, file=file_of("TM201", "tm201"), accept_similar=True)
    again = import_participants(study=study, file=file_of("TM201", "tm201", "TM202"))

    assert (first.participants, again.participants, again.skipped) == (2, 1, 2)


def test_checking_asks_as_importing_does(study):
    assert "is easily taken for" in refused(study, file_of("TM201", "tm201"), ImportAsked, dry_run=True)


@pytest.mark.parametrize("column", ["mri"])
def test_similar_mris_of_a_participant_are_asked_about_and_of_two_are_not(study, column):
    days = {"group": "IMNM", "participant": "P1"}
    file = as_csv(
        [days | {"mri": "M1", "days_since_first_mri": "0"}, days | {"mri": "m01", "days_since_first_mri": "9"}]
    )

    message = refused(study, file, ImportAsked)
    other = import_participants(study=study, file=rows(("P3", "DM", "m1")))

    assert (
        f"Line 3, column {column}: 'm01' is easily taken for 'M1', another MRI of participant 'P1' of the study."
        in message
    )
    assert other.mris == 1


def test_answer_to_one_question_is_none_to_another(study):
    with pytest.raises(ImportAsked) as first:
        import_participants(study=study, file=file_of("TM201", "tm201"))
    with pytest.raises(ImportAsked) as other:
        import_participants(study=study, file=file_of("TM202", "tm202"))

    assert first.value.digest != other.value.digest


# What is no code ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["1-Jan", "1.00E+05", "#REF!", "########", "#NAME?", "Mrz 20"])
@pytest.mark.parametrize("column", ["participant", "mri"])
def test_what_a_spreadsheet_made_of_a_code_is_refused(study, code, column):
    message = refused(study, file_of("P3", **{column: code}), accept_similar=True)

    assert f"Line 2, column {column}: '{code}' is " in message
    assert "spreadsheet" in message


@pytest.mark.parametrize("code", ["Schmidt Anna 12.03.1961", "Schmidt, Anna", "1961-03-12"])
@pytest.mark.parametrize("column", ["participant", "mri"])
def test_what_tells_who_somebody_is_is_asked_about(study, code, column):
    message = refused(study, file_of("P3", **{column: code}), ImportAsked)

    assert "Codes are pseudonyms, without names and dates." in message
    assert import_participants(study=study, file=file_of("P3", **{column: code}), accept_similar=True).mris == 1


def test_mangled_group_founds_no_study():
    with pytest.raises(ImportRefused, match="spreadsheet"):
        create_study(slug="new", title="New", file=rows(("P1", "#REF!", "M1")), accept_similar=True)


# MRIs under the wrong participant -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        rows(("G001", "DM", "G1-1"), ("G1", "DM", "G1-1")),
        rows(("G2", "DM", "G1-1"), ("G1", "DM", "G1-2")),
        rows(("G2", "DM", "MRI_G1"), ("G1", "DM", "MRI1")),
    ],
)
def test_mri_with_the_code_of_another_participant_is_asked_about(study, file):
    assert "carries the code of participant 'G1'." in refused(study, file, ImportAsked)


def test_participant_whose_code_a_stored_mri_carries_is_asked_about(study):
    import_participants(study=study, file=rows(("G2", "DM", "G1-1")))

    message = refused(study, rows(("G1", "DM", "M1")), ImportAsked)

    assert "MRI 'G1-1' of participant 'G2' carries the code of participant 'G1'." in message


@pytest.mark.parametrize(
    "file",
    [
        rows(*((f"G{number}", "DM", "MRI1") for number in range(9))),
        rows(*((f"G{number}", "DM", f"G{number}-1") for number in range(12))),
        rows(*((str(number), "DM", str(number % 2)) for number in range(9))),
        rows(("S1-1", "DM", "S1-1-MRI1"), ("S2", "DM", "S2"), ("MRI", "DM", "a"), ("A", "DM", "B-A"), ("B", "DM", "b")),
    ],
)
def test_usual_codes_of_mris_are_not_asked_about(study, file):
    assert import_participants(study=study, file=file).participants


# Groups ---------------------------------------------------------------------------------------------------------------


def founded(groups: dict[str, int], **options) -> Study:
    codes = [group for group, count in groups.items() for _ in range(count)]
    file = rows(*((f"P{number}", group, "M1") for number, group in enumerate(codes)))
    return create_study(slug="new", title="New", file=file, **options)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (
            {"IMNM": 24, "IMMN": 1, "DM": 20},
            "group 'IMMN' with 1 participant is nearly group 'IMNM' with 24 participants.",
        ),
        ({"IMMN": 3, "IMNM": 2}, "group 'IMNM' with 2 participants is nearly group 'IMMN' with 3 participants."),
        ({"DM": 9, "D-M": 2}, "group 'D-M' with 2 participants is nearly group 'DM' with 9 participants."),
        ({"DM": 9, "PM": 1}, "group 'PM' with 1 participant stands beside group 'DM' with 9 participants."),
    ],
)
def test_groups_that_may_be_a_slip_are_asked_about(groups, expected):
    with pytest.raises(ImportAsked) as asked:
        founded(groups)

    assert expected in str(asked.value)
    assert not Study.objects.exists()
    assert founded(groups, accept_similar=True).groups.count() == len(groups)


@pytest.mark.parametrize(
    "groups",
    [{"IMNM": 2, "DM": 3}, {"DM": 5, "PM": 5, "IBM": 5}, {"arm1": 4, "arm2": 4}, {"A": 1, "B": 1}],
)
def test_usual_groups_are_not_asked_about(groups):
    assert founded(groups).groups.count() == len(groups)


@pytest.mark.parametrize(("group", "meant"), [("IMMN", "IMNM"), ("dm", "DM"), ("D M", "DM")])
def test_unknown_group_names_the_one_that_was_probably_meant(study, group, meant):
    said = refused(study, file_of("P3", group=group))

    assert f"'{group}' is not a group of the study (IMNM, DM); write {meant}." in said
    assert "Or is the study's own code misspelt? A coordinator of the whole study puts it right" in said


# Readers --------------------------------------------------------------------------------------------------------------


def test_new_reader_who_looks_like_an_account_is_refused(study):
    import_grades(study=study, file=as_csv(complete_read(reader="reader1")), create_readers=True)

    with pytest.raises(ImportRefused) as refusal:
        import_grades(
            study=study,
            file=as_csv(complete_read(reader="re\N{CYRILLIC SMALL LETTER A}der1")),
            create_readers=True,
            accept_similar=True,
        )

    assert "looks like the account 'reader1': it is written with CYRILLIC SMALL LETTER A (U+0430)." in str(
        refusal.value
    )


def test_new_readers_who_are_easily_taken_for_one_another_are_asked_about(study):
    file = as_csv([*complete_read(reader="reader1"), *complete_read(reader="reader-01")])

    with pytest.raises(ImportAsked, match="'reader-01' is easily taken for the account 'reader1'"):
        import_grades(study=study, file=file, create_readers=True)
    report = import_grades(study=study, file=file, create_readers=True, accept_similar=True)

    assert [user.username for user in report.readers_created] == ["reader1", "reader-01"]


def test_readers_who_have_accounts_are_not_asked_about(study):
    file = as_csv([*complete_read(reader="reader1"), *complete_read(reader="reader-01")])
    import_grades(study=study, file=file, create_readers=True, accept_similar=True)

    assert import_grades(study=study, file=file, create_readers=True).skipped == 22


@pytest.mark.parametrize(
    ("cells", "expected"),
    [({"reader": "ann\u200ba"}, "ZERO WIDTH SPACE"), ({"mri": "M1\u00ad"}, "SOFT HYPHEN")],
)
def test_grades_files_are_held_to_it_too(study, cells, expected):
    with pytest.raises(ImportRefused, match=expected):
        import_grades(study=study, file=as_csv([grade(**cells)]), create_readers=True)
