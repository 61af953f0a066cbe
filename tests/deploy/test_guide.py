"""docs/guides/operator.md without containers, word by word: its blocks of commands, and then what the units start.

On paths, a database server and a port of the test's own; what changes the machine itself (accounts, systemd, what pip
installs) is left out.
"""

import os
import re
import subprocess
import sys
import urllib.request
from json import loads
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.browser.servers import ROOT
from tests.embedded import embedded_postgres
from tests.starting import await_answer, free_port

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

HOST = "thighsite.example.org"
OF_THE_MACHINE = re.compile(r"^(useradd|chown|cp|systemctl|/usr/bin/python3 -m venv) .*\n", re.MULTILINE)
SITE = f"""
SECRET_KEY='a secret of fifty characters or more, with $ and "quotes"'
ALLOWED_HOSTS={HOST},127.0.0.1
BEHIND_TLS_PROXY=true
DATABASE_URL=postgres://thighsite_app:application@{{place}}/thighsite
"""
OWNER = "OWNER_DATABASE_URL=postgres://thighsite:...@{place}/thighsite\n"


@pytest.fixture
def postgres(tmp_path):
    with embedded_postgres(tmp_path, durable=False) as server:
        yield server


@pytest.fixture
def here(tmp_path):
    """Say a text of the guide or of a unit with the paths of here."""
    paths = {"/var/lib/thighsite": "lib", "/var/backups/thighsite": "backups", "/etc/thighsite": "etc"}

    def said(text: str) -> str:
        for path, folder in paths.items():
            text = text.replace(path, str(tmp_path / folder))
        # At once, for the tests' own Python may be one in a .venv, too.
        text = re.sub(r"(?:/opt/thighsite/)?\.venv/bin/python\b", lambda _: sys.executable, text)
        return text.replace("/opt/thighsite", str(ROOT))

    return said


def blocks() -> list[str]:
    """The guide's blocks of commands, in their order."""
    guide = (ROOT / "docs/guides/operator.md").read_text()
    without = guide.partition("**Without containers**")[2].partition("**A new release**")[0]
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in re.findall(r"(?:^    .*\n)+", without, re.M)]


def sh(script: str, **environment: str) -> None:
    done = subprocess.run(["sh", "-e"], input=script, cwd=ROOT, env=clean(environment), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def clean(environment: dict[str, str]) -> dict[str, str]:
    """What a new shell has, and no more of what tests are told by."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | environment


def started_by(unit: str, here) -> tuple[str, dict[str, str]]:
    """What a unit starts, as a shell would, after what its files set, which goes before the environment beside it."""
    text = here((ROOT / "docs/deploy/systemd" / f"thighsite-{unit}.service").read_text())
    files = "".join(f"set -a; . {path}; set +a; " for path in re.findall(r"^EnvironmentFile=(.*)", text, re.M))
    given = dict(pair.split("=", 1) for line in re.findall(r"^Environment=(.*)", text, re.M) for pair in line.split())
    return f"{files}exec {re.search('^ExecStart=(.*)', text, re.M)[1]}", given


def test_guide_leads_to_a_site_that_is_ready_and_backed_up(postgres, here, tmp_path, request):
    install, statements, commands = blocks()
    sh(OF_THE_MACHINE.sub("", here(install).replace("-o thighsite -g thighsite ", "")))
    place = urlsplit(postgres.url()).netloc.rpartition("@")[2]
    for name, text in {"site": SITE, "owner": OWNER}.items():
        (tmp_path / "etc" / f"{name}.env").write_text(text.format(place=place))
    with psycopg.connect(postgres.url(), autocommit=True) as administrator:
        for statement in re.sub(r"--.*", "", statements).split(";"):
            administrator.execute(statement)
    without_asking = "createsuperuser --noinput --username root --email ''"
    sh(OF_THE_MACHINE.sub("", here(commands).replace("createsuperuser", without_asking)))

    serving, environment = started_by("web", here)
    port = free_port()
    environment["BIND"] = f"127.0.0.1:{port}"
    with (tmp_path / "log").open("w+b") as log:
        site = subprocess.Popen(
            ["sh", "-c", serving], cwd=ROOT, env=clean(environment), stdout=log, stderr=log, start_new_session=True
        )
        request.addfinalizer(lambda: (site.terminate(), site.wait()))
        await_answer(f"http://127.0.0.1:{port}/healthz", site, log)
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": HOST})
    with urllib.request.urlopen(asked) as answer:
        checks = loads(answer.read())["checks"]
    assert {name: checks[name] for name in ("database", "migrations", "scans")} == dict.fromkeys(
        ("database", "migrations", "scans"), "ok"
    )

    backing_up, environment = started_by("backup", here)
    sh(backing_up, **environment)
    (backup,) = (tmp_path / "backups").iterdir()
    assert {path.name for path in backup.iterdir()} == {"database.dump", "scans.tar", "manifest.json"}
