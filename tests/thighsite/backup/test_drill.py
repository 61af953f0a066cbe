"""From a backup to a running site, and what a backup refuses: on the command line, in databases of their own."""

import os
import shutil
import subprocess
import sys
import urllib.request
from io import StringIO
from json import loads
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.browser.servers import ROOT, Server, new_database, owner_address
from tests.builders import PASSWORD, make_member, make_mri, make_participant, make_signed_off_read, make_stack
from tests.builders import make_study as study_with_groups
from thighsite.backup.unfinished import held

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'grading%' ORDER BY 1"
RIGHTS = """
SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
UNION ALL SELECT oid::regprocedure::text, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'of tables to come', defaclacl::text FROM pg_default_acl
UNION ALL SELECT 'temporary tables', has_database_privilege('thighsite_app', current_database(), 'TEMPORARY')::text
ORDER BY 1, 2
"""
# A count is the sum of its parts, which `migrate` merges after a restore.
COUNTS = """
SELECT study_id, reader_id, block, status, sum(number) FROM grading_readcount
GROUP BY study_id, reader_id, block, status HAVING sum(number) <> 0
"""
SIGNED_IN = """
from django.test import Client
client = Client(SERVER_NAME="localhost")
print(client.post("/accounts/login/", {{"username": "ann", "password": "{password}"}}).status_code)
print(client.get("/reading/{study}/").status_code)
"""


@pytest.fixture
def restored(tmp_path, static_files):
    """A site of its own over an empty database, with a folder for scans of its own."""
    site = Server(new_database("thighsite_restored"))
    site.environment |= {"SCANS_DIR": str(tmp_path / "scans")}
    yield site
    site.stop()


def manage(site, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=site.environment | environment, capture_output=True, text=True)


def back_up(folder: Path, **options) -> Path:
    before = {*folder.glob("*")}
    call_command("backup", folder, stdout=StringIO(), **options)
    (made,) = {*folder.iterdir()} - before
    return made


def contents(address: str) -> dict[str, list]:
    """Every row of the study's tables, and who may do what with them."""
    with psycopg.connect(owner_address(address)) as database:
        tables = [name for (name,) in database.execute(TABLES)]
        asked = {name: f"SELECT * FROM {name}" for name in tables} | {"grading_readcount": COUNTS}
        rows = {name: sorted(map(str, database.execute(query))) for name, query in asked.items()}
        return rows | {"rights": database.execute(RIGHTS).fetchall()}


def tables_of(site) -> list:
    with psycopg.connect(owner_address(site.environment["DATABASE_URL"])) as database:
        return database.execute(TABLES).fetchall()


def fill():
    """A study with two signed-off reads, an open case for ann, and a scan."""
    study = study_with_groups(slug="thighs")
    ann = make_member(study)
    ann.user.username = "ann"
    ann.user.save()
    make_signed_off_read(study=study, reader=ann.user)
    make_signed_off_read(study=study)
    make_stack(make_mri(make_participant(study)))
    return study


def test_backup_becomes_a_site_with_every_row_right_and_scan(restored, tmp_path):
    study, own = fill(), connection.settings_dict
    backup = back_up(tmp_path / "backups")

    done = manage(restored, "restore", str(backup))

    assert (done.returncode, done.stderr) == (0, "")
    assert "All 2 signatures of thighs hold" in done.stdout
    source = restored.environment["DATABASE_URL"].rpartition("/")[0] + "/" + own["NAME"]
    assert contents(restored.environment["DATABASE_URL"]) == contents(source)
    page = manage(restored, "shell", "-v0", "-c", SIGNED_IN.format(password=PASSWORD, study=study.pk))
    assert page.stdout.split() == ["302", "200"], page.stderr
    restored.start()
    with urllib.request.urlopen(f"{restored.url}/readyz") as answer:
        assert loads(answer.read())["checks"] | {"worker": ""} == {
            "database": "ok", "migrations": "ok", "scans": "ok", "worker": "", "limits": "ok",
            "release": "ok",
        }  # fmt: skip

    again = manage(restored, "restore", str(backup))
    assert (again.returncode, "SCANS_DIR" in again.stderr) == (1, True)
    again = manage(restored, "restore", str(backup), SCANS_DIR=str(tmp_path / "other"))
    assert (again.returncode, "The database is not empty" in again.stderr) == (1, True)


