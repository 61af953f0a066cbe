"""How long a file of 100,000 grades takes, looked at and imported, beside PostgreSQL's own COPY of the same rows.

    .venv/bin/python -m bench.importing            a minute; writes its part of docs/performance.md
    .venv/bin/python -m bench.importing --quick    a tenth of the grades; prints only
    .venv/bin/python -m bench.importing --profile  where the time goes; prints only

A look and an import as the page has them done, in one process, on an embedded PostgreSQL that is durable and thrown
away afterwards. COPY writes the grades that were imported into an empty table with the columns, checks and indexes of
theirs. The machine should have nothing else to do.
"""

import cProfile
import os
import pstats
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.arguments import parser_of
from bench.importing.file import READERS, many_grades, many_participants
from bench.page_tables import table, write
from bench.served_site import prepared

GRADES, QUICK_GRADES = 100_000, 10_000
TARGET_SECONDS = {"look": 15, "import": 25}
FUNCTIONS_SHOWN = 45
PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
LIKE = "LIKE grading_grade INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS INCLUDING INDEXES"
SHAPE = f"CREATE TABLE bench_grade ({LIKE})"


def main() -> None:
    parser = parser_of(__doc__, quick="a tenth of the grades; prints only")
    parser.add_argument("--profile", action="store_true", help="where the time goes; prints only")
    said = parser.parse_args()
    load = os.getloadavg()[0]
    profile = cProfile.Profile() if said.profile else None
    with prepared():
        measured = _measured(QUICK_GRADES if said.quick else GRADES, profile)
    text = _report(measured, load)
    print(text)
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(FUNCTIONS_SHOWN)
    if not (said.quick or profile):
        write(PAGE, "importing", text)


def _measured(grades: int, profile: cProfile.Profile | None) -> dict[str, Any]:
    """Give the seconds of a look, of an import and of COPY, and how much was imported."""
    from grading.models import Grade
    from grading.uploads.keeping import import_upload, keep_upload, look_at

    study, by = _study(grades)
    file = many_grades(grades)
    upload = keep_upload(study=study, by=by, what="grades", name="grades.csv", content=file)
    with profile or nullcontext():
        look, outlook = _timed(lambda: look_at(upload))
        if outlook.state != "ready":
            raise RuntimeError(f"The file cannot be imported: {outlook.problems}")
        imported, _ = _timed(lambda: import_upload(upload, outlook.fingerprint, by=by))
    return {"look": look, "import": imported, "copy": _copy(), "bytes": len(file), "grades": Grade.objects.count()}


def _study(grades: int):
    from django.contrib.auth.models import User

    from grading.csv.imports import import_participants
    from grading.models import Member, Study

    study = Study.objects.create(slug="bench", title="Bench")
    by = User.objects.create(username="coordinator")
    readers = [User.objects.create(username=name) for name in READERS]
    Member.objects.bulk_create(Member(study=study, user=user, role="reader") for user in readers)
    import_participants(study=study, file=many_participants(grades))
    return study, by


def _copy() -> float:
    """Copy what was imported into a table of the same shape, as the owner of the database; the seconds of writing."""
    import psycopg

    from thighsite.embedded_postgres.base import server

    def write_rows() -> None:
        with owner.cursor().copy("COPY bench_grade FROM STDIN") as copy:
            copy.write(rows)

    with psycopg.connect(server().url(), autocommit=True) as owner:
        owner.execute(SHAPE)
        with owner.cursor().copy("COPY grading_grade TO STDOUT") as copy:
            rows = b"".join(copy)
        seconds, _ = _timed(write_rows)
    return seconds


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = do()
    return time.perf_counter() - begun, found


def _report(measured: dict[str, Any], load: float) -> str:
    of = {"look": "look before anything is stored", "import": "import of what was shown", "copy": "PostgreSQL's COPY"}
    rows = [
        [what, f"{measured[name]:.1f}", f"{measured[name] / measured['copy']:.0f}", _holds(measured[name], name)]
        for name, what in of.items()
    ]
    version = ".".join(map(str, sys.version_info[:3]))
    head = f"{os.cpu_count()} cores, load {load:.2f} in the minute before; Python {version}; "
    size = f"{measured['grades']:,} grades in a CSV file of {measured['bytes'] / 1e6:.1f} MB."
    return f"{head}{size}\n\n{table(['', 'seconds', 'to COPY', 'target'], rows)}"


def _holds(seconds: float, name: str) -> str:
    target = TARGET_SECONDS.get(name)
    return f"under {target} s: {'yes' if seconds < target else 'no'}" if target else ""


if __name__ == "__main__":
    main()
