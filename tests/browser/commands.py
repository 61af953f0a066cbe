"""Commands of manage.py in a process that stays: a start of Django costs more than most of them do."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.core.management import call_command
from django.db import connections
for line in sys.stdin:
    said, complained, has_failed = io.StringIO(), io.StringIO(), False
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        try:
            for arguments in json.loads(line):
                call_command(*arguments)
        except (Exception, SystemExit):
            has_failed = True
            traceback.print_exc()
        connections.close_all()
    print(json.dumps([has_failed, said.getvalue(), complained.getvalue()]), flush=True)
"""


class Commands:
    """Runs commands beside a site that is served: the environment says with which settings and on which database."""

    def __init__(self, environment: dict[str, str]):
        self._process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, commands: tuple[list[str], ...]) -> str:
        """Run them in this order: what they print, without warnings and the like, which go to stderr.

        Raises:
            AssertionError: one has failed, and those after it were left out; with all that was printed, on stderr, too.
        """
        self._process.stdin.write(json.dumps(commands) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"The process ended with {self._process.wait()}."
        has_failed, said, complained = json.loads(answer)
        assert not has_failed, said + complained
        return said

    def end(self) -> None:
        self._process.communicate()
