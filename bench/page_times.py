"""How long the pages of a large study take beside those of a small one, and how often they ask the database.

The pages as the site makes them, in one process: those of the coordinator, and those of one of the readers.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.page_tables import table

ROUNDS = 15


@dataclass(frozen=True)
class Visited:
    """A study with its coordinator and one of its readers, signed in, and one of that reader's cases in the middle."""

    study: Any
    coordinator: Any
    reader: Any
    case: Any
    name: str  # of the last MRI's participant
    cases: int

    @classmethod
    def of(cls, study: Any) -> "Visited":
        from grading.models import Member, Participant, Read

        reader = Member.objects.filter(study=study, role="reader").select_related("user").first().user
        reads = Read.objects.filter(study=study, reader=reader)
        number = reads.count()
        last = Participant.objects.filter(study=study).order_by("-code").first()
        case = reads.get(position=number // 2)
        return cls(study, _signed_in(_coordinator(study)), _signed_in(reader), case, last.code, number)


# name: whose page it is, and its address
PAGES: dict[str, Callable[[Visited], tuple[Any, str]]] = {
    "progress": lambda of: (of.coordinator, _address("progress", of.study.slug)),
    "reads": lambda of: (of.coordinator, _address("reads", of.study.slug)),
    "reads, open": lambda of: (of.coordinator, _address("reads", of.study.slug) + "?state=open"),
    "reads of one participant": lambda of: (of.coordinator, _address("reads", of.study.slug) + f"?name={of.name}"),
    "a reader's worklist": lambda of: (of.reader, _address("worklist", of.study.pk)),
    "worklist, last page": lambda of: (of.reader, _address("worklist", of.study.pk) + f"?page={-(-of.cases // 100)}"),
    "worklist, drafts": lambda of: (of.reader, _address("worklist", of.study.pk) + "?state=draft"),
    "a case": lambda of: (of.reader, _address("read", of.case.pk)),
}


def compared(small: Any, large: Any, heads: Sequence[str]) -> str:
    """Time each page of both studies in turn, and write medians and their ratio; ``heads`` say how large each is."""
    _analyze()
    visited = [Visited.of(study) for study in (small, large)]
    found: dict[str, list[list[tuple[float, int]]]] = {page: [[], []] for page in PAGES}
    for _ in range(ROUNDS):
        for page, of in PAGES.items():
            for times, each in zip(found[page], visited, strict=True):
                times.append(_asked(*of(each)))
    rows = []
    for page, both in found.items():
        few, most = (statistics.median(seconds for seconds, _ in times[1:]) for times in both)
        queries = [str(times[-1][1]) for times in both]
        rows.append([page, f"{few * 1000:.0f}", f"{most * 1000:.0f}", f"{most / few:.2f}", *queries])
    return table(["page", *(f"{head}, ms" for head in heads), "ratio", "queries", "queries"], rows)


def _asked(client: Any, path: str) -> tuple[float, int]:
    """Give the seconds until a page's answer is there, and how many queries it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        answer = client.get(path)
        took = time.perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {path}")
    return took, len(queries)


def _coordinator(study: Any) -> Any:
    from django.contrib.auth.models import User

    from grading.models import Member

    user = User.objects.create(username=f"coordinator of {study.slug}")
    return Member.objects.create(study=study, user=user, role="coordinator").user


def _signed_in(user: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _address(name: str, of: Any) -> str:
    from django.urls import reverse

    return reverse(name, args=[of])


def _analyze() -> None:
    """Let PostgreSQL know how many rows there are and which pages are all seen, as it finds out by itself in time."""
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
