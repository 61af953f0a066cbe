"""What a reader receives is equal to the byte when every code and group of the study is exchanged for another.

Times, ids, blind codes and tokens are drawn anew each time, so they are put aside: ids and blind codes by the order in
which they come.
"""

import logging
import os
import re
from difflib import unified_diff

import pytest
from django.db import transaction
from django.urls import reverse

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.blind_code import PATTERN
from grading.models import DiagnosisGroup, Read, Study
from tests.blinding.crawler import Crawler, content
from tests.builders import make_member, make_mri, make_participant, make_user

pytestmark = pytest.mark.django_db

IS_FULL = bool(os.environ.get("THIGHSITE_FULL"))
FROM = ("/",) if IS_FULL else ("/reading/", "/reads/", "/session/")  # links lead on from there
GRADES = [2, 0, 3, 1, 1, 0, 2, 3, 1, 0, 2]

# In the second study no participant is in the group of the first, and codes sort the other way round.
STUDIES = (
    {"groups": ("IMNM", "DM"), "colours": ("#009E73", "#D55E00"), "codes": "ABCDEF", "ages": range(30, 36)},
    {"groups": ("ZZ-control", "Q"), "colours": ("#112233", "#445566"), "codes": "zyxwvu", "ages": range(80, 86)},
)

DRAWN = {
    "id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "blind code": re.compile(rf"\b{PATTERN.strip('^$')}\b"),
    "time": re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|\+00:00)?"),
    "HTTP time": re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    "time in words": re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4},? \d\d:\d\d"),
    "CSRF token": re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w{64}'),
    "time left": re.compile(r"""(?<=data-seconds-left=")\d+|(?<="seconds_left": )\d+"""),
    "request": re.compile(r"(?<=X-Request-ID: )\w+"),
}


class Recorder(Crawler):
    """Keeps what comes back instead of looking for secrets in it."""

    def __init__(self, user, values):
        super().__init__(user, secrets={}, grades=(), values=values)
        self.received: list[tuple[str, str]] = []
        self._names: dict[str, str] = {}

    def _search(self, response, method: str, path: str, sent: str) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
        cookies = "\n".join(f"{name}: {len(each.value)} characters" for name, each in response.cookies.items())
        body = content(response).decode(errors="backslashreplace").replace('\\"', '"')  # of a page that lies in JSON
        received = f"{response.status_code}\n{headers}\n{cookies}\n\n{body}"
        self.received.append((self._without_drawn(f"{method} {path}"), self._without_drawn(received)))

    def _without_drawn(self, text: str) -> str:
        for kind in ("id", "blind code"):
            text = DRAWN[kind].sub(lambda found: self._names.setdefault(found[0], f"name {len(self._names)}"), text)
        for name, drawn in DRAWN.items():
            text = drawn.sub(name, text)
        return text


def make(groups, colours, codes, ages) -> Study:
    study = Study.objects.create(slug="thighs", title="Thighs", wash_out_days=0)
    for number, (code, colour) in enumerate(zip(groups, colours, strict=True)):
        DiagnosisGroup.objects.create(study=study, code=code, name=code, colour=colour, is_reference=not number)
    for number, (code, age) in enumerate(zip(codes, ages, strict=True)):
        participant = make_participant(study, group=groups[number // 3], code=code * 3, age_years=age)
        make_mri(participant, code=f"{code}{number}", scan_year=2000 + number, days_since_first_mri=0)
    return study


def received_from(study: Study) -> list[tuple[str, str]]:
    """Everything that a reader is sent who grades, signs off, has a case reopened and reads again."""
    reader = make_member(study, user=make_user("ann")).user
    reads = sorted(services.assign_reads(study=study, readers=[reader], seed=1), key=lambda read: read.position)
    values = {"pk": [str(study.pk), *(str(reads[place].pk) for place in (0, 1, 5))]}  # reopened, signed off, assigned
    values |= {"slug": ["thighs"], "name": ["boxplots"], "form": ["svg"], "id": ["1"], "object_id": ["1"]}
    values |= {"content_type_id": ["1"], "app_label": ["grading"], "url": ["x"], "uidb64": ["MQ"]}
    values |= {"credential": ["AQ"], "token": ["nothing"], "sequence": ["STIR"], "number": ["0"]}
    recorder = Recorder(reader, values)
    for read in reads[:2]:
        grade_and_sign(recorder, read)
        services.sign_off(Read.objects.get(pk=read.pk))  # the recorder follows forms, that which takes it back included
    services.reopen(read=Read.objects.get(pk=reads[0].pk), by=make_member(study, "coordinator").user, reason="again")
    services.sign_off(Read.objects.get(pk=reads[1].pk))
    for start in FROM:
        recorder.crawl(below=start)
    services.assign_rereads(study=study, readers=[reader], share=0.5, seed=1)
    for place in (reverse("worklist", args=[study.pk]), *(reverse("read", args=[read.pk]) for read in reads)):
        recorder.ask("GET", place, "text/html")
    return recorder.received


def grade_and_sign(recorder: Recorder, read: Read) -> None:
    page = reverse("read", args=[read.pk])
    recorder.ask("GET", page, "text/html")
    for muscle, score in zip(MUSCLE_CODES, GRADES, strict=True):
        entry = {"muscle": muscle, "side": "both", "score": score, "seen_version": 0}
        recorder.ask("POST", reverse("save-grade", args=[read.pk]), "application/json", entry)
    comment = {"feature": "edema", "sequence": "STIR", "comment": "Fascia."}
    recorder.ask("POST", reverse("describe-read", args=[read.pk]), "application/json", comment)
    recorder.ask("POST", reverse("sign-off", args=[read.pk]), "text/html", {})
    recorder.ask("GET", page, "text/html")


def differences(first: tuple[str, str], second: tuple[str, str]) -> list[str]:
    (asked, one), (_, other) = first, second
    lines = unified_diff(one.splitlines(), other.splitlines(), asked, asked, n=0, lineterm="")
    return ["\n".join(lines)] if one != other else []


def test_reader_receives_nothing_that_depends_on_codes_or_groups(caplog):
    caplog.set_level(logging.CRITICAL, "django.request")
    received = []
    for study in STUDIES:
        with transaction.atomic():
            received.append(received_from(make(**study)))
            transaction.set_rollback(True)

    first, second = received
    assert [asked for asked, _ in first] == [asked for asked, _ in second]
    assert [difference for pair in zip(first, second, strict=True) for difference in differences(*pair)] == []
    assert any("Signed off by" in answer for _, answer in first)
