"""How fast a grade is saved, beside what the same stack needs to do nothing and PostgreSQL to insert a row.

    .venv/bin/python -m bench.saving            four minutes; writes its part of docs/performance.md
    .venv/bin/python -m bench.saving --quick    half a minute; prints only

gunicorn as it is configured, an embedded PostgreSQL that is durable and thrown away afterwards, readers with sessions
and CSRF tokens of their own. The machine should have nothing else to do.
"""

import os
import sys
import time
from pathlib import Path

from bench.arguments import is_quick_asked
from bench.page_tables import write
from bench.saving.client import closed_loop, open_loop
from bench.saving.cost import page_weight, processor_cost, queries_of_a_save
from bench.saving.floor import durable_inserts
from bench.saving.report import KINDS, Results, report
from bench.served_site import Site, served

CLIENTS = (1, 8, 64)
SECONDS, QUICK_SECONDS = 8, 2
PACED_SECONDS, QUICK_PACED_SECONDS = 30, 5
BLOCKS, QUICK_BLOCKS = 9, 3
PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def main() -> None:
    is_quick = is_quick_asked(__doc__, "half a minute; prints only")
    chosen = (QUICK_SECONDS, QUICK_PACED_SECONDS, QUICK_BLOCKS) if is_quick else (SECONDS, PACED_SECONDS, BLOCKS)
    load = os.getloadavg()[0]
    with served(CLIENTS[-1] + 1) as site:
        tables = report(_results(site, load, *chosen))
    print(tables)
    if not is_quick:
        write(PAGE, "saving", tables)


def _results(site: Site, load: float, seconds: int, paced_seconds: int, blocks: int) -> Results:
    *readers, spare = site.readers  # the spare one has entered nothing when the queries are counted
    _say("Processor time")
    cost = processor_cost(site, blocks)
    loads = {}
    for clients in CLIENTS:
        for kind in KINDS:
            _say(f"{KINDS[kind]}, {clients} readers")
            loads[kind, clients] = closed_loop([getattr(one, kind) for one in readers[:clients]], seconds)
        loads["pgbench", clients] = durable_inserts(clients, seconds)
    _say("One grade a second")
    before = time.process_time()
    paced = open_loop([one.save for one in readers], paced_seconds)
    share = (time.process_time() - before) / paced.seconds
    queries = queries_of_a_save(spare)
    return Results(loads, paced, len(readers), share, cost, queries, page_weight(site), load)


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
