"""The measurements as Markdown."""

import os
import platform
import re
from dataclasses import dataclass

from bench.page_tables import table
from bench.saving.client import Load
from bench.saving.cost import Cost

KINDS = {"nothing": "empty view", "one_row": "authenticated view, one row", "save": "save of a grade"}
MOST_KILOBYTES, MOST_QUERIES, MOST_RATIO, MOST_SECONDS = 30, 8, 1.5, 0.3


@dataclass(frozen=True)
class Results:
    """Loads by (kind, clients); kind is one of KINDS or "pgbench"."""

    loads: dict[tuple[str, int], Load]
    paced: Load
    readers: int
    client_share: float
    cost: Cost
    queries: list[str]
    weight: dict[str, tuple[int, int]]
    load_before: float


def report(results: Results) -> str:
    parts = [
        f"{os.cpu_count()} cores, load {results.load_before:.2f} in the minute before; Python "
        f"{platform.python_version()}; server, PostgreSQL and the readers on the same machine, the readers' own part "
        f"{results.client_share:.0%} of one core at {results.readers} readers.",
        "### Targets",
        table(["target", "measured", "holds"], _targets(results)),
        "### Everybody asks again as soon as they are answered",
        table(
            ["", "readers", "p50 ms", "p95 ms", "p99 ms", "per second", "saves to this"],
            [_row(results, kind, clients) for kind, clients in results.loads],
        ),
        "### Each reader enters one grade a second",
        table(
            ["readers", "p50 ms", "p95 ms", "p99 ms", "entered"],
            [[str(results.readers), *_percentiles(results.paced), f"{len(results.paced.latencies):,}"]],
        ),
        "### What one request costs the web process",
        table(["", "processor ms"], [[name, f"{getattr(results.cost, kind):.2f}"] for kind, name in KINDS.items()]),
        f"Statements of a save, in order, beside transaction control: {'; '.join(map(_gist, results.queries))}.",
        "### The grading page on a first visit, bytes over the wire",
        table(["", "body", "head"], [[name, f"{b:,}", f"{h:,}"] for name, (b, h) in results.weight.items()]),
    ]
    return "\n\n".join(parts)


def _targets(results: Results) -> list[list[str]]:
    ratio, queries, late = results.cost.ratio, len(results.queries), results.paced.percentile(95)
    weight = sum(body + head for body, head in results.weight.values()) / 1024
    return [
        [f"processor of the web process: at most {MOST_RATIO} times an authenticated view that writes a row",
         f"{ratio:.2f} ×", _yes(ratio <= MOST_RATIO)],
        [f"at most {MOST_QUERIES} queries", str(queries), _yes(queries <= MOST_QUERIES)],
        [f"p95 under {MOST_SECONDS * 1000:.0f} ms with {results.readers} readers at one grade a second",
         f"{late * 1000:.0f} ms", _yes(late < MOST_SECONDS)],
        [f"the grading page weighs at most {MOST_KILOBYTES} KB", f"{weight:.1f} KB", _yes(weight <= MOST_KILOBYTES)],
    ]  # fmt: skip


def _row(results: Results, kind: str, clients: int) -> list[str]:
    load = results.loads[kind, clients]
    ratio = results.loads["save", clients].per_second / load.per_second
    name = KINDS.get(kind, "pgbench, one row")
    return [name, str(clients), *_percentiles(load), f"{load.per_second:,.0f}", f"{ratio:.2g}"]


def _percentiles(load: Load) -> list[str]:
    return [f"{load.percentile(percent) * 1000:.1f}" for percent in (50, 95, 99)]


def _gist(query: str) -> str:
    """SELECT grading_read: what a statement does, and to which tables."""
    tables = re.findall(r"(?:FROM|JOIN|INTO|UPDATE) (\w+_\w+)", query.replace('"', ""))
    return f"{query.split()[0]} {', '.join(dict.fromkeys(tables))}{' FOR UPDATE' if 'FOR UPDATE' in query else ''}"


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"
