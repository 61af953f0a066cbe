"""The image's steps, run by buildah where no container engine is at hand, and what then stands in it.

On a Debian that debootstrap makes, under the name of the base that Dockerfile names: the same release, with Debian's
own Python. The proxy's image is left out, and so are limits and capabilities, which an engine sets.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.servers import ROOT
from tests.embedded import embedded_postgres
from tests.starting import await_answer, free_port
from thighsite.embedded_postgres.server import SOCKET

NEEDED = ("buildah", "debootstrap")
pytestmark = [
    pytest.mark.skipif(not os.environ.get("THIGHSITE_FULL"), reason="Makes a Debian and an image: --full."),
    pytest.mark.skipif(
        not all(map(shutil.which, NEEDED)) or os.geteuid() != 0, reason="buildah and debootstrap as root"
    ),
]
DEBIAN, RELEASE = "http://deb.debian.org/debian", "trixie"
TRUSTED = Path("etc/ssl/certs/ca-certificates.crt")  # the network here may have an authority of its own
SETTINGS = {
    "SECRET_KEY": "a secret of fifty characters or more, for a test of an image alone",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "BEHIND_TLS_PROXY": "true",
    "JOBS_BESIDE_SITE": "false",
}
APPLICATION, OWNER = (f"postgres://{role}@%2Frun%2Fdb:5432/postgres" for role in ("thighsite_app", "postgres"))


class Buildah:
    """The program, with storage of a test's own."""

    def __init__(self, folder: Path):
        self.before = ["buildah", "--root", str(folder / "images"), "--runroot", str(folder / "running")]
        self.environment = os.environ | {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}

    def __call__(self, *arguments: str | Path, **kwargs) -> str:
        """Run a command of buildah; what it prints, without the end of its line."""
        command = [*self.before, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, **kwargs)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout.strip()

    def within(self, container: str, *command: str, volumes: dict[Path, str], **settings: str) -> list[str]:
        """Say the command line that runs a command in a container, as the user of its image."""
        given = [f"--env={name}={value}" for name, value in (SETTINGS | settings).items()]
        mounts = [f"--volume={here}:{there}" for here, there in volumes.items()]
        return [*self.before, "run", *given, *mounts, container, "--", *command]


@pytest.fixture(scope="module")
def buildah():
    with tempfile.TemporaryDirectory() as folder:
        yield Buildah(Path(folder))


@pytest.fixture(scope="module")
def base(buildah, tmp_path_factory):
    """Name a Debian as Dockerfile names its base."""
    name = re.search(rf"^FROM (python:\S+-{RELEASE}) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    root = tmp_path_factory.mktemp("debian")
    with_python = "--include=python3,python3-venv,ca-certificates"
    subprocess.run(["debootstrap", "--variant=minbase", with_python, RELEASE, root, DEBIAN], check=True)
    (root / "usr/bin/python").symlink_to("python3")
    shutil.copy(Path("/") / TRUSTED, root / TRUSTED)
    container = buildah("from", "scratch")
    buildah("add", container, root, "/")
    buildah("config", "--env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", container)
    buildah("commit", container, f"docker.io/library/{name}")


@pytest.fixture(scope="module")
def image(buildah, base):
    """Build an image by its name in Dockerfile, and make a container of it."""

    def built(target: str) -> str:
        buildah("bud", "--format", "docker", "--pull-never", "--layers", "--target", target, "--tag", target, ROOT)
        return buildah("from", "--pull-never", f"localhost/{target}")

    return built


@pytest.fixture
def database(tmp_path):
    """Give the folder of a server's socket, which any user of this machine may connect to."""
    with embedded_postgres(tmp_path, durable=False) as server:
        server.socket_dir.chmod(0o755)
        (server.socket_dir / SOCKET).chmod(0o777)
        yield server.socket_dir


@pytest.fixture
def run(buildah, database):
    """Run a command in a container as the user of its image, with the database at hand; what it prints."""

    def said(container: str, *command: str, **settings: str) -> str:
        within = buildah.within(container, *command, volumes={database: "/run/db"}, **settings)
        done = subprocess.run(within, env=buildah.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    return said


def test_images_are_built_and_migrate_serve_and_back_up(buildah, image, run, database, tmp_path):
    site, backup = image("site"), image("backup")
    assert "uid=10001(thighsite)" in run(site, "id")
    assert run(site, "find", "/srv/thighsite", "/srv/venv", "/srv/static", "-writable") == ""

    run(site, "python", "manage.py", "migrate", "-v0", DATABASE_URL=APPLICATION, OWNER_DATABASE_URL=OWNER)
    with served(buildah, site, database, tmp_path) as bound:
        run(site, *told(buildah, site)["Healthcheck"]["Test"][1:], BIND=bound)
        page = urllib.request.urlopen(f"http://{bound}/healthz").read()
    assert page

    run(backup, "python", "manage.py", "backup", "/srv/backups", DATABASE_URL=APPLICATION, OWNER_DATABASE_URL=OWNER)
    assert "manifest" in run(backup, "find", "/srv/backups")
    run(backup, "age", "--version")


def told(buildah: Buildah, container: str) -> dict:
    """What an image says of how it is run."""
    return json.loads(buildah("inspect", container))["Docker"]["config"]


@contextmanager
def served(buildah: Buildah, container: str, database: Path, folder: Path) -> Iterator[str]:
    """Run what the image runs, and give the address that it is bound to once it answers."""
    bound = f"127.0.0.1:{free_port()}"
    within = buildah.within(
        container, *told(buildah, container)["Cmd"], volumes={database: "/run/db"}, DATABASE_URL=APPLICATION, BIND=bound
    )
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(within, env=buildah.environment, stdout=log, stderr=log, start_new_session=True)
        try:
            await_answer(f"http://{bound}/healthz", process, log)
            yield bound
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
