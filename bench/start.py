"""What a start of the program costs, beside a start of Python that imports what nothing here can do without.

    .venv/bin/python -m bench.start            half a minute; writes its part of docs/performance.md
    .venv/bin/python -m bench.start --quick    once each; prints only

Processor time of whole processes, user and system, on the demo and an embedded PostgreSQL that serves already. They
take turns, so that what else the machine does falls on all alike; the ratio is of the least times, in one run.
"""

import os
import statistics
import subprocess
import sys
from io import StringIO
from pathlib import Path

from bench.arguments import is_quick_asked
from bench.page_tables import table, write
from bench.served_site import ROOT, prepared

ROUNDS, QUICK_ROUNDS = 9, 1
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
FLOOR = "python -c 'import django; import numpy'"
PROGRAMS = {
    FLOOR: ["-c", "import django; import numpy"],
    "manage.py --help": ["manage.py", "--help"],
    "manage.py compare --study demo": ["manage.py", "compare", "--study", "demo"],
}
TARGET_SECONDS = {"manage.py --help": 0.6, "manage.py compare --study demo": 1.5}


def main() -> None:
    is_quick = is_quick_asked(__doc__, "once each; prints only")
    load = os.getloadavg()[0]
    with prepared():
        from django.core.management import call_command

        call_command("demo", no_serve=True, stdout=StringIO())
        text = _report(_measured(QUICK_ROUNDS if is_quick else ROUNDS), load)
    print(text)
    if not is_quick:
        write(PAGE, "start", text)


def _measured(rounds: int) -> dict[str, list[float]]:
    """List each program's processor seconds, one for each round."""
    for arguments in PROGRAMS.values():
        _seconds(arguments)  # from here on bytecode and files are at hand
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, arguments in PROGRAMS.items():
            seconds[name].append(_seconds(arguments))
    return seconds


def _seconds(arguments: list[str]) -> float:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "thighsite.settings"}
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}.")
    return used.ru_utime + used.ru_stime


def _report(measured: dict[str, list[float]], load: float) -> str:
    least, floor = {name: min(seconds) for name, seconds in measured.items()}, min(measured[FLOOR])
    rows = [
        [
            f"`{name}`",
            f"{least[name]:.2f}",
            f"{statistics.median(seconds):.2f}",
            f"{least[name] / floor:.1f}",
            _holds(least[name], TARGET_SECONDS.get(name)),
        ]
        for name, seconds in measured.items()
    ]
    version = ".".join(map(str, sys.version_info[:3]))
    rounds = len(measured[FLOOR])
    said = f"{os.cpu_count()} cores, load {load:.2f} in the minute before; Python {version}; {rounds} rounds."
    return f"{said}\n\n" + table(["program", "least s", "median s", "to the first", "target"], rows)


def _holds(seconds: float, target: float | None) -> str:
    if target is None:
        return ""
    return f"under {target} s: {'yes' if seconds < target else 'no'}"


if __name__ == "__main__":
    main()
