"""Grades, entries and the trail as partitions by study: what people do with grades, in a database laid out so."""

import psycopg
import pytest

from tests.browser.servers import Server, migrated_database, owner_address

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = """
from tests.builders import make_member, make_read, make_signed_off_read, make_study, make_user
from grading.csv.imports import import_grades
from tests.grading.csv.csv_files import as_csv, complete_read, make_study_with_reader
study = make_study(slug="entered")
ann = make_member(study, "reader", make_user("ann")).user
make_member(study, "coordinator", make_user("carl"))
make_signed_off_read(study=study, reader=ann)
make_read(study=study, reader=ann)
import_grades(study=make_study_with_reader("imported"), file=as_csv(complete_read()))
"""
AFTER = """
from django.contrib.auth.models import User
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.imports import import_grades
from grading.models import Read, Study
from tests.grading.csv.csv_files import as_csv, complete_read
from thighsite.acting import acting_for
read = Read.objects.get(study__slug="entered", signed_off_at=None)
def enter(score, muscle="VL", seen=None):
    return services.enter_grade(read_id=read.pk, reader_id=read.reader_id, muscle=muscle, side="both", score=score,
                                seen_version=seen)
with acting_for(read.reader_id):
    for muscle in MUSCLE_CODES:
        enter(1, muscle)
    enter(2, seen=1)
    enter(None, seen=2)
    assert enter(3, seen=3).version == 4
    services.sign_off(read)
carl = User.objects.get(username="carl")
with acting_for(carl.pk):
    services.reopen(read=read, by=carl, reason="Wrong scan.")
with acting_for(read.reader_id):
    enter(0)
    services.sign_off(Read.objects.get(pk=read.pk))
study = Study.objects.get(slug="imported")
import_grades(study=study, file=as_csv(complete_read(participant="P2", score="2")))
import_grades(study=study, file=as_csv(complete_read(score="3")), reason="A slip.")
"""
STORED = """
SELECT slug, muscle, score, grade.version FROM grading_grade AS grade
JOIN grading_read AS read ON read.id = grade.read_id JOIN grading_study AS study ON study.id = read.study_id
WHERE muscle IN ('VL', 'SA') ORDER BY slug, position, read.id, muscle
"""
PLACES = "SELECT count(DISTINCT study_id), count(DISTINCT (tableoid, study_id)) FROM {} WHERE study_id IS NOT NULL"
OF_ANOTHER_STUDY = """
INSERT INTO grading_entry (study_id, read_id, muscle, side, version, not_assessable, key, entered_at)
SELECT study.id, read.id, 'SA', 'both', 9, false, gen_random_uuid(), now()
FROM grading_read AS read JOIN grading_study AS study ON study.id <> read.study_id
"""
SWITCHED_OFF = """
from grading.integrity.actors import rules_switched_off
from grading.integrity.guards import other_program
assert other_program() == []
assert rules_switched_off() == [("grading_trail_0", "trail_is_chained")]
"""
# What nobody may do who has the password of the site's role.
REFUSED = {
    "UPDATE grading_grade SET score = 0 WHERE muscle = 'SA'": "its grades are frozen",
    OF_ANOTHER_STUDY: "read_of_its_study",
    "INSERT INTO grading_trail SELECT * FROM grading_trail": "permission denied for table grading_trail",
    "DELETE FROM partitions.grading_trail_0": "permission denied for schema partitions",
}


@pytest.fixture
def site():
    site = Server(migrated_database("thighsite_partitions"))
    site.manage(["migrate", "-v0"])
    yield site
    site.stop()


def test_grades_live_together_by_study(site, tmp_path):
    run(site, BEFORE)
    before = site.rows(STORED)
    site.manage(["partition", "--parts", "4"])
    assert site.rows(STORED) == before

    run(site, AFTER)

    exported = tmp_path / "grades.csv"
    site.manage(
        *(["verify", "--study", slug] for slug in ("entered", "imported")),
        ["compare", "--study", "imported"],
        ["export_grades", "--study", "entered", "--output", str(exported)],
    )
    assert len(exported.read_text().splitlines()) == 1 + 2 * 11
    for table in ("grading_grade", "grading_entry", "grading_trail"):
        ((studies, places),) = site.rows(PLACES.format(table))
        assert studies == places > 0
    assert [row for row in site.rows(STORED) if row[0] == "entered"][-2:] == [
        ("entered", "SA", 1, 1),
        ("entered", "VL", 0, 5),
    ]
    for statement, words in REFUSED.items():
        assert words in refusal(site, statement)
    with psycopg.connect(owner_address(site.environment["DATABASE_URL"])) as owner:
        owner.execute("ALTER TABLE partitions.grading_trail_0 DISABLE TRIGGER trail_is_chained")
    run(site, SWITCHED_OFF)


def run(site: Server, program: str) -> None:
    site.manage(["shell", "--no-imports", "-v0", "-c", program])


def refusal(site: Server, statement: str) -> str:
    """What PostgreSQL says to the site's role."""
    database = site.environment["DATABASE_URL"]
    with psycopg.connect(database, autocommit=True) as session, pytest.raises(psycopg.Error) as refused:
        session.execute(statement)
    return str(refused.value)
