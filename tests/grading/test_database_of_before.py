"""A database that was filled before anything could be corrected, as its site finds it after the migrations.

``filled/before_corrections.sql.gz`` is what pg_dump wrote of a site at migration grading.0010, without owners and
rights. Its study ``open`` has two imported reads, an imported draft, reads that were signed, reopened and begun here, a
participant aged 95, MRIs without days, and a participant whose first MRI comes second in the alphabet.
"""

import csv
import gzip
import io
import re
from pathlib import Path

import psycopg
import pytest

from grading.blind_code import PATTERN
from tests.browser.servers import Server, new_database, owner_address

FILLED = Path(__file__).parent / "filled" / "before_corrections.sql.gz"
STUDIES = ("open", "locked")

READS = """
SELECT study.slug, participant.code, mri.code, reader.username, read.feature, read.occasion, read.status,
       read.signed_off_at, string_agg(grade.muscle || ' ' || grade.side || ' ' || grade.score, ', ' ORDER BY muscle)
FROM grading_read AS read
JOIN grading_study AS study ON study.id = read.study_id
JOIN grading_mri AS mri ON mri.id = read.mri_id
JOIN grading_participant AS participant ON participant.id = mri.participant_id
JOIN auth_user AS reader ON reader.id = read.reader_id
LEFT JOIN grading_grade AS grade ON grade.read_id = read.id
GROUP BY read.id, study.id, mri.id, participant.id, reader.id ORDER BY read.id
"""
CODES = "SELECT id, code FROM grading_read"
TRAIL = "SELECT id, at, table_name, key, operation, before, after, reason FROM grading_trail ORDER BY id"


@pytest.fixture(scope="module")
def filled():
    """The database of before, and what it held."""
    site = Server(new_database("thighsite_before"))
    with psycopg.connect(owner_address(site.environment["DATABASE_URL"])) as database:
        database.execute(gzip.decompress(FILLED.read_bytes()).decode())
        database.execute("RESET ALL")  # a dump looks for nothing in any schema
        held = {name: database.execute(query).fetchall() for name, query in (("reads", READS), ("trail", TRAIL))}
    site.manage(["migrate", "-v0"])
    yield site, held
    site.stop()


def test_every_read_grade_and_record_of_the_trail_is_still_there(filled):
    site, held = filled

    assert site.rows(READS) == held["reads"]
    assert site.rows(TRAIL)[: len(held["trail"])] == held["trail"]


def test_every_read_has_a_blind_code_of_its_own(filled):
    site, held = filled
    codes = site.rows("SELECT study_id, code FROM grading_read")

    assert len(set(codes)) == len(held["reads"])
    assert all(re.fullmatch(PATTERN, code) for _, code in codes)


def test_codes_are_still_those_after_a_migration_to_and_fro(filled):
    site, _ = filled
    codes = sorted(site.rows(CODES))
    site.manage(["migrate", "grading", "0023", "-v0"], ["migrate", "-v0"])

    assert sorted(site.rows(CODES)) == codes
    site.manage(*(["verify", "--study", study] for study in STUDIES))


def test_signatures_and_trail_hold(filled):
    site, _ = filled

    site.manage(*(["verify", "--study", study] for study in STUDIES))


def test_what_was_imported_is_marked_so(filled, tmp_path):
    site, _ = filled
    site.manage(*(["export_grades", "--study", study, "--output", str(tmp_path / study)] for study in STUDIES))

    rows = [row for study in STUDIES for row in csv.DictReader(io.StringIO((tmp_path / study).read_text()))]
    reads = {(row["mri"], row["status"], row["imported"]) for row in rows}
    of_locked = [(f"locked-{number}-a", "signed_off") for number in range(1, 5)]
    imported = [("open-1-a", "signed_off"), ("open-2-a", "signed_off"), ("open-3-a", "draft"), *of_locked]
    assert sorted(read[:2] for read in reads if read[2] == "true") == sorted(imported)
    graded_here = sorted(status for _, status, is_imported in reads if is_imported == "false")
    assert graded_here == ["draft", "draft", "signed_off", "signed_off"]
