"""How soon the scan is there, how fast it scrolls, and how soon the next case's is there.

    .venv/bin/python -m bench.viewer            a minute; writes its part of docs/performance.md
    .venv/bin/python -m bench.viewer --quick    fewer rounds; prints only

gunicorn as it is configured, on loopback, and a real Chromium that renders in software. Two cases, each with a STIR
stack of 40 slices of 512 × 512 pixels of 16 bits and a T1W stack of 20; and one of 300 slices, to scroll through.
"""

import os
import statistics
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from bench.arguments import is_quick_asked
from bench.next_case import _browser
from bench.page_tables import table, write
from bench.served_site import gunicorn, prepared

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
ROUNDS, QUICK_ROUNDS = 7, 2
SLICES, MANY = 40, 300
MOST_FIRST_SECONDS, LEAST_FRAMES = 1.0, 30
# Of the prototype's comparison, on two cores with software rendering: seconds to the first slice.
PEERS = {"Cornerstone": 2.3, "dwv": 1.8, "NiiVue": 8.2}

# In the page from its start: when the first slice of the stack that stands left was painted.
WATCH = """
performance.setResourceTimingBufferSize(1000);
document.addEventListener("painted", ({ detail, target }) => {
  if (detail !== null) (window.painted ??= []).push([performance.now(), target.ariaLabel, document.title]);
}, true);
"""
ALL_THERE = """async (slices) => {
  const isSlice = ({ name }) => /stacks[/]\\w+[/]/.test(name);
  const count = () => performance.getEntriesByType("resource").filter(isSlice).length;
  while (count() < slices) await new Promise((resolve) => setTimeout(resolve, 20));
  return performance.now();
}"""
# One slice each frame, from the first to the last: milliseconds between frames that were painted.
SCROLL = """() => new Promise((resolve) => {
  const stack = document.querySelector('[role="slider"]:not([hidden])');
  const press = (key) => stack.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true }));
  const times = [];
  press("Home");
  stack.addEventListener("painted", ({ detail }) => {
    times.push(performance.now());
    if (detail === Number(stack.ariaValueMax) - 1) resolve(times.slice(1).map((time, i) => time - times[i]));
    else press("ArrowDown");
  });
})"""


def main() -> None:
    is_quick, load = is_quick_asked(__doc__, "fewer rounds; prints only"), os.getloadavg()[0]
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    with prepared() as port:
        cases, long_case, session = _cast()
        with gunicorn(port), _browser() as browser:
            first = [_opened(browser, port, session, cases[0]) for _ in range(rounds + 1)][1:]
            frames = _scrolled(browser, port, session, long_case)
            following = _next_case(browser, port, session, cases)
    text = _report(first, frames, following, load)
    print(text)
    if not is_quick:
        write(PAGE, "viewer", text)


