"""CSV out: contract, order, and that an export imports without loss."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grading import services
from grading.anatomy import APART, MUSCLE_CODES, TOGETHER
from grading.csv import exports
from grading.csv.formula_cells import neutralise
from grading.csv.imports import create_study, import_grades, import_participants
from grading.csv.lines import csv_lines
from grading.models import Participant, Read
from tests.builders import enter_grade, make_read, make_signed_off_read, make_study, withdraw
from tests.grading.csv.csv_files import PARTICIPANTS, as_csv, complete_read, grade, make_study_with_reader

pytestmark = pytest.mark.django_db

LONG = (
    "participant,group,mri,reader,occasion,sequence,feature,muscle,side,score,not_assessable,"
    "position,opened_at,signed_off_at,status,comment,first_entry_at,last_entry_at,active_seconds,signature,imported,withdrawn,"
    "blind_code"
)
OF_READ = "participant,group,mri,reader,occasion,sequence,feature"
OF_PASS = (
    "position,opened_at,signed_off_at,status,comment,first_entry_at,last_entry_at,active_seconds,signature,"
    "imported,withdrawn,blind_code"
)


def exported(study, layout="long", **options) -> str:
    return "".join(exports.export_grades(study, layout=layout, **options))


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def study():
    return make_study_with_reader()


# Without loss ---------------------------------------------------------------------------------------------------------

TIMES = {"opened_at": "2025-01-31T10:00:00Z", "signed_off_at": "2025-01-31T10:20:00.000123Z"}
ODD_CODES = ["=1+1", "'=1+1", "''+2", "@x", "-3", "+4", "a,b", 'q"r', "Zoë", "zz;=1", "NA"]
ODD_PARTICIPANTS = [
    {"participant": code, "group": "=DM" if place % 2 else "IMNM", "mri": f"{code}1"}
    for place, code in enumerate(ODD_CODES)
]


def as_written(rows: list[dict]) -> bytes:
    """A CSV in which no cell is run by a spreadsheet."""
    return as_csv([{name: neutralise(cell) for name, cell in row.items()} for row in rows])


def odd_rows(sides: tuple[str, ...]) -> list[dict]:
    """Reads in every state, by readers with odd names, of participants with odd codes."""
    side = sides[0]
    return [
        *complete_read(participant="@x", mri="@x1", reader="+bert", position="2", **TIMES, sides=sides),
        *complete_read(participant="@x", mri="@x1", reader="+bert", occasion="2", status="draft", sides=sides),
        *complete_read(
            participant="-3", mri="-31", reader="-carla", position="1", feature="fat", sequence="T2FS", sides=sides
        ),
        grade(participant="'=1+1", mri="'=1+11", active_seconds="0", side=side),
        grade(participant="NA", mri="NA1", muscle="SA", score="", not_assessable="true", side=side),
        grade(participant="a,b", mri="a,b1", muscle="ADD", opened_at=TIMES["opened_at"], side=side),
        grade(participant="Zoë", mri="Zoë1", muscle="GR", score="3", active_seconds="0.1", side=side),
    ]


@pytest.mark.parametrize("sides", [TOGETHER, APART])
def test_export_imports_without_loss(sides):
    first = create_study(slug="first", title="First", file=as_written(ODD_PARTICIPANTS))
    import_grades(study=first, file=as_written(odd_rows(sides)), create_readers=True)
    participants, grades = "".join(exports.export_participants(first)), exported(first)

    second = create_study(slug="second", title="Second", file=participants.encode())
    report = import_grades(study=second, file=grades.encode(), create_readers=True)

    assert report.reads == 7
    assert list(second.participants.order_by("code").values_list("code", flat=True)) == sorted(ODD_CODES)
    assert "".join(exports.export_participants(second)) == participants
    for layout in exports.LAYOUTS:
        assert exported(second, layout) == exported(first, layout)
    assert second.sides == first.sides


def test_imported_into_its_own_study_an_export_changes_nothing(study):
    import_grades(study=study, file=as_csv(complete_read()))

    report = import_grades(study=study, file=exported(study).encode())

    assert (report.skipped, report.grades, report.filled_reads, report.warnings) == (11, 0, 0, [])


def without(text: str, *names: str) -> list[dict]:
    return [{name: cell for name, cell in row.items() if name not in names} for row in rows_of(text)]


def without_origin(text: str) -> list[dict]:
    """The rows of an export without what tells where its reads were graded and came to be."""
    return without(text, "imported", "signature")


def copied(study, text: str):
    """An empty study with the participants of another one, into which an export of that one was imported."""
    copy = create_study(slug="copy", title="Copy", file="".join(exports.export_participants(study)).encode())
    import_grades(study=copy, file=text.encode(), create_readers=True)
    return copy


def test_reads_graded_on_the_site_import_without_loss_as_imported(study):
    anna = study.members.get().user
    make_read(study=study, reader=anna, scores=[1, None, 3], status="draft")
    make_signed_off_read(study=study, reader=anna)
    text = exported(study)

    copy = exported(copied(study, text))

    assert without_origin(copy) == without_origin(text)
    assert {row["imported"] for row in rows_of(text)} == {"false"}
    assert {row["imported"] for row in rows_of(copy)} == {"true"}


def test_reads_of_who_has_withdrawn_export_and_import_without_loss(study):
    anna = study.members.get().user
    import_grades(study=study, file=as_csv(complete_read()))  # what is signed here has another signature in a copy
    read = Read.objects.get()
    make_read(mri=read.mri, reader=anna, feature="fat", sequence="T1W", status="draft", scores=[1, None, 3])
    withdraw(read.mri.participant)
    texts = [exported(study), exported(study, "wide"), "".join(exports.export_participants(study))]

    copy = copied(study, texts[0])
    again = [exported(copy), exported(copy, "wide"), "".join(exports.export_participants(copy))]

    assert [without_origin(text) for text in again[:2]] == [without_origin(text) for text in texts[:2]]
    assert again[2] == texts[2]
    assert {row["withdrawn"] for row in rows_of(texts[0])} == {"true"}
    assert {row["participant"] for row in rows_of(texts[2]) if row["withdrawn"] == "true"} == {
        read.mri.participant.code
    }


def test_comment_and_pace_import_without_loss(study):
    anna = study.members.get().user
    read = make_read(study=study, reader=anna, comment='=1+1 "quoted",\nsecond line; NA')
    enter_grade(read=services.open_read(read), muscle="VL", side="both", score=2)
    Read.objects.filter(pk=read.pk).update(active_seconds=12.5)
    text = exported(study)

    assert without_origin(exported(copied(study, text))) == without_origin(text)
    (row,) = rows_of(text)
    assert (row["comment"], row["active_seconds"]) == (neutralise(read.comment), "12.5")
    assert row["first_entry_at"] == row["last_entry_at"] != ""


def test_participants_with_every_column_export_as_they_came():
    text = (
        "participant,group,mri,sex,age_years,autoantibody,ck_u_per_l,disease_duration_months,scan_year,"
        "days_since_first_mri,withdrawn\n"
        "P1,DM,M1,female,54,Mi-2,1200.5,7,2021,0,true\n"
        "P1,DM,M2,female,54,Mi-2,1200.5,7,2022,365,true\n"
        "P2,IMNM,M1,,,,,,,,false\n"
    )
    study = create_study(slug="full", title="Full", file=text.encode())

    assert "".join(exports.export_participants(study)) == text


def test_participant_without_an_mri_is_exported(study):
    Participant.objects.create(study=study, code="P3", group=study.groups.get(code="DM"))

    assert "P3,DM,,,,,,,,,false\n" in "".join(exports.export_participants(study))


# The contract ---------------------------------------------------------------------------------------------------------


def test_long_layout(study):
    import_grades(study=study, file=as_csv(complete_read(**TIMES, position="4")))

    read = Read.objects.get()
    of_pass = f"4,{TIMES['opened_at']},{TIMES['signed_off_at']},signed_off,,,,,{read.signature},true,false,{read.code}"
    assert exported(study) == "".join(
        [f"{LONG}\n", *(f"P1,IMNM,M1,anna,1,STIR,edema,{code},both,1,false,{of_pass}\n" for code in MUSCLE_CODES)]
    )


def test_wide_layout(study):
    rows = [grade(score="3"), grade(muscle="VM", score="", not_assessable="true"), grade(muscle="SA", score="0")]
    import_grades(study=study, file=as_csv([row | {"status": "draft"} for row in rows]))

    assert exported(study, "wide") == (
        f"{OF_READ},{','.join(MUSCLE_CODES)},{OF_PASS}\n"
        f"P1,IMNM,M1,anna,1,STIR,edema,3,NA,,,,,,,,,0,1,,,draft,,,,,,true,false,{Read.objects.get().code}\n"
    )


def test_wide_layout_with_sides_apart(study):
    import_grades(study=study, file=as_csv([grade(side="left"), grade(side="right", score="2")]))

    (row,) = rows_of(exported(study, "wide"))

    assert list(row)[7:10] == ["VL_left", "VL_right", "VM_left"]
    assert (row["VL_left"], row["VL_right"], row["VM_left"]) == ("1", "2", "")


def test_order_is_participant_mri_reader_occasion_feature_muscle_side():
    participants = b"participant,group,mri,days_since_first_mri\nb,DM,M2,0\nb,DM,M10,9\nB,DM,M1,\na,DM,M1,\n"
    study = create_study(slug="order", title="Order", file=participants, accept_similar=True)
    rows = [
        grade(
            participant=participant,
            mri=mri,
            reader=reader,
            occasion=occasion,
            feature=feature,
            sequence="T1W",
            muscle=muscle,
            side=side,
        )
        for participant, mri in [("b", "M2"), ("a", "M1"), ("b", "M10"), ("B", "M1")]
        for reader in ("rosa", "Rudi")
        for occasion in ("2", "10", *"3456789", "1")
        for feature in ("fat", "edema")
        for muscle in reversed(MUSCLE_CODES)
        for side in ("right", "left")
    ]
    import_grades(study=study, file=as_csv(rows), create_readers=True)

    exported_rows = rows_of(exported(study))

    def place(row):
        code_points = row["participant"], row["mri"], row["reader"], int(row["occasion"]), row["feature"]
        return *code_points, MUSCLE_CODES.index(row["muscle"]), row["side"]

    assert len(exported_rows) == len(rows)
    assert exported_rows == sorted(exported_rows, key=place)


def test_reads_without_grades_and_other_studies_stay_out(study):
    make_read(study=study, scores=[])
    make_signed_off_read(study=make_study())

    assert exported(study) == f"{LONG}\n"


def test_signed_off_reads_alone(study):
    import_grades(study=study, file=as_csv([*complete_read(), grade(occasion="2")]))

    assert {row["occasion"] for row in rows_of(exported(study, signed_off_only=True))} == {"1"}
    assert len(rows_of(exported(study, "wide", signed_off_only=True))) == 1


def test_unknown_layout_is_an_error(study):
    with pytest.raises(KeyError):
        exports.export_grades(study, layout="tall")


def test_cell_that_a_spreadsheet_would_run_is_neutralised():
    study = create_study(slug="odd", title="Odd", file=b"participant,group,mri\n=cmd(),@DM,-1\n")
    import_grades(
        study=study, file=as_csv([grade(participant="=cmd()", mri="-1", reader="+anna")]), create_readers=True
    )

    (row,) = rows_of(exported(study))

    assert [row[name] for name in ("participant", "group", "mri", "reader")] == ["'=cmd()", "'@DM", "'-1", "'+anna"]
    assert study.participants.get().code == "=cmd()"


def test_codebook_explains_every_column_of_every_export(study):
    import_grades(study=study, file=as_csv([grade(side="left")]))

    codebook = rows_of("".join(exports.export_codebook(study)))

    headers = {
        "participants": next(exports.export_participants(study)),
        "long": next(exports.export_grades(study, layout="long")),
        "wide": next(exports.export_grades(study, layout="wide")),
    }
    for table, header in headers.items():
        assert [row["column"] for row in codebook if row["table"] == table] == header.strip().split(",")
    assert all(row["type"] and row["allowed"] and row["meaning"] for row in codebook)


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_any_number_of_grades_is_one_query(study, layout):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            exported(study, layout)
        return len(captured)

    import_grades(study=study, file=as_csv(complete_read()))
    few = queries()
    import_grades(study=study, file=as_csv([row for n in range(2, 60) for row in complete_read(occasion=str(n))]))

    assert queries() == few
    assert Read.objects.count() == 59


def test_export_is_streamed(study):
    import_participants(study=study, file=PARTICIPANTS)

    lines = exports.export_grades(study, layout="long")
    with CaptureQueriesContext(connection) as captured:
        assert next(lines) == f"{LONG}\n"

    assert len(captured) == 0


# Written by PostgreSQL ------------------------------------------------------------------------------------------------

COMMENTS = [
    "",
    " ",
    "'",
    "''=1",
    '"',
    "a,b",
    "two\nlines",
    "\u3000=1",
    "\xa0-1",
    "\u2009'=",
    "＝1",
    "a=1",
    "\\.",
    "NULL",
    "ä",
]
SECONDS = [0.0, 12.0, 0.1, 1e-05, 1234567.125, None]


def test_postgresql_writes_each_value_as_python_does(study):
    anna = study.members.get().user
    opened = datetime(2025, 1, 31, 10, tzinfo=UTC)
    for number, comment in enumerate(COMMENTS):
        seconds, later = SECONDS[number % len(SECONDS)], timedelta(microseconds=number % 3 * 120)
        make_read(
            study=study, reader=anna, scores=[1], comment=comment, active_seconds=seconds, opened_at=opened + later
        )

    reads = sorted(Read.objects.select_related("mri__participant__group"), key=lambda read: read.mri.participant.code)
    rows = (
        [
            *(read.mri.participant.code, read.mri.participant.group.code, read.mri.code, "anna", 1, "STIR", "edema"),
            *("VL", "both", 1, False, read.position, read.opened_at, None, "assigned", read.comment, None, None),
            *(read.active_seconds, "", False, False, read.code),
        ]
        for read in reads
    )
    assert exported(study) == "".join(csv_lines(LONG.split(","), rows))


def test_reads_without_a_grade_are_there_where_asked_for(study):
    read = make_read(study=study, reader=study.members.get().user, scores=[])

    (long,), (wide,) = (rows_of(exported(study, layout, without_grades=True)) for layout in ("long", "wide"))

    assert {long[name] for name in ("muscle", "side", "score", "not_assessable")} == {wide["VL"], wide["SA"]} == {""}
    assert long["blind_code"] == wide["blind_code"] == read.code
