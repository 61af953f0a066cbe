"""Programs that reports are held against: dciodvfy, and Orthanc, an archive, on a free port of this machine."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGES = {"dciodvfy": "dicom3tools", "Orthanc": "orthanc"}
LONGEST_START_SECONDS = 600  # on a busy machine
# dciodvfy says so of a private scheme, which the standard allows, and of a study whose date the site does not know.
EXPECTED = ("Unrecognized defined term <99THIGHSITE>", "needed to build DICOMDIR")


def program(name: str) -> str:
    """A program's path. Without it the test is skipped, or under CI=true fails."""
    path = os.environ.get(name.upper()) or shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path:
        return path
    reason = f"No {name}: install Debian's {PACKAGES[name]}, or run python3 dev.py test, which does so as root."
    return pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def complaints(report: bytes, folder: Path) -> list[str]:
    """What dciodvfy says against a report, beside what is expected of each."""
    file = folder / "report.dcm"
    file.write_bytes(report)
    done = subprocess.run([program("dciodvfy"), str(file)], capture_output=True, text=True, check=False)
    kind, said = done.stdout.strip(), done.stderr.splitlines()
    assert "EnhancedSR" in (kind, *said), done
    return [line for line in said if line != "EnhancedSR" and not any(words in line for words in EXPECTED)]


class Archive:
    """Orthanc's REST interface."""

    def __init__(self, port: int):
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(f"{self.address}{path}", data=body)
        with urllib.request.urlopen(request, timeout=LONGEST_START_SECONDS) as answer:
            return answer.read()

    def ask_json(self, path: str, body: bytes | None = None):
        return json.loads(self.ask(path, body))


@contextmanager
def archive(folder: Path) -> Iterator[Archive]:
    """An empty Orthanc, ended by its process id."""
    port = free_port()
    settings = {
        "StorageDirectory": str(folder / "archive"),
        "IndexDirectory": str(folder / "archive"),
        "HttpPort": port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomServerEnabled": False,
        "Plugins": [],
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    log = folder / "orthanc.log"
    with log.open("w") as output:
        process = subprocess.Popen([program("Orthanc"), str(folder / "orthanc.json")], stdout=output, stderr=output)
    try:
        found = Archive(port)
        await_start(found, process, log)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=LONGEST_START_SECONDS)


def await_start(found: Archive, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + LONGEST_START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            found.ask("/system")
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"Orthanc did not start:\n{log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
