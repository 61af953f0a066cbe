"""The database gives each read the code by which its reader knows it, whoever makes the read, and keeps it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.utils import DatabaseError, IntegrityError

from grading import services
from grading.blind_code import DIGITS, LETTERS, PATTERN
from grading.csv.imports import ImportRefused, import_grades
from grading.models import Read
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read, make_study
from tests.grading.csv.csv_files import as_csv, complete_read, make_study_with_reader
from tests.ownership import triggers_off
from thighsite.acting import because

pytestmark = pytest.mark.django_db

DRAW = "SELECT grading_draw_code(%s) FROM generate_series(1, %s)"


def drawn(places: int, times: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [places, times])
        return [code for (code,) in cursor.fetchall()]


@contextmanager
def drawing(*codes: str) -> Iterator[None]:
    """Let PostgreSQL draw these alone, each for its length, the first for others. For ``transaction=True``."""
    listed = ", ".join(f"'{code}'" for code in codes)
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('grading_draw_code(int)'::regprocedure)")
        (definition,) = cursor.fetchone()
        cursor.execute(
            "CREATE OR REPLACE FUNCTION grading_draw_code(places int) RETURNS text LANGUAGE sql AS "
            f"$$ SELECT code FROM unnest(ARRAY[{listed}]) AS code ORDER BY length(code) <> places LIMIT 1 $$"
        )
    try:
        yield
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute(definition)


def codes_of(reads) -> list[str]:
    """The codes that reads carry, which have to be those that are stored."""
    stored = dict(Read.objects.values_list("pk", "code"))
    assert [read.code for read in reads] == [stored[read.pk] for read in reads]
    return [read.code for read in reads]


def test_every_way_in_which_a_read_comes_to_be_gives_a_code():
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read()))
    reader = make_member(study).user
    assigned = services.assign_reads(study=study, readers=[reader])
    made = make_signed_off_read(study=study, reader=reader)
    again = services.assign_rereads(study=study, readers=[reader], share=1)

    codes = codes_of([*Read.objects.imported(), *assigned, made, *again])

    assert len(codes) == len(set(codes)) == 5
    assert all(re.fullmatch(PATTERN, code) and len(code) == 4 for code in codes)


def test_nobody_chooses_a_code():
    read = make_read(code="K7PD", code_in_file="C2DF")

    read.refresh_from_db()
    assert read.code != "K7PD"
    assert read.code_in_file == ""


def with_code(code: str, rows=None) -> bytes:
    return as_csv([row | {"blind_code": code} for row in rows or complete_read()])


def test_read_that_a_file_brings_keeps_its_code():
    study = make_study_with_reader()

    import_grades(study=study, file=with_code("case k7-pd"))
    import_grades(study=study, file=with_code("k7pd"))
    import_grades(study=study, file=as_csv(complete_read()))

    assert Read.objects.get().code == "K7PD"


@pytest.mark.parametrize("reason", ["", "Typed wrongly."])
def test_another_code_for_a_stored_read_is_refused_also_from_who_corrects(reason):
    study = make_study_with_reader()
    import_grades(study=study, file=with_code("K7PD"))

    with pytest.raises(ImportRefused, match=r"blind_code: C2DF, but the read that the row names is K7PD here"):
        import_grades(study=study, file=with_code("C2DF", complete_read(score="3")), reason=reason)


def test_code_that_another_read_has_is_not_given_again_by_a_file():
    study = make_study_with_reader()
    import_grades(study=study, file=with_code("K7PD"))

    import_grades(study=study, file=with_code("K7PD", complete_read(participant="P2")))

    assert Read.objects.filter(code="K7PD").count() == 1
    assert Read.objects.count() == 2


def test_same_file_again_finds_the_read_that_could_not_keep_its_code():
    study = make_study_with_reader()
    import_grades(study=study, file=with_code("K7PD"))
    file = with_code("K7PD", complete_read(participant="P2"))

    import_grades(study=study, file=file)
    again = import_grades(study=study, file=file)

    assert again.changes == []
    with pytest.raises(ImportRefused, match="blind_code: K7PX, but the read that the row names is"):
        import_grades(study=study, file=with_code("K7PX", complete_read(participant="P2")))
    with pytest.raises(IntegrityError, match="is never changed"):
        Read.objects.filter(code_in_file="K7PD").update(code_in_file="C2DF")


@pytest.mark.parametrize("code", ["12", "KATE", "K7"])
def test_file_with_what_is_no_code_is_refused(code):
    study = make_study_with_reader()

    with pytest.raises(ImportRefused, match=r"blind_code: .*is no blind code"):
        import_grades(study=study, file=with_code(code))

    assert not Read.objects.exists()


def test_file_that_gives_one_read_two_codes_is_refused():
    first, *others = complete_read()
    file = as_csv([first | {"blind_code": "K7PD"}, *(row | {"blind_code": "C2DF"} for row in others)])

    with pytest.raises(ImportRefused, match="C2DF"):
        import_grades(study=make_study_with_reader(), file=file)


@pytest.mark.parametrize("change", [{"code": "K7PD"}, {"code": ""}])
def test_code_is_never_changed(change):
    read = make_read()

    with pytest.raises(IntegrityError, match="is never changed"):  # read_code_is_kept
        Read.objects.filter(pk=read.pk).update(**change)


def test_file_that_changes_an_imported_read_leaves_its_code():
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read(status="draft")))
    before = Read.objects.get().code

    import_grades(study=study, file=as_csv(complete_read(status="signed_off")))

    assert (Read.objects.get().code, Read.objects.get().status) == (before, "signed_off")


def test_letters_and_digits_are_told_apart_and_no_code_is_a_number_a_word_or_a_date():
    codes = drawn(4, 2000)

    assert all(re.fullmatch(PATTERN, code) for code in codes)
    assert not set("".join(codes)) & set("01OQILZSBAEUG5")


def test_each_letter_and_digit_comes_up_about_as_often_as_the_others():
    """Chi-square, at a level that one run in a million fails."""
    codes = drawn(4, 6000)

    for place, signs in enumerate((LETTERS, DIGITS, LETTERS, LETTERS + DIGITS)):
        counts = [sum(code[place] == sign for code in codes) for sign in signs]
        expected = len(codes) / len(counts)
        assert sum((count - expected) ** 2 / expected for count in counts) < (len(counts) - 1) + 60


@pytest.mark.django_db(transaction=True)
def test_code_that_a_read_of_the_study_had_is_never_given_again():
    read = make_read()
    study, former = read.study, read.code
    with because("assigned by mistake"):
        read.delete()

    with drawing(former, "K7PDX"):
        assert make_read(study=study).code == "K7PDX"
        assert make_read().code == former  # of another study


@pytest.mark.django_db(transaction=True)
def test_no_read_is_called_like_a_participant_or_an_mri_of_its_study():
    study = make_study()
    make_mri(make_participant(study, code="K7PD"), code="W3XF9")

    with drawing("K7PD", "W3XF9", "W3XF97"):
        assert make_read(study=study).code == "W3XF97"


@pytest.mark.django_db(transaction=True)
def test_no_code_has_the_code_of_a_group_in_it():
    study = make_study()

    with drawing("C3DM", "K7DMX", "W3XF97"):
        assert make_read(study=study).code == "W3XF97"


@pytest.mark.django_db(transaction=True)
def test_codes_grow_where_short_ones_are_taken():
    study = make_study()

    with drawing("K7PD", "K7PDX"):
        assert [make_read(study=study).code for _ in range(2)] == ["K7PD", "K7PDX"]
        with pytest.raises(DatabaseError, match="No blind code is free"):
            make_read(study=study)


@pytest.mark.django_db(transaction=True)
def test_two_reads_of_a_study_never_have_one_code_nor_one_that_is_no_code():
    read = make_read()
    other = make_read(study=read.study)

    with triggers_off(grading_read="read_code_is_kept"):
        with pytest.raises(IntegrityError, match="read_code_once_per_study"):
            Read.objects.filter(pk=other.pk).update(code=read.code)
        for wrong in ("K7P0", "7KPD", "k7pd", "K7P"):
            with pytest.raises(IntegrityError, match='"read_code"'):
                Read.objects.filter(pk=other.pk).update(code=wrong)
