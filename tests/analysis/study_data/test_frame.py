"""From signed-off grades in the database to the frame."""

import pytest
from django.core.management import call_command
from django.db import transaction
from pandas.testing import assert_frame_equal

from analysis.stats.frame.canonical import FRAME_COLUMNS, canonical
from analysis.stats.question import GroupsError, GroupsNeededError, TooFewGroupsError
from analysis.study_data.frame import progress, study_frame, study_groups
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import DiagnosisGroup, Grade, Study
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read, make_study
from tests.ownership import rules_off
from tests.reference_cohorts import FOLDER, reference_frame

SCORES = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2]

pytestmark = pytest.mark.django_db


def cells(frame, *columns):
    return sorted(frame[list(columns)].drop_duplicates().itertuples(index=False, name=None))


def test_row_says_everything_about_a_grade(study, reader):
    mri = make_mri(make_participant(study, group="DM", code="P1"), code="M1")
    make_signed_off_read(mri=mri, reader=reader, scores=SCORES, feature="fat", sequence="T1W")

    frame = canonical(study_frame(study))

    assert tuple(frame.columns) == FRAME_COLUMNS
    assert list(frame.iloc[3]) == ["P1", "DM", "M1", reader.username, 1, "T1W", "fat", "RF", "both", 3.0]
    assert list(frame["muscle"]) == list(MUSCLE_CODES)
    assert list(frame["score"]) == SCORES


@pytest.mark.parametrize("name", ["balanced", "sides", "missing-cells", "missing-reader"])
def test_imported_cohort_comes_back_as_it_was(name):
    call_command("import_participants", FOLDER / f"{name}.participants.csv", study=name, create=True, verbosity=0)
    call_command("import_grades", FOLDER / f"{name}.grades.csv", study=name, create_readers=True, verbosity=0)

    frame = study_frame(Study.objects.get(slug=name))

    assert_frame_equal(canonical(frame), canonical(reference_frame(name)), check_dtype=False, check_categorical=False)


def test_open_reads_and_other_studies_are_left_out(study, reader):
    make_read(study=study, reader=reader, scores=[1] * 11)
    make_signed_off_read(study=make_study())

    assert study_frame(study).empty


def test_muscle_that_was_not_assessable_keeps_its_row_without_a_score(study, reader):
    read = make_read(study=study, reader=reader, scores=[1] * 10)
    Grade.objects.create(read=read, muscle="SA", not_assessable=True)
    services.sign_off(read)

    frame = study_frame(study)

    assert len(frame) == 11
    assert list(frame.loc[frame["score"].isna(), "muscle"]) == ["SA"]


def test_re_reads_are_in_the_frame(study, reader):
    mri = make_mri(make_participant(study))
    for occasion in (1, 2):
        make_signed_off_read(mri=mri, reader=reader, occasion=occasion)

    assert cells(study_frame(study), "occasion") == [(1,), (2,)]


@pytest.mark.parametrize(
    ("mris", "first"),
    [
        ({"M1": 90, "M2": 0}, "M2"),
        ({"M1": 0, "M2": 90, "M3": 1}, "M1"),
    ],
)
def test_only_the_first_mri_of_a_participant_counts(study, reader, mris, first):
    participant = make_participant(study)
    with transaction.atomic():
        mris = [make_mri(participant, code=code, days_since_first_mri=days) for code, days in mris.items()]
    for mri in mris:
        make_signed_off_read(mri=mri, reader=reader)

    assert cells(study_frame(study), "mri") == [(first,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("mris", "first"),
    [
        ({"M1": None, "M2": 400}, "M2"),
        ({"M2": None, "M1": None}, "M1"),
        ({"m1": 0, "M2": 0}, "M2"),  # by code point: capitals come first, whatever the server's locale
    ],
)
def test_where_days_were_never_asked_for_the_code_decides(study, reader, mris, first):
    participant = make_participant(study)
    for code, days in mris.items():
        with rules_off():
            mri = make_mri(participant, code=code, days_since_first_mri=days)
        make_signed_off_read(mri=mri, reader=reader)

    assert cells(study_frame(study), "mri") == [(first,)]


def test_first_mri_is_the_first_even_if_nobody_read_it(study, reader):
    participant = make_participant(study)
    make_mri(participant, code="M1", days_since_first_mri=0)
    make_signed_off_read(mri=make_mri(participant, code="M2", days_since_first_mri=90), reader=reader)

    assert study_frame(study).empty


@pytest.mark.parametrize("code", ["NA", "007", "1e3", 'a "quoted", one', "nan", "é ü"])
def test_codes_are_words_whatever_they_look_like(study, reader, code):
    make_signed_off_read(mri=make_mri(make_participant(study, code=code), code=code), reader=reader)

    assert cells(study_frame(study), "participant", "mri") == [(code, code)]


def test_text_is_held_as_categories(study, reader):
    make_signed_off_read(study=study, reader=reader)

    kinds = study_frame(study).dtypes.astype(str)

    assert {column for column in FRAME_COLUMNS if kinds[column] != "category"} == {"occasion", "score"}


@pytest.mark.parametrize("reads", [0, 1, 6])
def test_frame_takes_one_query_however_much_there_is(study, reader, reads, django_assert_num_queries):
    for _ in range(reads):
        make_signed_off_read(study=study, reader=reader)

    with django_assert_num_queries(1):
        assert len(study_frame(study)) == 11 * reads


def test_two_groups_need_not_be_named_and_may_be_turned_round(study):
    assert [group.code for group in study_groups(study)] == ["IMNM", "DM"]
    assert [group.code for group in study_groups(study, "DM,IMNM")] == ["DM", "IMNM"]


def test_more_than_two_groups_must_be_named(study):
    DiagnosisGroup.objects.create(study=study, code="PM", name="polymyositis", colour="#0072B2")

    with pytest.raises(GroupsNeededError, match="IMNM, DM, PM"):
        study_groups(study)
    assert [group.code for group in study_groups(study, "IMNM,PM")] == ["IMNM", "PM"]


@pytest.mark.parametrize("named", ["DM", "DM,DM", "IMNM,XX", "IMNM,DM,PM", ","])
def test_names_that_are_not_two_groups_are_refused(study, named):
    with pytest.raises(GroupsError, match="IMNM, DM"):
        study_groups(study, named)


def test_one_group_cannot_be_compared(study):
    study.groups.get(code="DM").delete()

    with pytest.raises(TooFewGroupsError, match="has 1"):
        study_groups(study)


def test_progress_counts_reads_and_participants(study, reader):
    mri = make_mri(make_participant(study))
    make_signed_off_read(mri=mri, reader=reader)
    make_signed_off_read(mri=mri, reader=make_member(study).user)
    make_read(study=study, reader=reader)
    make_participant(study)
    make_signed_off_read(study=make_study())

    found = progress(study)

    assert (found.reads_signed_off, found.reads) == (2, 3)
    assert (found.participants_signed_off, found.participants) == (1, 3)
