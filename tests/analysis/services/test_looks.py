"""Looks at interim comparisons: each is recorded once, shown to all, and over when the study is locked."""

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.models import Look
from analysis.models.look import LookCounts
from analysis.services.lock import lock_study
from analysis.services.looks import FALSE_POSITIVE_AFTER, false_positive_chance
from analysis.words.question.one_line import in_words
from grading import services
from grading.models import Study
from tests.builders import make_member, make_read, make_signed_off_read

pytestmark = pytest.mark.django_db


def page(client, study, query=""):
    return client.get(reverse("comparison", args=[study.slug]) + query)


def test_look_says_who_saw_what_of_which_data(visitor, filled, investigator):
    content = page(visitor, filled).content.decode()

    look = Look.objects.get()
    assert (look.study, look.user, look.participants) == (filled, investigator, 6)
    assert look.data_version in content
    assert in_words(look.asked) == "DM − IMNM, all participants, per muscle"
    assert "1 look so far, by 1 person, at 1 state of the data" in content


def test_seeing_the_same_again_is_no_further_look(visitor, filled):
    for _ in range(3):
        page(visitor, filled)
    visitor.get(reverse("comparison-json", args=[filled.slug]))

    assert Look.objects.count() == 1


def test_another_question_or_person_or_state_is_a_look(visitor, client, filled):
    page(visitor, filled)
    page(visitor, filled, "?set=edema")
    services.sign_off(make_read(study=filled, scores=[1] * 11))
    page(visitor, filled)
    client.force_login(make_member(filled, "investigator").user)
    content = page(client, filled).content.decode()

    assert "4 looks so far, by 2 people, at 2 states of the data" in content


def test_restrictions_are_looks_at_one_state_of_the_data(visitor, filled):
    readers = filled.members.filter(role="reader").values_list("user__username", flat=True)
    for reader in readers:
        page(visitor, filled, f"?reader={reader}")
    content = page(visitor, filled).content.decode()

    assert len(readers) == 2
    assert "3 looks so far, by 1 person, at 1 state of the data" in content


def test_json_is_a_look_too(visitor, filled):
    visitor.get(reverse("comparison-json", args=[filled.slug]))

    assert Look.objects.count() == 1


def test_nothing_to_see_is_no_look(visitor, study):
    make_read(study=study)

    page(visitor, study)

    assert not Look.objects.exists()


def test_refused_question_is_no_look(visitor, filled):
    page(visitor, filled, "?set=none")

    assert not Look.objects.exists()


def test_locked_study_counts_no_looks_and_is_final(visitor, filled, coordinator):
    lock_study(study=filled, by=coordinator)

    content = page(visitor, filled).content.decode()

    assert not Look.objects.exists()
    assert "<strong>Final.</strong>" in content
    assert "interim" not in content.lower()


def test_look_once_is_the_databases_rule(visitor, filled):
    page(visitor, filled)
    look = Look.objects.get()

    with pytest.raises(IntegrityError, match="look_once"), transaction.atomic():
        Look.objects.create(
            study=filled, user=look.user, at=look.at, question=look.question,
            data_version=look.data_version, participants=6,
        )  # fmt: skip


@pytest.mark.parametrize("looks", [look for look in FALSE_POSITIVE_AFTER if look <= 20])
def test_published_chances_agree_with_a_simulation(looks):
    """A million fair studies, each looked at so often while its data accumulate."""
    random = np.random.default_rng(7)
    studies = 1_000_000
    total, rejected = np.zeros(studies), np.zeros(studies, dtype=bool)
    for look in range(1, looks + 1):
        total += random.standard_normal(studies)
        rejected |= np.abs(total) > 1.959964 * look**0.5

    assert rejected.mean() == pytest.approx(FALSE_POSITIVE_AFTER[looks], abs=0.0015)


@pytest.mark.parametrize(("states", "reached"), [(0, 1), (1, 1), (4, 4), (7, 5), (19, 10), (800, 50)])
def test_chance_is_never_that_of_more_looks_than_there_were(states, reached):
    assert false_positive_chance(LookCounts(looks=1000, people=3, states=states))[0] == reached


class TestHidden:
    @pytest.fixture
    def hiding(self, filled):
        Study.objects.filter(pk=filled.pk).update(hides_comparison=True)
        filled.refresh_from_db()
        return filled

    def test_page_shows_progress_and_nothing_of_the_groups(self, visitor, hiding):
        content = page(visitor, hiding).content.decode()

        assert "12 of 12 " in content
        assert "hides its comparison until it is locked" in content
        assert "IMNM" not in content
        assert not Look.objects.exists()

    def test_json_is_refused(self, visitor, hiding):
        response = visitor.get(reverse("comparison-json", args=[hiding.slug]))

        assert response.status_code == 403
        assert "until it is locked" in response.json()["error"]

    def test_lock_shows_it(self, visitor, hiding, coordinator):
        lock_study(study=hiding, by=coordinator)

        assert "DM compared with IMNM" in page(visitor, hiding).content.decode()

    def test_is_set_by_the_coordinator(self, client, filled, coordinator):
        client.force_login(coordinator)
        url = reverse("study-settings", args=[filled.slug])

        client.post(url, {"hides_comparison": "on"})
        assert Study.objects.get(pk=filled.pk).hides_comparison
        client.post(url, {})
        assert not Study.objects.get(pk=filled.pk).hides_comparison

    @pytest.mark.parametrize("role", ["reader", "investigator"])
    def test_is_nobody_elses_to_set(self, client, filled, role):
        client.force_login(make_member(filled, role).user)

        assert client.post(reverse("study-settings", args=[filled.slug]), {}).status_code == 403
        assert client.get(reverse("study-settings", args=[filled.slug])).status_code == 403


def test_looks_listed_do_not_grow_the_queries(visitor, filled, django_assert_num_queries):
    page(visitor, filled)
    with CaptureQueriesContext(connection) as few:
        page(visitor, filled)
    queries = len(few)
    for _ in range(5):
        make_signed_off_read(study=filled)
        page(visitor, filled)

    with django_assert_num_queries(queries):
        page(visitor, filled)
