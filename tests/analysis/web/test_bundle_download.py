"""Downloading the bundle: who may, what comes, and what cannot be asked."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from analysis.stats.frame.canonical import data_version
from analysis.study_data.frame import study_frame
from grading.models import DiagnosisGroup, Read, Seal
from grading.services import reopen, signing
from tests.analysis.people import answered, fill
from tests.builders import make_member, make_read, make_study, make_user
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

filled_once = made_once(lambda: answered(fill(make_study())))


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def download(client, study, query=""):
    return client.get(reverse("bundle", args=[study.slug]) + query)


def files(response):
    with ZipFile(BytesIO(response.content)) as archive:
        return {name.split("/", 1)[1]: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize(
    ("who", "status"), [("investigator", 200), ("reader", 403), ("coordinator", 403), ("stranger", 404)]
)
def test_only_investigators_download_the_bundle(client, filled, who, status):
    client.force_login(make_user() if who == "stranger" else make_member(filled, who).user)

    assert download(client, filled).status_code == status


def test_investigator_of_another_study_is_a_stranger(client, filled):
    client.force_login(make_member(make_study(), "investigator").user)

    assert download(client, filled).status_code == 404


def test_anonymous_is_sent_to_sign_in_or_told_in_json(client, filled):
    path = reverse("bundle", args=[filled.slug])

    assert client.get(path).url == f"{reverse('login')}?next={path}"
    assert client.get(path, headers={"accept": "application/json"}).status_code == 401


def test_bundle_is_only_read(visitor, filled):
    assert visitor.post(reverse("bundle", args=[filled.slug])).status_code == 405


@pytest.mark.parametrize("question", [{}, {"set": "edema"}, {"set": "fat"}, {"model": "joint"}])
def test_bundle_is_of_the_question_asked(visitor, filled, question):
    response = download(visitor, filled, "?" + "&".join(f"{name}={value}" for name, value in question.items()))

    result = json.loads(files(response)["result.json"])
    assert {name: result[name] for name in question} == question
    assert result["data_version"] == data_version(study_frame(filled))
    assert response["Content-Type"] == "application/zip"
    assert f'filename="{filled.slug}-DM-IMNM-{result["set"]}' in response["Content-Disposition"]


def test_same_data_give_the_same_bytes_whoever_looks_and_whatever_else_is_read(visitor, client, filled):
    first = download(visitor, filled)
    make_read(study=filled)
    client.force_login(make_member(filled, "investigator").user)
    client.get(reverse("comparison", args=[filled.slug]) + "?set=edema")

    assert of_the_data(download(client, filled)) == of_the_data(first)


def test_an_interim_bundle_does_not_tell_the_days_of_sign_off(visitor, filled, monkeypatch):
    """A read that is reopened and signed off as it was has another day, and the data are the same."""
    read = Read.objects.filter(study=filled).latest("signed_off_at")
    first = of_the_data(download(visitor, filled))

    opened = reopen(read=read, by=make_member(filled, "coordinator").user, reason="To look again.")
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(signing, "database_now", lambda: later)
    signing.sign_off(opened)

    assert f" to {later.date()}" in visitor.get(reverse("text", args=[filled.slug])).content.decode()
    assert of_the_data(download(visitor, filled)) == first


def of_the_data(response) -> dict[str, str]:
    """What does not tell of the trail, to which each look adds."""
    return {name: text for name, text in files(response).items() if name not in ("seal.txt", "checksums.sha256")}


def test_bundle_bears_the_newest_seal_of_the_trail(visitor, filled):
    response = download(visitor, filled)

    seal = Seal.objects.filter(study=filled).newest_first().first()
    assert files(response)["seal.txt"] == f"{seal}\n"
    assert response["X-Trail-Seal"] == str(seal)
    assert "seal.txt" in files(response)["README.txt"]
    assert download(visitor, filled).content == response.content


def test_the_ordinal_answer_is_in_the_bundle_where_it_was_asked(visitor, filled):
    plain, asked = (files(download(visitor, filled, query)) for query in ("", "?set=edema&ordinal=1"))

    ordinal = json.loads(asked["ordinal.json"])
    assert (ordinal["model"], ordinal["set"]) == ("ordinal", "edema")
    assert ordinal["data_version"] == json.loads(asked["result.json"])["data_version"]
    assert "ordinal.json" in asked["README.txt"]
    assert "ordered categories" in asked["results.txt"]
    assert "ordinal.json" not in plain
    assert "ordinal.json" not in plain["README.txt"]


def test_readme_says_which_p_decides_which_covariates_and_which_grades(visitor, filled):
    plain, asked = (
        files(download(visitor, filled, query))["README.txt"] for query in ("", "?p=raw&set=edema&sequence=STIR")
    )

    assert "where p < 0.05, adjusted for the number of muscles by Holm’s method" in plain
    assert "none: not adjusted." in plain
    assert "every participant once" in plain
    assert "where p < 0.05, not adjusted for the number of muscles" in asked
    assert "edema reads only, without participants scored for fat" in asked


def test_data_have_the_licence_that_is_chosen_and_none_by_default(visitor, filled):
    plain, licensed = (files(download(visitor, filled, query)) for query in ("", "?licence=CC-BY-4.0"))
    page = visitor.get(reverse("comparison", args=[filled.slug]) + "?set=edema").content.decode()

    assert "No licence has been chosen" in plain["LICENSE.txt"]
    assert "license:" not in plain["CITATION.cff"]
    assert "SPDX: CC-BY-4.0" in licensed["LICENSE.txt"]
    assert 'license: "CC-BY-4.0"' in licensed["CITATION.cff"]
    assert all("Apache-2.0" in each["LICENSE.txt"] for each in (plain, licensed))
    assert f'href="{reverse("bundle", args=[filled.slug])}?set=edema&amp;licence=CC0-1.0"' in page
    assert download(visitor, filled, "?licence=mine").status_code == 422


def test_readme_of_a_restricted_bundle_says_so_of_its_frame(visitor, filled):
    plain, restricted = (files(download(visitor, filled, query))["README.txt"] for query in ("", "?sequence=STIR"))

    assert "(within the restriction above)" in restricted
    assert "(within the restriction above)" not in plain


def test_codes_with_commas_can_be_compared(visitor, filled):
    for code in ("Jo-1, PL-7", "IBM"):
        DiagnosisGroup.objects.create(study=filled, code=code, name=code, colour="#0072B2")

    assert download(visitor, filled, "?groups=IMNM,Jo-1, PL-7").status_code == 200
    assert download(visitor, filled, "?groups=Jo-1,PL-7").status_code == 422


def test_comparison_page_links_to_the_bundle_of_its_question(visitor, filled):
    page = visitor.get(reverse("comparison", args=[filled.slug]) + "?set=edema").content.decode()

    assert f'href="{reverse("bundle", args=[filled.slug])}?set=edema"' in page


@pytest.mark.parametrize("query", ["?set=both", "?groups=IMNM,SECRET"])
def test_impossible_question_is_422(visitor, filled, query):
    assert download(visitor, filled, query).status_code == 422


def test_third_group_needs_two_named(visitor, filled):
    DiagnosisGroup.objects.create(study=filled, code="IBM", name="IBM", colour="#0072B2")

    assert download(visitor, filled).status_code == 422
    assert download(visitor, filled, "?groups=IMNM,DM").status_code == 200
