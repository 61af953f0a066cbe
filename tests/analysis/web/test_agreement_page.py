"""The agreement page: who sees it, that its numbers are those of the command, and what it never says."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from analysis.models import CachedResult
from analysis.words.notation import interval, number
from tests.analysis.people import fill
from tests.analysis.web.agreement_pages import (
    cases_of,
    expected_row,
    page,
    printed,
    readers_of,
    rows,
    text,
)
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_study,
    make_user,
    rename_group,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

PAGES = ("agreement", "agreement-json", "agreement-cases")


filled_once = made_once(lambda: fill(make_study(), readers=3))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("coordinator", 403), ("stranger", 404)])
def test_only_investigators_see_agreement(client, filled, name, who, status):
    client.force_login(make_user() if who == "stranger" else make_member(filled, who).user)

    assert page(client, filled, name=name).status_code == status
    assert client.post(reverse(name, args=[filled.slug])).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_investigator_of_another_study_is_a_stranger(client, filled, name):
    client.force_login(make_member(make_study(), "investigator").user)

    assert page(client, filled, name=name).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_is_sent_to_sign_in_or_told_in_json(client, filled, name):
    path = reverse(name, args=[filled.slug])

    assert client.get(path).url == f"{reverse('login')}?next={path}"
    assert client.get(path, headers={"accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_agreement_is_only_read(visitor, filled, name, method):
    assert getattr(visitor, method)(reverse(name, args=[filled.slug])).status_code == 405


def test_json_is_what_the_command_prints(visitor, filled):
    response = page(visitor, filled, name="agreement-json")

    assert response.json() == printed(filled)
    json.loads(response.content, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_table_has_the_numbers_of_the_command(visitor, filled):
    result = printed(filled)

    shown = list(rows(page(visitor, filled), "row").values())[::-1]

    muscles, pairs = shown[:12], shown[12:]
    assert [row[1:] for row in muscles] == [expected_row(entry) for entry in result["inter"]]
    overall = [entry for entry in result["pairs"] if entry["muscle"] == "overall"]
    assert [row[1:] for row in pairs] == [expected_row(entry) for entry in overall]


def test_unknown_coefficient_is_refused_with_those_there_are(visitor, filled):
    response = page(visitor, filled, "?coefficient=r")

    assert response.status_code == 422
    assert "it is one of exact, within_one" in text(response)


def test_what_nobody_reads_is_refused_rather_than_ignored(visitor, filled):
    response = page(visitor, filled, "?readers=nobody")

    assert response.status_code == 422
    assert "“readers” cannot be asked for: an address may say coefficient, reader." in text(response)


def test_bias_is_that_of_the_command(visitor, filled):
    shown = rows(page(visitor, filled), "bias")

    for bias in printed(filled)["bias"]:
        limits = f"{number(bias['loa_low'])} to {number(bias['loa_high'])}"
        per_grade = bias["per_grade"]
        each = [str(bias["units"]), number(per_grade["value"]), interval(per_grade["ci_low"], per_grade["ci_high"])]
        difference = [number(bias[key]) for key in ("mean_difference", "sd")]
        assert shown[",".join(bias["readers"])][1:] == [str(bias["participants"]), *difference, limits, *each]


def test_each_reader_stands_against_the_others_as_in_the_command(visitor, filled):
    shown = rows(page(visitor, filled), "effect")

    for effect in printed(filled)["reader_effects"]:
        each = effect["per_grade"]
        numbers = [number(each["value"]), interval(each["ci_low"], each["ci_high"])]
        assert shown[effect["reader"]][1:] == [str(effect["participants"]), str(effect["units"]), *numbers]


@pytest.mark.parametrize("name", ["agreement", "agreement-cases"])
def test_queries_do_not_grow_with_the_study(visitor, django_assert_num_queries, name):
    small, large = fill(make_study(), per_group=1), fill(make_study(), per_group=6)
    for study in (small, large):
        make_member(study, "investigator", user=visitor.get("/").wsgi_request.user)

    for study in (small, large):
        query = f"?muscle=VL&readers={','.join(readers_of(study))}" if name == "agreement-cases" else ""
        page(visitor, study, query, name=name)  # computed once, and kept
        with django_assert_num_queries({"agreement": 12, "agreement-cases": 3}[name]):
            page(visitor, study, query, name=name)


def test_answer_is_computed_once_for_page_and_json(visitor, filled):
    for query, name in (("", "agreement"), ("?coefficient=ac2", "agreement"), ("", "agreement-json")):
        page(visitor, filled, query, name)

    assert CachedResult.objects.filter(study=filled).count() == 1


def test_no_diagnosis_group_is_named(visitor, filled):
    rename_group(filled, "DM", code="ZEBRA", name="Zebra")
    rename_group(filled, "IMNM", code="OKAPI", name="Okapi")
    query = f"?muscle=VL&readers={','.join(readers_of(filled)[:2])}"

    content = text(page(visitor, filled)) + text(page(visitor, filled, query, name="agreement-cases"))

    assert not re.search("zebra|okapi", content, re.IGNORECASE)


def test_words_of_people_are_never_markup(visitor, filled):
    attack = "<script>alert(1)</script>"
    filled.title = attack
    filled.save()
    mri = make_mri(make_participant(filled, code=attack), code=f"{attack}2")
    readers = [make_member(filled, user=make_user(name)).user for name in ("<b>&one,x", "two+%2")]
    for reader in readers:
        make_signed_off_read(mri=mri, reader=reader)

    content = page(visitor, filled).content.decode()
    address = next(link for link in re.findall(r'href="([^"]*cases[^"]*)"', content) if "two" in link and "one" in link)
    behind = visitor.get(unescape(address))

    assert cases_of(behind) == [["alert(1)", "alert(1)2", "edema", "1", "1", "0"]]
    for shown in (content, behind.content.decode()):
        assert "<script>alert" not in shown
        assert "<b>&" not in shown
