"""How long the export of 1,000,000 grades takes, and what memory, beside PostgreSQL's own COPY of the same rows.

    .venv/bin/python -m bench.exporting            three minutes; writes its part of docs/performance.md
    .venv/bin/python -m bench.exporting --quick    a tenth of the grades; prints only

Each layout as command and page have it, in one process, on an embedded PostgreSQL that is thrown away afterwards. COPY
writes the same values of the same grades in the same order, as they are stored; both are read by the same client.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator

from bench.arguments import is_quick_asked
from bench.comparison.memory import forget_peak, resident
from bench.exporting.rows import fill
from bench.page_tables import table, write
from bench.served_site import ROOT, prepared

GRADES, QUICK_GRADES = 1_000_000, 100_000
ROUNDS = 3
LEAST_RATE, MOST_GROWTH = 1 / 2, 50  # of COPY's rate; MB
PAGE = ROOT / "docs" / "performance.md"
COPY = "COPY (SELECT {columns} {joined} {order}) TO STDOUT (FORMAT csv)"
COLUMNS = """participant.code, diagnosis.code, mri.code, reader.username, read.occasion, read.sequence, read.feature,
muscle, side, score, not_assessable, read.position, read.opened_at, read.signed_off_at, read.status, read.comment,
read.first_entry_at, read.last_entry_at, read.active_seconds, read.signature, read.handed_out, participant.withdrawn_at,
read.code"""
JOINED = """FROM grading_grade grade JOIN grading_read read ON read.id = grade.read_id
JOIN grading_mri mri ON mri.id = read.mri_id JOIN grading_participant participant ON participant.id = mri.participant_id
JOIN grading_diagnosisgroup diagnosis ON diagnosis.id = participant.group_id
JOIN auth_user reader ON reader.id = read.reader_id"""
ORDER = """ORDER BY participant.code COLLATE "C", mri.code COLLATE "C", reader.username COLLATE "C", read.occasion,
read.feature,
array_position(ARRAY['VL', 'VM', 'VI', 'RF', 'BFSH', 'BFLH', 'SM', 'ST', 'ADD', 'GR', 'SA'], muscle::text), side"""


def main() -> None:
    is_quick = is_quick_asked(__doc__, "a tenth of the grades; prints only")
    load = os.getloadavg()[0]
    with prepared():
        study = fill(QUICK_GRADES if is_quick else GRADES)
        text = _report(_measured(study), load)
    print(text)
    if not is_quick:
        write(PAGE, "exporting", text)


def _measured(study) -> dict[str, tuple[float, float, float]]:
    """Give of each way its least seconds, megabytes written and megabytes by which memory grew at most, in turns."""
    from grading.csv.exports import LAYOUTS, export_grades

    ways = {"PostgreSQL's COPY": lambda: _copied(COPY.format(columns=COLUMNS, joined=JOINED, order=ORDER))}
    ways["COPY, in no order"] = lambda: _copied(COPY.format(columns=COLUMNS, joined=JOINED, order=""))
    for layout in LAYOUTS:
        ways[f"export, {layout}"] = lambda layout=layout: (
            text.encode() for text in export_grades(study, layout=layout)
        )
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            found[name].append(_drained(way()))
    return {
        name: (min(row[0] for row in rows), rows[0][1], max(row[2] for row in rows)) for name, rows in found.items()
    }


def _copied(statement: str) -> Iterator[bytes]:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from map(bytes, copy)


def _drained(blocks: Iterable[bytes]) -> tuple[float, float, float]:
    before, begun = resident("VmRSS"), time.perf_counter()
    forget_peak()
    written = sum(map(len, blocks))
    return time.perf_counter() - begun, written / 1e6, resident("VmHWM") - before


def _report(measured: dict[str, tuple[float, float, float]], load: float) -> str:
    copy = measured["PostgreSQL's COPY"][0]
    rows = [
        [
            name,
            f"{seconds:.1f}",
            f"{copy / seconds:.2f}",
            f"{megabytes:.0f}",
            f"{growth:.0f}",
            _holds(name, copy / seconds, growth),
        ]
        for name, (seconds, megabytes, growth) in measured.items()
    ]
    version = ".".join(map(str, sys.version_info[:3]))
    head = (
        f"{os.cpu_count()} cores, load {load:.2f} in the minute before; Python {version}; the least of {ROUNDS} rounds."
    )
    return f"{head}\n\n" + table(["", "seconds", "of COPY's rate", "MB written", "memory grew by MB", "target"], rows)


def _holds(name: str, rate: float, growth: float) -> str:
    if not name.startswith("export"):
        return ""
    return (
        f"half of COPY's rate, under {MOST_GROWTH} MB: {'yes' if rate >= LEAST_RATE and growth < MOST_GROWTH else 'no'}"
    )


if __name__ == "__main__":
    main()
