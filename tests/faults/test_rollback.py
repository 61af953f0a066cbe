"""To the new release and back to the one before, as docs/guides/operator.md describes it: with both programs.

The release before is the program as its history has it before the newest migration came.
"""

import io
import subprocess
import sys
import tarfile
import urllib.request
from json import dumps, loads
from pathlib import Path

import pytest

from tests.browser.servers import ROOT, Server, new_database
from tests.faults.readers import CSRF

NEWEST = max(path.relative_to(ROOT) for path in (ROOT / "grading/migrations").glob("0*.py"))
USED = """
from tests.builders import make_member, make_read, make_signed_off_read, make_study
study = make_study(slug="thighs")
ann = make_member(study).user
make_signed_off_read(study=study, reader=ann)
make_signed_off_read(study=study)
make_read(study=study, reader=ann, scores=[1] * 5)
"""
USED_ON = """
from grading.anatomy import MUSCLE_CODES
from grading.models import Read
from grading.services import sign_off
from grading.services.entering import enter_grade
from thighsite.acting import acting_for
read = Read.objects.get(signed_off_at=None)
with acting_for(read.reader_id):
    for muscle in MUSCLE_CODES[5:]:
        enter_grade(read_id=read.pk, reader_id=read.reader_id, muscle=muscle, side="both", score=2)
    sign_off(read)
"""
SESSION = """
from django.test import Client
from grading.models import Read
client, read = Client(), Read.objects.get(signed_off_at=None)
client.force_login(read.reader)
print(client.cookies["sessionid"].value, read.pk)
"""
STORED = "SELECT read_id::text, muscle, score FROM grading_grade ORDER BY 1, 2"


@pytest.fixture
def before(tmp_path):
    """The program of the release before, in a folder of its own."""
    git = lambda *asked: subprocess.run(["git", *asked], cwd=ROOT, capture_output=True).stdout  # noqa: E731
    came = git("log", "-1", "--diff-filter=A", "--format=%H", "--", str(NEWEST)).decode().strip()
    program = git("archive", f"{came}^") if came else b""
    if not program:
        pytest.skip("the history of the program is not here")
    with tarfile.open(fileobj=io.BytesIO(program)) as archive:
        archive.extractall(tmp_path / "before", filter="data")
    return tmp_path / "before"


@pytest.fixture
def site_of(tmp_path, request):
    """Make a site of a program over a database, with a folder for scans that nothing is stored in."""

    def make(program: Path, database: str) -> Server:
        site = Server(database)
        site.root = program
        site.environment |= {"SECRET_KEY": "of both programs", "SCANS_DIR": str(tmp_path / "scans")}
        request.addfinalizer(site.stop)
        return site

    return make


def manage(site: Server, *arguments: str) -> str:
    """Run a command of the site's own program, and give what it says."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=site.root, env=site.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shell(site: Server, program: str) -> str:
    return manage(site, "shell", "--no-imports", "-v0", "-c", program)


def test_back_to_the_release_before_leads_its_backup(before, site_of, tmp_path):
    database = new_database("thighsite_upgraded")
    old, new = site_of(before, database), site_of(ROOT, database)
    manage(old, "migrate", "-v0")
    shell(old, USED)
    manage(old, "backup", str(tmp_path / "backups"))
    stored = old.rows(STORED)

    manage(new, "migrate", "-v0")
    assert new.rows(STORED) == stored
    shell(new, USED_ON)
    manage(new, "verify", "--study", "thighs")
    assert len(new.rows(STORED)) > len(stored)

    back = site_of(before, new_database("thighsite_rolled_back"))
    (backup,) = (tmp_path / "backups").iterdir()
    assert "signatures of thighs hold" in manage(back, "restore", str(backup))
    assert back.rows(STORED) == stored
    session, read = shell(back, SESSION).split()
    back.start()
    entry = {"muscle": "SA", "side": "both", "score": 3, "not_assessable": False, "seen_version": 0}
    asked = urllib.request.Request(f"{back.url}/reads/{read}/grades/", dumps(entry).encode())
    asked.add_header("Cookie", f"sessionid={session}; csrftoken={CSRF}")
    asked.add_header("X-CSRFToken", CSRF)
    asked.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(asked) as answer, urllib.request.urlopen(f"{back.url}/readyz") as ready:
        assert loads(answer.read())["version"] == 1
        assert loads(ready.read())["checks"]["migrations"] == "ok"
    assert len(back.rows(STORED)) == len(stored) + 1
