"""How long the coordinator's progress and list of reads take with 100 reads and with 100,000.

    .venv/bin/python -m bench.progress            a few minutes; prints the ratios
    .venv/bin/python -m bench.progress --quick    a tenth of the reads

The pages as the site makes them, in one process, on an embedded PostgreSQL that is thrown away afterwards. The numbers
of queries are a test: tests/grading/test_progress_page.py.
"""

import os
import statistics
import time

from bench.arguments import is_quick_asked
from bench.page_tables import table
from bench.served_site import prepared

FEW, MANY, QUICK_MANY = 100, 100_000, 10_000
READERS, ROUNDS = 5, 15
PAGES = {
    "progress": "progress/",
    "reads": "reads/",
    "reads, open": "reads/?state=open",
    "reads, one MRI": "reads/?name=P19",
}


def main() -> None:
    """Time each page of both studies in turn, and print the medians and their ratio."""
    many = QUICK_MANY if is_quick_asked(__doc__, "a tenth of the reads") else MANY
    load = os.getloadavg()[0]
    with prepared():
        studies = {reads: _study(reads) for reads in (FEW, many)}
        _analyze()
        found = {page: {reads: [] for reads in studies} for page in PAGES}
        for _ in range(ROUNDS):
            for page, path in PAGES.items():
                for reads, client in studies.items():
                    found[page][reads].append(_seconds(client, f"/studies/reads-{reads}/data/{path}"))
    rows = []
    for page, times in found.items():
        few, most = (statistics.median(times[reads][1:]) for reads in studies)
        rows.append([page, f"{few * 1000:.0f}", f"{most * 1000:.0f}", f"{most / few:.2f}"])
    print(f"{os.cpu_count()} cores, load {load:.2f} in the minute before.\n")
    print(table(["page", f"{FEW} reads, ms", f"{many:,} reads, ms", "ratio"], rows))


def _seconds(client, path: str) -> float:
    start = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {path}")
    return took


def _study(reads: int):
    """A study with so many reads of five readers, a fifth of them not begun, and its coordinator, signed in."""
    from django.contrib.auth.models import User
    from django.test import Client

    from grading.models import MRI, DiagnosisGroup, Member, Participant, Read, Study

    name = f"reads-{reads}"
    study = Study.objects.create(slug=name, title=name)
    group = DiagnosisGroup.objects.create(study=study, code="G", name="G", colour="#000000", is_reference=True)
    readers = [User.objects.create(username=f"{name}-{number}") for number in range(READERS)]
    Member.objects.bulk_create(Member(study=study, user=user, role="reader") for user in readers)
    coordinator = Member.objects.create(study=study, user=User.objects.create(username=name), role="coordinator")
    numbers = range(reads // READERS)
    people = Participant.objects.bulk_create(Participant(study=study, group=group, code=f"P{n}") for n in numbers)
    mris = MRI.objects.bulk_create(MRI(study=study, participant=one, code=one.code) for one in people)
    Read.objects.bulk_create(
        (
            Read(study=study, mri=mri, reader=user, position=place, status="assigned" if place % 5 == 0 else "draft")
            for place, mri in enumerate(mris, start=1)
            for user in readers
        ),
        batch_size=5000,
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(coordinator.user)
    return client


def _analyze() -> None:
    """Let PostgreSQL know how many rows there are and which pages are all seen, as it finds out by itself in time."""
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
