"""Queries: a coordinator asks, the reader answers, the read is reopened, the coordinator closes; the site proposes."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Query, QueryNote
from tests.builders import make_mri, make_participant, make_query, make_read, make_signed_off_read

pytestmark = pytest.mark.django_db

MIXED = [3, 1, 2, 0, 1, 2, 3, 0, 1, 2, 1]


@pytest.fixture
def read(study):
    return make_signed_off_read(study=study, scores=MIXED)


def page(client, user, name, *arguments, **query) -> str:
    client.force_login(user)
    return client.get(reverse(name, args=arguments), query).content.decode()


def post(client, user, name, *arguments, **fields):
    client.force_login(user)
    return client.post(reverse(name, args=arguments), fields)


def test_query_goes_to_and_fro_until_it_is_closed(client, study, coordinator, read):
    slug, reader = study.slug, read.reader
    post(client, coordinator, "ask", slug, read.pk, cell="VL both", text="Is VL really 3?")
    query = Query.objects.get()
    worklist, case = page(client, reader, "worklist", study.pk), page(client, reader, "read", read.pk)
    locking = post(client, coordinator, "lock-study", slug, slug=slug)
    answered = post(client, reader, "case-queries", read.pk, query=query.pk, reason="No: a slip.")
    post(client, coordinator, "reopen", slug, read.pk, reason="a slip")
    post(client, coordinator, "ask-further", slug, query.pk, text="And now?")
    history = page(client, coordinator, "query", slug, query.pk)
    services.sign_off(read)
    post(client, coordinator, "close-query", slug, query.pk, text="")
    again = post(client, reader, "case-queries", read.pk, query=query.pk, reason="One more.")
    locked = post(client, coordinator, "lock-study", slug, slug=slug)

    assert f'asks you about <a href="{reverse("case-queries", args=[read.pk])}">case {read.code}' in worklist
    assert "asks about VL: “Is VL really 3?”" in case
    assert locking.status_code == 422
    assert reverse("query", args=[slug, query.pk]) in locking.content.decode()
    assert answered.status_code == 302
    told = [history.index(text) for text in ("“Is VL really 3?”", "“No: a slip.”", "read reopened", "“And now?”")]
    assert told == sorted(told)
    assert again.status_code == 422
    assert locked.status_code == 302
    assert [(note.kind, note.by) for note in QueryNote.objects.order_by("number")] == [
        ("asked", coordinator),
        ("answered", reader),
        ("asked", coordinator),
        ("closed", coordinator),
    ]


def test_what_was_written_to_a_closed_query_is_shown_with_the_reason(client, study, coordinator, read):
    query = make_query(read, by=coordinator)
    post(client, coordinator, "close-query", study.slug, query.pk, text="")

    answered = post(client, read.reader, "case-queries", read.pk, query=query.pk, reason="It is the tendon.")
    asked = post(client, coordinator, "ask-further", study.slug, query.pk, text="And the tendon?")

    assert (answered.status_code, asked.status_code) == (422, 422)
    assert "What you wrote was not sent: “It is the tendon.”" in answered.content.decode()
    assert "What you wrote was not kept: “And the tendon?”" in asked.content.decode()
    assert all("This query is closed already." in said.content.decode() for said in (answered, asked))


@pytest.mark.parametrize(
    "named", ["DM", "IMNM", "the participant", "the MRI", "the other reader", "Dr Huber", "another case"]
)
def test_question_names_nothing_that_a_reader_must_not_learn(client, study, coordinator, read, named):
    other = make_signed_off_read(study=study, scores=MIXED)
    User.objects.filter(pk=other.reader_id).update(first_name="Anna", last_name="Huber")
    texts = {"the participant": read.mri.participant.code, "the MRI": read.mri.code}
    texts |= {"the other reader": other.reader.username, "another case": other.code}

    response = post(client, coordinator, "ask", study.slug, read.pk, text=f"Is it like {texts.get(named, named)}?")

    assert response.status_code == 422
    assert "leave it out of the question" in response.content.decode()
    assert "The reader sees this. Do not name diagnosis or other readers." in response.content.decode()
    assert not Query.objects.exists()


def test_reader_answers_for_nobody_else(client, study, read):
    other = make_query(make_signed_off_read(study=study))

    response = post(client, read.reader, "case-queries", read.pk, query=other.pk, reason="Yes.")

    assert response.status_code == 404
    assert other.notes.count() == 1


def test_reader_is_not_asked_about_what_they_read_again(client, study, coordinator, read):
    make_read(mri=read.mri, reader=read.reader, occasion=2)

    response = post(client, coordinator, "ask", study.slug, read.pk, text="Really?")

    assert response.status_code == 422
    assert "reads this MRI again" in response.content.decode()
    assert "What you wrote was not sent: “Really?”" in response.content.decode()


def test_reader_is_asked_about_what_they_read_again_for_the_other_feature_as_it_is_proposed(study, coordinator, client):
    even = make_signed_off_read(study=study)
    make_read(mri=even.mri, reader=even.reader, occasion=2, feature="fat", sequence="T1W")
    proposed = page(client, coordinator, "queries", study.slug)

    response = post(client, coordinator, "ask", study.slug, even.pk, text="Really?")

    assert f'scope="row">{even.code}<' in proposed
    assert response.status_code == 302


def test_what_was_sent_is_not_dismissed(client, study, coordinator):
    even, about = make_signed_off_read(study=study), {"rule": "one_grade", "cell": ""}
    post(client, coordinator, "ask", study.slug, even.pk, text="Really?", **about)

    response = post(client, coordinator, "dismiss-query", study.slug, even.pk, text="seen on the scan", **about)

    assert response.status_code == 422
    assert "This proposal was sent meanwhile" in response.content.decode()
    assert QueryNote.objects.get().kind == "asked"


def test_site_proposes_by_rules_and_asks_nobody_by_itself(client, study, coordinator, reader):
    participant = make_participant(study)
    first, later = (make_mri(participant, days_since_first_mri=days) for days in (0, 365))
    make_signed_off_read(mri=first, reader=reader, scores=MIXED)
    fell = make_signed_off_read(mri=later, reader=reader, scores=[0, *MIXED[1:]])
    even = make_signed_off_read(study=study, reader=reader, scores=[2] * len(MUSCLE_CODES))
    odd = make_signed_off_read(study=study, reader=reader, scores=MIXED, sequence="T1W", pairing_confirmed=True)
    proposed = page(client, coordinator, "queries", study.slug)
    asking = page(client, coordinator, "ask", study.slug, fell.pk, rule="fell", cell="VL both")
    nothing_said = page(client, reader, "worklist", study.pk)
    about = {"rule": "fell", "cell": "VL both"}
    post(client, coordinator, "ask", study.slug, fell.pk, text="Please look at VL again.", **about)
    post(client, coordinator, "dismiss-query", study.slug, even.pk, rule="one_grade", cell="", text="seen on the scan")
    left = page(client, coordinator, "queries", study.slug)

    because = ["3 at an earlier MRI, 0 at this one", "one grade for the whole case: 2", "edema on T1W</td>"]
    assert [proposed.count(f'data-label="Because">{each}') for each in because] == [1, 1, 1]
    assert all(f'scope="row">{each.code}<' in proposed for each in (fell, even, odd))
    assert "Please look at VL again: is the grade as you mean it?" in asking
    assert "asks you about" not in nothing_said
    assert [left.count(f'data-label="Because">{each}') for each in because] == [0, 0, 1]
    assert "proposal dismissed" in left
    assert "seen on the scan" in left
    assert Query.objects.open().get().read == fell


def test_proposal_comes_again_with_another_sign_off(client, study, coordinator):
    even = make_signed_off_read(study=study)
    fields = {"rule": "one_grade", "cell": "", "text": "seen on the scan"}
    post(client, coordinator, "dismiss-query", study.slug, even.pk, **fields)
    services.reopen(read=even, by=coordinator, reason="wrong thigh")
    services.sign_off(even)

    assert "one grade for the whole case: 1" in page(client, coordinator, "queries", study.slug)


def test_lists_cost_the_same_for_many(client, study, coordinator, reader, django_assert_max_num_queries):
    def asked(number: int) -> int:
        for _ in range(number):
            make_query(make_signed_off_read(study=study, reader=reader), by=coordinator)
        with django_assert_max_num_queries(100) as listed:
            page(client, coordinator, "queries", study.slug)
            page(client, reader, "worklist", study.pk)
        return len(listed)

    asked(1)  # whose first visit is noted
    assert asked(1) == asked(5)