def test_what_a_killed_backup_left_goes_a_day_later_and_one_that_is_being_made_stays(tmp_path):
    left, being_made, of_today = (tmp_path / f"unfinished-thighsite-20260101T00000{number}Z" for number in range(3))
    for folder in (left, being_made, of_today):
        folder.mkdir()
        (folder / "database.dump").touch()
    for folder in (left, being_made):
        os.utime(folder, (0, 0))

    with held(being_made):
        call_command("backup", tmp_path, stdout=StringIO())

    assert not left.exists()
    assert (being_made / "database.dump").exists()
    assert of_today.exists()  # another machine may be at it
    assert len([*tmp_path.glob("thighsite-*")]) == 1


def refusal(site, backup: Path) -> str:
    with pytest.raises(AssertionError) as refused:
        site.manage(["restore", str(backup)])
    return str(refused.value)


def test_changed_or_foreign_backup_restores_nothing(restored, tmp_path):
    study_with_groups()
    backup = back_up(tmp_path / "backups")
    dump = (backup / "database.dump").read_bytes()

    refused = [refusal(restored, backup.parent)]
    (backup / "database.dump").write_bytes(dump[:-1] + bytes([dump[-1] ^ 1]))
    refused.append(refusal(restored, backup))
    (backup / "database.dump").write_bytes(dump)
    refused.append(manage(restored, "restore", str(backup), SECRET_KEY="another" * 10).stderr)
    (backup / "scans.tar").unlink()
    refused.append(refusal(restored, backup))
    manifest = backup / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"grading",', '"grading", "9999_to_come"], ["grading",', 1))
    refused.append(refusal(restored, backup))

    reasons = ["holds several", "its SHA-256 is another", "another SECRET_KEY", "scans.tar is not in", "9999_to_come"]
    assert [why for why, said in zip(reasons, refused, strict=True) if why not in said] == []
    assert tables_of(restored) == []


def test_newest_backups_are_kept_and_nobody_else_reads_them(tmp_path):
    folder = tmp_path / "backups"
    for day in (1, 2, 3):
        older = folder / f"thighsite-2001010{day}T000000Z"
        older.mkdir(parents=True)
        (older / "manifest.json").touch()
    (folder / "notes").mkdir()

    made = back_up(folder, keep=2)

    assert {path.name for path in folder.iterdir()} == {"notes", "thighsite-20010103T000000Z", made.name}
    assert {path.stat().st_mode & 0o077 for path in (made, *made.iterdir())} == {0}


def test_encrypted_backup_is_read_with_its_key_alone(restored, tmp_path, monkeypatch):
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    fill()
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(keys))
    make_key = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "backups@example.org"]
    make_key += ["future-default"]  # of elliptic curves, in a hundredth of RSA's time
    subprocess.run(make_key, check=True, capture_output=True)

    backup = back_up(tmp_path / "backups", recipient="backups@example.org")
    without = manage(restored, "restore", str(backup), GNUPGHOME=str(tmp_path))
    done = manage(restored, "restore", str(backup), GNUPGHOME=str(keys))
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True)

    assert {path.name for path in backup.iterdir()} == {"database.dump.gpg", "scans.tar.gpg", "manifest.json"}
    assert b"PGDMP" not in (backup / "database.dump.gpg").read_bytes()
    assert (without.returncode, "gpg failed" in without.stderr) == (1, True), without.stderr
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("recipient", "said"), [("age1xyz", "age is not here"), ("nobody", "gpg failed")])
def test_backup_that_cannot_be_encrypted_leaves_nothing(tmp_path, monkeypatch, recipient, said):
    if recipient == "age1xyz":
        monkeypatch.setenv("PATH", "")
    elif shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))

    with pytest.raises(CommandError, match=said):
        call_command("backup", tmp_path / "backups", recipient=recipient)

    assert list((tmp_path / "backups").iterdir()) == []