def _page(browser, port: int, session: str) -> Page:
    """A window with an empty cache, signed in, that notes what is painted."""
    url = f"http://127.0.0.1:{port}"
    context = browser.new_context(base_url=url, viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    context.add_init_script(WATCH)
    return context.new_page()


def _opened(browser, port: int, session: str, read: str) -> tuple[float, float]:
    """Seconds from asking for the page until the first slice is painted, and until all of both stacks are there."""
    page = _page(browser, port, session)
    page.goto(f"/reads/{read}/")
    page.wait_for_function("() => window.painted?.length")
    done = page.evaluate(ALL_THERE, SLICES + SLICES // 2)
    first = page.evaluate("() => painted[0][0]")
    page.context.close()
    return first / 1000, done / 1000


def _scrolled(browser, port: int, session: str, read: str) -> list[float]:
    page = _page(browser, port, session)
    page.goto(f"/reads/{read}/")
    page.wait_for_function("() => window.painted?.length")
    page.evaluate(ALL_THERE, MANY)
    page.wait_for_timeout(1000)  # until the last of them is unpacked
    times = page.evaluate(SCROLL)
    page.context.close()
    return times


def _next_case(browser, port: int, session: str, cases: list[str]) -> float:
    """Seconds from when the next case stands until its first slice is painted, which was fetched ahead."""
    page = _page(browser, port, session)
    page.goto(f"/reads/{cases[0]}/")
    page.wait_for_function("() => window.painted?.length")
    page.evaluate(ALL_THERE, SLICES + SLICES // 2 + 6)
    before = page.title()
    page.evaluate("""() => new MutationObserver(() => { window.stood ??= performance.now(); })
      .observe(document.querySelector("title"), { childList: true })""")
    page.keyboard.press(".")
    page.locator("[data-announce]", has_text="All saved").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-confirm]').open")
    page.keyboard.press("Enter")
    page.wait_for_function("before => painted.at(-1)[2] !== before", arg=before)
    seconds = page.evaluate("before => painted.find(([, , title]) => title !== before)[0] - window.stood", before)
    page.context.close()
    return seconds / 1000


def _cast() -> tuple[list[str], str, str]:
    """A reader's two cases with two stacks each, a case with a long stack, and the session of who reads them."""
    from django.contrib.auth.models import User
    from django.test import Client

    from grading import services
    from grading.models import MRI, DiagnosisGroup, Member, Participant, Read, Study

    study = Study.objects.create(slug="viewer", title="Viewer")
    group = DiagnosisGroup.objects.create(study=study, code="G", name="G", colour="#000000", is_reference=True)
    user, by = (User.objects.create(username=name) for name in ("viewer", "giver"))
    Member.objects.create(study=study, user=user, role="reader")
    Member.objects.create(study=study, user=by, role="coordinator")
    people = [Participant.objects.create(study=study, group=group, code=f"P{place}") for place in range(3)]
    mris = [MRI.objects.create(study=study, participant=one, code=one.code) for one in people]
    services.assign_reads(study=study, readers=[user], seed=1)
    reads = {read.mri_id: str(read.pk) for read in Read.objects.filter(reader=user).order_by("position")}
    by_mri = {mri.pk: mri for mri in mris}
    first, second, last = (by_mri[pk] for pk in reads)
    for mri in (first, second):
        _give(mri, by, "STIR", SLICES, 5.0)
        _give(mri, by, "T1W", SLICES // 2, 10.0)
    _give(last, by, "STIR", MANY, 1.0)
    client = Client()
    client.force_login(user)
    return [reads[first.pk], reads[second.pk]], reads[last.pk], client.cookies["sessionid"].value


def _give(mri, by, sequence: str, slices: int, apart: float) -> None:
    """An approved stack of drawn noise about a shape, which packs about as a scan does."""
    from grading.demo.drawn_stacks import pack_drawn
    from grading.services.stacks import approve_stack, store_stack
    from thighsite.acting import acting_for

    side = np.hypot(*np.mgrid[-1:1:512j, -1:1:512j])
    noise = np.random.default_rng(1).normal(0, 15, (8, 512, 512))
    drawn = np.stack(
        [
            np.clip(600 * (side < 0.5 + number / slices / 3) + noise[number % 8], 0, 4095).astype(np.uint16)
            for number in range(slices)
        ]
    )
    places = tuple(apart * number for number in range(slices))
    manifest, packed = pack_drawn(drawn, spacing=(0.8, 0.8), positions=places, thickness=apart, window=(300.0, 600.0))
    with acting_for(by.pk):
        stack = store_stack(mri=mri, sequence=sequence, manifest=manifest, slices=packed, by=by)
        approve_stack(stack=stack, sequence=sequence, by=by)


def _report(opened: list[tuple[float, float]], frames: list[float], following: float, load: float) -> str:
    first = statistics.median(seconds for seconds, _ in opened)
    everything = statistics.median(seconds for _, seconds in opened)
    rate = 1000 * len(frames) / sum(frames)
    slow = sorted(frames)[int(0.95 * len(frames))]
    targets = [
        [f"the first slice of a stack of {SLICES} × 512 × 512 within {MOST_FIRST_SECONDS:.0f} s of asking for the page",
         f"{first:.2f} s", _yes(first <= MOST_FIRST_SECONDS)],
        [f"scrolling through {MANY} slices at {LEAST_FRAMES} frames a second or better", f"{rate:.0f}",
         _yes(rate >= LEAST_FRAMES)],
    ]  # fmt: skip
    rows = [
        ["first slice, with the grading page, from an empty cache", f"{first:.2f} s"],
        [f"all {SLICES} + {SLICES // 2} slices of two stacks", f"{everything:.2f} s"],
        [f"95 % of frames while scrolling through {MANY} slices, within", f"{slow:.0f} ms"],
        ["the next case's first slice, after that case stands", f"{1000 * following:.0f} ms"],
        *[[f"first slice in {name}, measured with the prototype", f"{seconds} s"] for name, seconds in PEERS.items()],
    ]
    return "\n\n".join(
        [
            f"{os.cpu_count()} cores, load {load:.2f} in the minute before; server, PostgreSQL and browser on one "
            "machine, rendering in software at 1920 × 1080.",
            table(["target", "measured", "holds"], targets),
            table(["what", "measured"], rows),
        ]
    )


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


if __name__ == "__main__":
    main()
