"""How long a sign-off takes, and until the next case stands, with few cases and with many.

    .venv/bin/python -m bench.next_case            three minutes; writes its part of docs/performance.md
    .venv/bin/python -m bench.next_case --quick    fewer sign-offs; prints only

gunicorn as it is configured, an embedded PostgreSQL that is durable and thrown away afterwards. Readers with 25, 2,500
and 25,000 cases, each muscle of the next ones graded, sign off one after another from the middle of their order: by the
request that the script sends, beside saves of grades; and in a real Chromium, from the Enter that confirms until the
next case stands with something in it in hand.
"""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from bench.arguments import is_quick_asked
from bench.page_tables import table, write
from bench.saving.client import Reader
from bench.served_site import gunicorn, prepared

CASES = (25, 2_500, 25_000)
SIGN_OFFS, QUICK_SIGN_OFFS = 10, 3  # by the script's request, and as many in the browser
FEW, MANY = CASES[0], CASES[1]
MOST_RATIO, MOST_SECONDS = 1.5, 0.3
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
STANDS = """before => document.title !== before && document.activeElement?.closest("[data-sheet]")"""


@dataclass(frozen=True)
class Cast:
    """A reader, and their reads that are graded and not signed off, in their order."""

    reader: Reader
    reads: list[str]

    def sign_off(self, connection: HTTPConnection, read: str) -> float:
        """Sign a read off as the script does, with the next case's page. Seconds."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.reader.session}; csrftoken={self.reader.csrf}",
            "X-CSRFToken": self.reader.csrf,
        }
        start = time.perf_counter()
        connection.request("POST", f"/reads/{read}/sign-off/", urlencode({"with_page": "1"}), headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200 or b'"page"' not in answer:
            raise RuntimeError(f"{response.status}: {answer[:300].decode()}")
        return time.perf_counter() - start


@dataclass(frozen=True)
class Times:
    """Seconds of each, with one number of cases."""

    saves: list[float]
    sign_offs: list[float]
    next_cases: list[float]


def main() -> None:
    is_quick = is_quick_asked(__doc__, "fewer sign-offs; prints only")
    each, load = QUICK_SIGN_OFFS if is_quick else SIGN_OFFS, os.getloadavg()[0]
    with prepared() as port:
        cast = {cases: _cast(cases, 2 * each, port) for cases in CASES}
        _analyze()
        with gunicorn(port), _browser() as browser:
            _times(cast[FEW], 1, browser, port)  # whatever a first request alone does
            found = {cases: _times(cast[cases], each - 1, browser, port) for cases in CASES}
    text = _report(found, load)
    print(text)
    if not is_quick:
        write(PAGE, "next-case", text)


def _times(cast: Cast, each: int, browser, port: int) -> Times:
    connection = HTTPConnection("127.0.0.1", port)
    saves = [_seconds(cast.reader.save) for _ in range(3 * each)]
    sign_offs = [cast.sign_off(connection, cast.reads.pop(0)) for _ in range(each)]
    with _signed_in(browser, cast, port) as page:
        next_cases = [_next_case(page) for _ in range(each)]
    del cast.reads[:each]
    return Times(saves, sign_offs, next_cases)


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _next_case(page: Page) -> float:
    """Sign the case off with the keyboard. Seconds from the confirming Enter until the next case stands."""
    before = page.title()
    page.locator("[data-sign-off]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-confirm]').open")
    start = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(STANDS, arg=before)
    return time.perf_counter() - start


@contextmanager
def _browser() -> Iterator:
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def _signed_in(browser, cast: Cast, port: int) -> Iterator[Page]:
    url = f"http://127.0.0.1:{port}"
    context = browser.new_context(base_url=url)
    context.add_cookies([{"name": "sessionid", "value": cast.reader.session, "url": url}])
    page = context.new_page()
    page.goto(f"/reads/{cast.reads[0]}/")
    yield page
    context.close()


def _analyze() -> None:
    """Let PostgreSQL know how many rows there are, as it finds out by itself within minutes."""
    from django.db import connection

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_numbers = count(1)


def _cast(cases: int, graded: int, port: int) -> Cast:
    """A reader with so many cases of a study of their own, of which so many, from the middle on, are graded."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils.crypto import get_random_string

    from grading.anatomy import MUSCLE_CODES
    from grading.models import MRI, DiagnosisGroup, Grade, Member, Participant, Read, Study

    name = f"cases-{next(_numbers)}"
    study = Study.objects.create(slug=name, title=name)
    group = DiagnosisGroup.objects.create(study=study, code="G", name="G", colour="#000000", is_reference=True)
    user = User.objects.create(username=name)
    Member.objects.create(study=study, user=user, role="reader")
    people = Participant.objects.bulk_create(
        Participant(study=study, group=group, code=f"P{place}") for place in range(cases)
    )
    mris = MRI.objects.bulk_create(MRI(study=study, participant=one, code=one.code) for one in people)
    reads = Read.objects.bulk_create(
        Read(study=study, mri=mri, reader=user, position=place) for place, mri in enumerate(mris, start=1)
    )
    own = (reads + reads)[cases // 2 :][: min(graded, cases - 4)]
    Grade.objects.bulk_create(Grade(read=read, muscle=code, score=1) for read in own for code in MUSCLE_CODES)
    client = Client()
    client.force_login(user)
    saved = [str(read.pk) for read in reads if read not in own][-3:]
    session, csrf = client.cookies["sessionid"].value, get_random_string(32)
    return Cast(Reader(port, session, csrf, saved), [str(read.pk) for read in own])


def _report(found: dict[int, Times], load: float) -> str:
    few, many, most = (statistics.median(found[cases].sign_offs) for cases in CASES)
    next_case = max(statistics.median(times.next_cases) for times in found.values())
    targets = [
        [f"a sign-off with {MANY:,} cases: at most {MOST_RATIO} times that with {FEW}", f"{many / few:.2f} ×",
         _yes(many / few <= MOST_RATIO)],
        [f"the next case stands within {MOST_SECONDS * 1000:.0f} ms, also with {CASES[-1]:,} cases (median)",
         f"{next_case * 1000:.0f} ms", _yes(next_case <= MOST_SECONDS)],
    ]  # fmt: skip
    rows = [
        [f"{cases:,}", *(_milliseconds(each) for each in (times.saves, times.sign_offs, times.next_cases))]
        for cases, times in found.items()
    ]
    return "\n\n".join(
        [
            f"{os.cpu_count()} cores, load {load:.2f} in the minute before; server, PostgreSQL and browser on one "
            f"machine. With {CASES[-1]:,} cases a sign-off takes {most / few:.2f} times that with {FEW}.",
            table(["target", "measured", "holds"], targets),
            table(["cases", "a save, ms", "a sign-off with the next page, ms", "Enter → next case, ms"], rows),
            "Medians, with the longest in brackets.",
        ]
    )


def _milliseconds(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ({max(seconds) * 1000:.0f})"


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


if __name__ == "__main__":
    main()
