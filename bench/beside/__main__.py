"""How long readers wait for a save while somebody else has much done: readers come first.

    .venv/bin/python -m bench.beside            eight minutes; writes its part of docs/performance.md
    .venv/bin/python -m bench.beside --quick    a minute or two with a tenth of the grades; prints only

Sixteen readers enter a grade a second each: alone, then while an investigator asks for the agreement of 2,300
participants, while a worker looks at a file of 60 MB that a coordinator brought, and while a coordinator takes 825,000
grades out. gunicorn as it is configured with its worker beside it, an embedded PostgreSQL that is durable and thrown
away afterwards, all on one machine, which should have nothing else to do. Each ratio is to the readers alone before.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from bench.arguments import is_quick_asked
from bench.beside.studies import graded_study, study_to_import
from bench.exporting.rows import READERS as GRADED_BY
from bench.page_tables import table, write
from bench.saving.client import Load, open_loop
from bench.served_site import Site, served

READERS = 16
ALONE_SECONDS, PIECE_SECONDS = 20, 2
LONGEST_SECONDS, QUICK_LONGEST_SECONDS = 90, 20
AGREEMENT, EXPORT, IMPORT = 75_900, 825_000, 1_900_000  # grades: of 2,300 participants, of 25,000, and 60 MB of them
MOST_SECONDS = 0.3
PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"

Work = Callable[[], None]


def main() -> None:
    is_quick = is_quick_asked(__doc__, "a minute or two with a tenth of the grades; prints only")
    load = os.getloadavg()[0]
    with served(READERS, with_worker=True) as site:
        rows = [
            _row(name, site, work, QUICK_LONGEST_SECONDS if is_quick else LONGEST_SECONDS)
            for name, work in _works(site, 10 if is_quick else 1).items()
        ]
    heads = [
        "while",
        "for s",
        "p50 ms",
        "p95 ms",
        "alone, p95 ms",
        "to alone",
        f"p95 under {MOST_SECONDS * 1000:.0f} ms",
    ]
    text = f"{os.cpu_count()} cores, load {load:.2f} in the minute before; {READERS} readers.\n\n{table(heads, rows)}"
    print(text)
    if not is_quick:
        write(PAGE, "beside", text)


def _works(site: Site, part: int) -> dict[str, Work]:
    """What is asked for beside the readers, by its name; of a part of the grades."""
    investigator = graded_study("agreement", "investigator", AGREEMENT // part)
    exporting = graded_study("export", "coordinator", EXPORT // part)
    importing, file = study_to_import("import", IMPORT // part)

    def agreement() -> None:  # of all readers and of each two: an answer is kept, and would not be computed again
        investigator.get(site.url, "agreement/")
        for left_out in GRADED_BY:
            investigator.get(site.url, "agreement/", reader=[name for name in GRADED_BY if name != left_out])

    def take_in() -> None:
        importing.bring(site.url, file)
        _await_jobs()

    return {
        f"agreement of {AGREEMENT // part // 33:,} participants, four times": agreement,
        f"a file of {len(file) / 1e6:.0f} MB is looked at": take_in,
        f"{EXPORT // part:,} grades are exported": lambda: exporting.get(site.url, "data/grades.csv"),
    }


def _row(name: str, site: Site, work: Work, longest: float) -> list[str]:
    print(name, file=sys.stderr, flush=True)
    alone = open_loop([reader.save for reader in site.readers], ALONE_SECONDS)
    beside = _while(work, site, longest)
    late = beside.percentile(95)
    return [
        name, f"{beside.seconds:.0f}", *(f"{beside.percentile(each) * 1000:.0f}" for each in (50, 95)),
        f"{alone.percentile(95) * 1000:.0f}", f"{late / alone.percentile(95):.1f} ×",
        "yes" if late < MOST_SECONDS else "**no**",
    ]  # fmt: skip


def _while(work: Work, site: Site, longest: float) -> Load:
    """Have the readers grade until the work is done, or for so many seconds of it."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread, pieces, begun = Thread(target=run, daemon=True), [], time.perf_counter()
    thread.start()
    while not pieces or (thread.is_alive() and time.perf_counter() - begun < longest):
        pieces.append(open_loop([reader.save for reader in site.readers], PIECE_SECONDS))
    if failed:
        raise failed[0]
    return Load([each for piece in pieces for each in piece.latencies], time.perf_counter() - begun)


def _await_jobs() -> None:
    from django.db import connection

    from thighsite.jobs.models import Job

    while Job.objects.filter(state__in=Job.ACTIVE).exists():
        time.sleep(0.5)  # between two looks at what is awaited here
    connection.close()


if __name__ == "__main__":
    main()
