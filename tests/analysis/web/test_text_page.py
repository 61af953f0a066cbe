"""The text page: who sees it, and that it says what the study's own comparison says."""

from html import unescape

import pytest
from django.urls import reverse

from analysis.services.report import findings
from analysis.stats.question import Question
from analysis.words.paper.grras import grras
from analysis.words.paper.methods import methods
from analysis.words.paper.results import results
from grading.models import DiagnosisGroup
from tests.analysis.people import fill
from tests.builders import make_member, make_study, make_unblinded, make_user

pytestmark = pytest.mark.django_db


def page(client, study, query=""):
    return client.get(reverse("text", args=[study.slug]) + query)


@pytest.mark.parametrize(
    ("who", "status"), [("investigator", 200), ("reader", 403), ("coordinator", 403), ("stranger", 404)]
)
def test_only_investigators_see_the_text(client, filled, who, status):
    client.force_login(make_user() if who == "stranger" else make_member(filled, who).user)

    assert page(client, filled).status_code == status


def test_anonymous_is_sent_to_sign_in_or_told_in_json(client, filled):
    path = reverse("text", args=[filled.slug])

    assert client.get(path).url == f"{reverse('login')}?next={path}"
    assert client.get(path, headers={"accept": "application/json"}).status_code == 401


def test_text_is_only_read(visitor, filled):
    assert visitor.post(reverse("text", args=[filled.slug])).status_code == 405


@pytest.mark.parametrize("model", ["per-muscle", "joint"])
def test_page_has_the_paragraphs_of_the_study(visitor, investigator, filled, model):
    shown = unescape(page(visitor, filled, f"?model={model}").content.decode())

    found = findings(study=filled, user=investigator, question=Question("IMNM", "DM", model=model))
    assert methods(found) in shown
    assert results(found) in shown
    assert all(item.answer in shown for item in grras(found))


def test_empty_study_has_a_page(visitor, study):
    assert "No signed-off read enters the comparison yet." in page(visitor, study).content.decode()


def test_third_group_asks_for_two(visitor, filled):
    DiagnosisGroup.objects.create(study=filled, code="IBM", name="IBM", colour="#0072B2")

    assert "Choose the difference" in page(visitor, filled).content.decode()
    assert "DM was compared with IMNM" in page(visitor, filled, "?groups=IMNM,DM").content.decode()


def test_study_without_two_groups_says_what_is_missing(visitor, study):
    study.groups.filter(code="DM").delete()

    assert "needs two diagnosis groups" in page(visitor, study).content.decode()


@pytest.mark.parametrize("query", ["?groups=IMNM,SECRET", "?model=cubic"])
def test_impossible_question_is_422(visitor, filled, query):
    assert page(visitor, filled, query).status_code == 422


def test_five_more_participants_cost_no_more_queries(visitor, filled, django_assert_max_num_queries):
    with django_assert_max_num_queries(110) as few:
        page(visitor, filled)
    fill(make_study(), per_group=3)
    more = fill(make_study(), per_group=8)
    visitor.force_login(make_unblinded(make_member(more, "investigator")).user)

    with django_assert_max_num_queries(len(few)):
        page(visitor, more)
