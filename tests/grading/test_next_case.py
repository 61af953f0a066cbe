"""From case to case: which one comes next, what stands beside a case, and what the answer to a sign-off brings."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.anatomy import MUSCLE_CODES
from grading.models import Read
from tests.builders import make_member, make_read, make_signed_off_read, withdraw

pytestmark = pytest.mark.django_db

GRADES = [1] * len(MUSCLE_CODES)


class Links(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.by_relation: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and "rel" in given:
            self.by_relation[given["rel"]] = given["href"]


def sign_off(client, read, **fields):
    return client.post(reverse("sign-off", args=[read.pk]), fields, headers={"accept": "application/json"})


def url(read):
    return reverse("read", args=[read.pk])


@pytest.mark.parametrize(
    ("states", "signed", "expected"),
    [
        ("o.o", 2, 3),  # the next open one
        ("os.o", 3, 4),
        ("o.s", 2, 1),  # at the end from the front
        ("s.so", 2, 4),  # past those that are signed off
        ("so.s", 3, 2),
        ("s.s", 2, None),
        ("o.w", 2, 1),  # not who has withdrawn
        (".lo", 1, 3),  # not one that comes up later
        (".l", 1, None),
    ],
)
def test_sign_off_leads_to_the_next_open_case_in_the_stored_order(as_reader, study, reader, states, signed, expected):
    """In words: o is open, s signed off, w withdrawn, l comes up later; the dot is the one that is signed."""
    later = timezone.now() + timedelta(days=1)
    reads = []
    for position, state in reversed(list(enumerate(states, start=1))):  # ids and creation say nothing of the order
        fields = {"study": study, "reader": reader, "position": position}
        fields |= {"available_at": later, "occasion": 2} if state == "l" else {}
        reads.insert(0, (make_signed_off_read if state == "s" else make_read)(scores=GRADES, **fields))
        if state == "w":
            withdraw(reads[0].mri.participant)

    answer = sign_off(as_reader, reads[signed - 1]).json()

    assert answer["next"] == (url(reads[expected - 1]) if expected else reverse("worklist", args=[study.pk]))


def test_open_case_without_a_position_comes_after_those_with_one(as_reader, study, reader):
    first = make_read(study=study, reader=reader, position=1, scores=GRADES)
    last = make_read(study=study, reader=reader, position=None, scores=GRADES)
    middle = make_read(study=study, reader=reader, position=2, scores=GRADES)

    assert sign_off(as_reader, first).json()["next"] == url(middle)
    assert sign_off(as_reader, middle).json()["next"] == url(last)


def test_nobody_is_led_to_cases_of_others_or_of_another_study(as_reader, study, reader, read):
    make_read(study=study, reader=make_member(study).user)
    make_read(reader=reader, study=make_member(make_read().study, user=reader).study)
    make_read(study=study, mri=read.mri, reader=make_member(study).user)
    for muscle in MUSCLE_CODES:
        read.grades.create(muscle=muscle, score=1)

    assert sign_off(as_reader, read).json()["next"] == reverse("worklist", args=[study.pk])


def test_answer_names_the_case_that_was_signed(as_reader, study, reader):
    """C20: "Signed off." stood over the next, open case."""
    signed, following = (make_read(study=study, reader=reader, scores=GRADES) for _ in range(2))

    answer = sign_off(as_reader, signed).json()

    assert answer["message"] == f"Case {signed.code} signed off."
    assert "page" not in answer
    assert answer["message"] in as_reader.get(url(following)).content.decode()


def test_answer_brings_the_page_of_the_next_case_where_it_is_asked_for(as_reader, study, reader):
    signed, following = (make_read(study=study, reader=reader, scores=GRADES) for _ in range(2))

    answer = sign_off(as_reader, signed, with_page="1").json()

    assert answer["next"] == url(following)
    assert answer["title"] == f"Case {following.code}"
    for part in (answer["message"], f"<strong>{answer['title']}</strong>", reverse("sign-off", args=[following.pk])):
        assert part in answer["page"]
    following.refresh_from_db()
    assert following.status == Read.Status.DRAFT
    assert following.opened_at
    assert answer["message"] not in as_reader.get(url(following)).content.decode()  # it was shown


def test_last_sign_off_brings_no_page(as_reader, study, reader, read):
    for muscle in MUSCLE_CODES:
        read.grades.create(muscle=muscle, score=1)

    answer = sign_off(as_reader, read, with_page="1").json()

    assert answer == {"next": reverse("worklist", args=[study.pk]), "message": f"Case {read.code} signed off."}


def test_refused_sign_off_opens_no_other_case(as_reader, study, reader, read):
    following = make_read(study=study, reader=reader)

    assert sign_off(as_reader, read, with_page="1").status_code == 422

    following.refresh_from_db()
    assert following.opened_at is None


def test_page_leads_to_the_cases_beside_it(as_reader, study, reader):
    first, middle, last = (make_read(study=study, reader=reader) for _ in range(3))

    def beside(read):
        return Links(as_reader.get(url(read)).content.decode()).by_relation

    assert beside(first) == {"next": url(middle)}
    assert beside(middle) == {"prev": url(first), "next": url(last)}
    assert beside(last) == {"prev": url(middle)}


def test_page_leads_to_no_case_that_is_closed_while_there_are_rereads(as_reader, study, reader):
    make_signed_off_read(study=study, reader=reader)
    first = make_read(study=study, reader=reader)
    make_signed_off_read(study=study, reader=reader)
    again = make_read(study=study, reader=reader, occasion=2)

    links = Links(as_reader.get(url(first)).content.decode()).by_relation

    assert links == {"next": url(again)}
