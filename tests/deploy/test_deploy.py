"""What a site is deployed with: each file as its own program reads it, where that is at hand."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tests.browser.servers import ROOT
from tests.deploy.proxy import NGINX, configured

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
OF_THE_OWNER = {"migrate", "backup"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_no_service_may_more_than_it_needs(services):
    assert {*services} == {"proxy", "db", "migrate", "web", "jobs", "backup"}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert not {"cap_add", "privileged"} & service.keys(), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["deploy"]["resources"]["limits"].keys() == {"memory", "pids"}, name
        assert name == "migrate" or service["restart"] == "unless-stopped", name
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["db"]["user"] == "postgres"
    assert "stop_grace_period" in services["web"].keys() & services["jobs"].keys()


def test_owner_of_the_tables_reaches_no_container_that_serves(services):
    for name in services.keys() - {"proxy", "db"}:
        given = services[name]["environment"]
        assert bool(given["OWNER_DATABASE_URL"]) == (name in OF_THE_OWNER), name
        assert given["POSTGRES_PASSWORD"] == "", name


def test_a_backup_is_made_once_a_day_however_often_its_container_is_started(services, tmp_path):
    kept, called = tmp_path / "backups", tmp_path / "called"
    for name, does in {"python": f"echo $@ >> {called}; mkdir {kept}/thighsite-of-now", "sleep": "exit 1"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    (kept / "thighsite-of-before").mkdir(parents=True)
    os.utime(kept / "thighsite-of-before", (0, 0))
    script = services["backup"]["command"][2].replace("$$", "$").replace("/srv/backups", str(kept))

    for _ in range(3):
        subprocess.run(["sh", "-c", script], env={"PATH": f"{tmp_path}:{os.defpath}"}, check=False)

    assert called.read_text() == f"manage.py backup {kept} --keep 14\n"


def test_no_password_is_there_by_itself():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY)\w*)", text):
        assert {f"${{{name}:?"} == {*re.findall(rf"\$\{{{name}..", text)}
    assert re.search(r"^(APPLICATION_)?POSTGRES_PASSWORD=.", (ROOT / ".env.example").read_text(), re.MULTILINE) is None


def test_every_image_is_of_a_named_release_and_run_by_an_ordinary_user():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    stages = {line.split()[3] for line in lines if line.startswith("FROM ") and " AS " in line}
    images = re.findall(r"image: (postgres\S*)", (ROOT / "docker-compose.yml").read_text())

    outside = [base for base in bases if base not in stages] + images
    assert [base for base in outside if not re.search(r":\d+\.\d+|@sha256:", base)] == []
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001:10001", "thighsite", "root", "thighsite"]  # root for what is installed for backups


@pytest.mark.parametrize("beside", [[], ["-f", "own-proxy.yml"]], ids=["own certificate", "own proxy"])
def test_compose_reads_its_files(beside, tmp_path):
    """As Compose itself reads them, with what .env.example says and the five variables that it has no value for."""
    compose = ["docker", "compose"]
    if shutil.which("docker") is None or subprocess.run([*compose, "version"], capture_output=True).returncode:
        pytest.skip("Compose is not installed")
    for path in (ROOT / "docker-compose.yml", DEPLOY / "own-proxy.yml"):
        shutil.copy(path, tmp_path)
    example = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"^(\w+)=$", r"\1=given", example, flags=re.MULTILINE))

    command = [*compose, "-f", "docker-compose.yml", *beside, "config", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_unit_is_one(unit, tmp_path):
    """As systemd itself judges it, with the programs of here."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for each in UNITS:
        there = re.sub(r"/opt/thighsite/\.venv/bin/\S+", sys.executable, each.read_text())
        (tmp_path / each.name).write_text(there.replace("/opt/thighsite", str(ROOT)))

    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True)

    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
    assert done.returncode == 0, done.stderr


def test_each_unit_may_as_little_as_the_others():
    confined = {}
    for unit in UNITS:
        if unit.suffix == ".service":
            lines = unit.read_text().splitlines()
            kept = {
                line for line in lines if re.match("Protect|Restrict|Private|Lock|NoNew|Capab|SystemCall|UMask", line)
            }
            confined[unit.name] = kept
            assert any(line.startswith("MemoryMax=") for line in lines), unit.name

    assert len({frozenset(lines) for lines in confined.values()}) == 1
    assert len(next(iter(confined.values()))) > 15


def test_what_is_left_of_a_killed_site_keeps_no_port():
    web, worker = ((DEPLOY / "systemd" / f"thighsite-{name}.service").read_text() for name in ("web", "worker"))

    for unit in (web, worker):
        assert {"KillMode=mixed", "Restart=always", "RestartSec=1", "UMask=0077"} <= {*unit.splitlines()}
        assert "owner.env" not in unit
    assert "TimeoutStopSec=40" in web  # gunicorn lets requests end for 30 seconds


def test_nginx_reads_its_configuration(tmp_path):
    if not NGINX:
        pytest.skip("nginx is not installed")

    done = subprocess.run([NGINX, "-t", *configured(tmp_path, site=8000, tls=8443)], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "test is successful" in done.stderr
