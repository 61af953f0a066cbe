"""How long after a sign-off the comparison in another window shows it, figure included.

    .venv/bin/python -m bench.live            two minutes; writes its part of docs/performance.md
    .venv/bin/python -m bench.live --quick    a few sign-offs; prints only

gunicorn as it is configured, an embedded PostgreSQL that is durable and thrown away afterwards, a real Chromium that
watches the comparison, and a reader who signs off one read after another. Nothing is reloaded; the delay counts from
the answer to the sign-off until the figure stands with the new numbers.
"""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.arguments import is_quick_asked
from bench.page_tables import write
from bench.served_site import gunicorn, prepared

SIGN_OFFS, QUICK_SIGN_OFFS = 50, 5
TARGET_SECONDS = 2.0
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
SHOWN = """signedOff => document.querySelector("[data-live]").dataset.signedOff === String(signedOff)
    && document.querySelector(".js-plotly-plot .legendtext")"""


def main() -> None:
    is_quick = is_quick_asked(__doc__, "a few sign-offs; prints only")
    load = os.getloadavg()[0]
    with prepared() as port:
        cast = _cast(QUICK_SIGN_OFFS if is_quick else SIGN_OFFS)
        with gunicorn(port), _watched(f"http://127.0.0.1:{port}", cast) as (page, sign_off):
            delays = [_delay(page, sign_off, read, number) for number, read in enumerate(cast["reads"], start=1)]
        computed = _computations()
    text = _report(delays, computed, load)
    print(text)
    if not is_quick:
        write(PAGE, "live", text)


def _delay(page: Page, sign_off, read: str, number: int) -> float:
    """Seconds from the answer to a sign-off until the other window shows it."""
    sign_off(read)
    answered = time.perf_counter()
    page.wait_for_function(SHOWN, arg=number)
    return time.perf_counter() - answered


@contextmanager
def _watched(url: str, cast: dict) -> Iterator[tuple]:
    """The investigator's window, and what signs a read off in another."""
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-gpu"])
        watcher, reader = (browser.new_context(base_url=url) for _ in range(2))
        for context, session in ((watcher, cast["investigator"]), (reader, cast["reader"])):
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = watcher.new_page()
        page.goto(f"/studies/{cast['slug']}/comparison/")
        own = reader.new_page()
        own.goto("/")
        token = next(cookie["value"] for cookie in reader.cookies() if cookie["name"] == "csrftoken")

        def sign_off(read: str) -> None:
            headers = {"X-CSRFToken": token, "Accept": "application/json"}
            answer = reader.request.post(f"/reads/{read}/sign-off/", headers=headers)
            if not answer.ok:
                raise RuntimeError(f"{answer.status}: {answer.text()}")

        yield page, sign_off
        browser.close()


def _cast(reads: int) -> dict:
    """A study of as many reads, all graded and none signed off, with sessions for its reader and its investigator."""
    from random import Random

    from django.contrib.auth.models import User
    from django.test import Client

    from grading.anatomy import MUSCLE_CODES
    from grading.models import MRI, DiagnosisGroup, Grade, Member, Participant, Read, Study

    random = Random(1)
    study = Study.objects.create(slug="bench-live", title="Bench")
    groups = [
        DiagnosisGroup.objects.create(study=study, code=code, name=code, colour=colour, is_reference=code == "IMNM")
        for code, colour in (("IMNM", "#009E73"), ("DM", "#D55E00"))
    ]
    sessions = {}
    for role in ("reader", "investigator"):
        user = User.objects.create(username=f"live-{role}")
        Member.objects.create(study=study, user=user, role=role)
        client = Client()
        client.force_login(user)
        sessions[role] = client.cookies["sessionid"].value
    made = []
    for number in range(reads):
        participant = Participant.objects.create(study=study, group=groups[number % 2], code=f"P{number}")
        mri = MRI.objects.create(study=study, participant=participant, code="M")
        read = Read.objects.create(study=study, mri=mri, reader=User.objects.get(username="live-reader"))
        Grade.objects.bulk_create(Grade(read=read, muscle=code, score=random.randint(0, 3)) for code in MUSCLE_CODES)
        made.append(str(read.pk))
    return {"slug": study.slug, "reads": made, **sessions}


def _computations() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM analysis_cachedresult_id_seq")
        return cursor.fetchone()[0]


def _report(delays: list[float], computed: int, load: float) -> str:
    p50, p95 = statistics.median(delays), statistics.quantiles(delays, n=20)[-1]
    return "\n".join(
        [
            f"{len(delays)} sign-offs, load {load:.2f} in the minute before; server, PostgreSQL and browser on one "
            f"machine. {computed} computations.",
            "",
            "| target | measured | holds |",
            "| --- | --- | --- |",
            f"| p95 at most {TARGET_SECONDS:.0f} s from sign-off to figure | {p95:.2f} s | "
            f"{'yes' if p95 <= TARGET_SECONDS else 'no'} |",
            "",
            "| p50 s | p95 s | longest s |",
            "| --- | --- | --- |",
            f"| {p50:.2f} | {p95:.2f} | {max(delays):.2f} |",
        ]
    )


if __name__ == "__main__":
    main()
