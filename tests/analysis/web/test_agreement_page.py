"""The agreement page: who sees it, that its numbers are those of the command, its states, and the cases behind it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from analysis.figure.catalogue import AGREEMENT_FIGURES
from analysis.models import CachedResult
from analysis.services.result_cache import cached_result
from analysis.stats.agreement.result import agreement_result
from analysis.words.agreement.coefficients import COEFFICIENTS
from analysis.words.notation import interval, number
from grading.models import DiagnosisGroup
from tests.analysis.people import fill
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGES = ("agreement", "agreement-json", "agreement-cases")


@pytest.fixture
def filled(study):
    return fill(study, readers=3)


def page(client, study, query="", name="agreement"):
    return client.get(reverse(name, args=[study.slug]) + query)


def text(response):
    return unescape(response.content.decode()).replace("\u00a0", " ")


def readers_of(study):
    return sorted(member.user.username for member in study.members.filter(role="reader"))


def printed(study):
    out = StringIO()
    call_command("agreement", study=study.slug, format="json", stdout=out)
    return json.loads(out.getvalue())


def cells(row):
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
    return [" ".join(re.sub("<.*?>", "", cell).split()) for cell in found]


def rows(response, attribute):
    """Cells of the table rows with this attribute: the first with each value."""
    found = re.findall(rf'<tr data-{attribute}="(.*?)">(.*?)</tr>', text(response), re.DOTALL)
    return {name: cells(row) for name, row in reversed(found)}


def cases_of(response):
    return [cells(row) for row in re.findall(r"<tr data-case>(.*?)</tr>", text(response), re.DOTALL)]


def expected_row(entry):
    shown = []
    for coefficient in COEFFICIENTS:
        estimate = entry[coefficient.code]
        limits = "" if estimate["ci_low"] is None else interval(estimate["ci_low"], estimate["ci_high"])
        narrow = "†" if limits and entry["muscle"] == "overall" and coefficient.code.startswith("icc") else ""
        shown.append(f"{number(estimate['value'])} {limits}{narrow}".strip())
    return [str(entry["units"]), *shown]


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


def still(response):
    """The texts of the figures that come with the page."""
    return re.findall(r"<text[^>]*>(.*?)</text>", text(response))


def drawn(client, response):
    """What plotly draws in place of them, by name."""
    paths = re.findall(r'data-figure="([^"]*)"', response.content.decode())
    return {re.search(r"figures/(.*)\.json", path)[1]: client.get(unescape(path)).json() for path in paths}


def test_figure_prints_the_numbers_of_the_coefficient_asked_for(visitor, filled):
    result = printed(filled)

    for code in ("exact", "alpha_ordinal"):
        response = page(visitor, filled, f"?coefficient={code}")

        estimates = [entry[code] for entry in result["inter"]]
        numbers = [f"{number(e['value'])} {interval(e['ci_low'], e['ci_high'])}" for e in estimates]
        assert [word for word in still(response) if word.endswith("]")] == numbers
        notes = drawn(visitor, response)["agreement-forest"]["layout"]["annotations"]
        assert [note["text"] for note in notes if note["text"].endswith("]")] == numbers


def test_three_coefficients_stand_side_by_side_at_first(visitor, filled):
    response = page(visitor, filled)

    titles = ["ICC(2,1), absolute agreement", "Cohen’s kappa, quadratic weights", "Gwet’s AC2, quadratic weights"]
    assert [word for word in still(response) if word in titles] == titles
    assert f'aria-label="Agreement between readers per muscle, {"; ".join(titles)}.' in text(response)
    assert "Three readers; 66 units (muscles of 6 participants) were graded by at least two of them." in text(response)


def test_every_figure_of_agreement_is_on_the_page_and_can_be_kept(visitor, filled):
    response = page(visitor, filled, "?coefficient=ac2")
    content = response.content.decode()

    assert drawn(visitor, response).keys() == AGREEMENT_FIGURES.keys()
    for name in AGREEMENT_FIGURES:
        for form in ("svg", "csv"):
            path = unescape(re.search(rf'href="([^"]*/{name}\.{form}[^"]*)"', content)[1])
            kept_file = visitor.get(path)
            assert kept_file.status_code == 200
            assert kept_file["Content-Disposition"] == f'attachment; filename="{filled.slug}-{name}-ac2.{form}"'


def test_dots_of_each_pair_stand_in_a_table(visitor, filled):
    table = re.search(r'data-fold="table-bland-altman".*?</table>', text(page(visitor, filled)), re.DOTALL)[0]

    shown = [cells(row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)][1:]
    assert sum(int(row[6]) for row in shown) == sum(bias["participants"] for bias in printed(filled)["bias"])


def test_unknown_coefficient_is_refused_with_those_there_are(visitor, filled):
    response = page(visitor, filled, "?coefficient=r")

    assert response.status_code == 422
    assert "it is one of exact, within_one" in text(response)


def test_what_nobody_reads_is_refused_rather_than_ignored(visitor, filled):
    response = page(visitor, filled, "?readers=nobody")

    assert response.status_code == 422
    assert "“readers” cannot be asked for: an address may say coefficient." in text(response)


def test_bias_is_that_of_the_command(visitor, filled):
    shown = rows(page(visitor, filled), "bias")

    for bias in printed(filled)["bias"]:
        limits = f"{number(bias['loa_low'])} to {number(bias['loa_high'])}"
        difference = [number(bias[key]) for key in ("mean_difference", "sd")]
        assert shown[",".join(bias["readers"])][1:] == [str(bias["participants"]), *difference, limits]


def test_every_square_of_the_map_leads_to_the_cases_that_it_counts(visitor, filled):
    squares = re.findall(r'<td class="square step-\d"><a href="(.*?)">(.*?)</a>', text(page(visitor, filled)))

    assert len(squares) == 12 * 3
    for address, square in squares[:33:4]:  # all muscles together fill more than a page
        scores = [[int(cell) for cell in row[-3:]] for row in cases_of(visitor.get(address))]
        apart = [abs(one - other) for one, other, _ in scores]
        words = re.sub("<.*?>", "", square)
        assert apart == [difference for *_, difference in scores] == sorted(apart, reverse=True)
        assert f"mean difference {number(sum(apart) / len(apart))}" in words
        assert f"{100 * sum(difference >= 2 for difference in apart) / len(apart):.0f} % discrepant" in words


def test_cases_are_the_first_reads_signed_off_by_both(visitor, study):
    one, other = make_member(study, user=make_user("ann")).user, make_member(study, user=make_user("bob")).user
    for code, scores in (("P1", (0, 0)), ("P2", (3, 0)), ("P3", (1, 2))):
        mri = make_mri(make_participant(study, code=code), code=f"{code}-scan")
        for user, score in zip((one, other), scores, strict=True):
            make_signed_off_read(mri=mri, reader=user, scores=[score] * 11)
            make_read(mri=mri, reader=user, scores=[3 - score] * 11, occasion=2, available_at=timezone.now())
    only_one = make_mri(make_participant(study, code="P4"), code="P4-scan")
    make_signed_off_read(mri=only_one, reader=one)
    make_read(mri=only_one, reader=other, scores=[3] * 11)

    response = page(visitor, study, "?muscle=VL&readers=ann,bob", name="agreement-cases")

    assert cases_of(response) == [
        ["P2", "P2-scan", "edema", "3", "0", "3"],
        ["P3", "P3-scan", "edema", "1", "2", "1"],
        ["P1", "P1-scan", "edema", "0", "0", "0"],
    ]
    assert rows(response, "score") == {
        "0": ["0", "1", "0", "0", "0"],
        "1": ["1", "0", "0", "1", "0"],
        "2": ["2", "0", "0", "0", "0"],
        "3": ["3", "1", "0", "0", "0"],
    }
    assert "3 units graded by both, 1 of them a discrepancy" in text(response)
    assert "1 more was graded by only one of the two and is not listed." in text(response)


def test_cases_come_in_pages(visitor, filled):
    query = f"?muscle=overall&readers={','.join(readers_of(filled)[:2])}"

    first, second = (cases_of(page(visitor, filled, f"{query}&page={n}", name="agreement-cases")) for n in (1, 2))

    assert (len(first), len(second)) == (50, 16)
    assert first[-1][-1] >= second[0][-1]


def test_sides_are_cases_of_their_own(visitor):
    study = fill(make_study(sides="apart"), per_group=1)
    make_member(study, "investigator", user=visitor.get("/").wsgi_request.user)

    query = f"?muscle=VL&readers={','.join(readers_of(study))}"
    sides = [row[2] for row in cases_of(page(visitor, study, query, name="agreement-cases"))]

    assert sorted(sides) == ["left", "left", "right", "right"]


@pytest.mark.parametrize("query", ["", "?muscle=VL", "?muscle=XX&readers=a,b", "?muscle=VL&readers=a,b"])
def test_what_is_no_square_of_the_map_is_refused(visitor, filled, query):
    response = page(visitor, filled, query, name="agreement-cases")

    assert response.status_code == 422
    assert 'role="alert"' in text(response)


@pytest.mark.parametrize("name", ["agreement", "agreement-cases"])
def test_queries_do_not_grow_with_the_study(visitor, django_assert_num_queries, name):
    small, large = fill(make_study(), per_group=1), fill(make_study(), per_group=6)
    for study in (small, large):
        make_member(study, "investigator", user=visitor.get("/").wsgi_request.user)

    for study in (small, large):
        query = f"?muscle=VL&readers={','.join(readers_of(study))}" if name == "agreement-cases" else ""
        page(visitor, study, query, name=name)  # computed once, and kept
        with django_assert_num_queries({"agreement": 9, "agreement-cases": 3}[name]):
            page(visitor, study, query, name=name)


def test_answer_is_computed_once_for_page_and_json(visitor, filled):
    for query, name in (("", "agreement"), ("?coefficient=ac2", "agreement"), ("", "agreement-json")):
        page(visitor, filled, query, name)

    assert CachedResult.objects.filter(study=filled).count() == 1


def test_page_follows_a_sign_off(visitor, filled):
    before = text(page(visitor, filled))
    mri = make_mri(make_participant(filled))
    for member in filled.members.filter(role="reader"):
        make_signed_off_read(mri=mri, reader=member.user)

    after = text(page(visitor, filled))

    assert "66 units (muscles of 6 participants)" in before
    assert "77 units (muscles of 7 participants)" in after


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_another_computes_is_told(visitor, filled):
    computing, may_end = Event(), Event()

    def compute_slowly(frame, version):
        computing.set()
        may_end.wait()
        return agreement_result(frame, filled.slug, version)

    def ask():
        try:
            return cached_result(filled, "agreement", compute_slowly)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask)
        computing.wait()
        meanwhile, data = page(visitor, filled), page(visitor, filled, name="agreement-json")
        may_end.set()
        first.result()

    assert (meanwhile.status_code, data.status_code) == (202, 202)
    assert "is being computed" in text(meanwhile)
    assert page(visitor, filled).status_code == 200


def test_no_diagnosis_group_is_named(visitor, filled):
    DiagnosisGroup.objects.filter(study=filled, code="DM").update(code="ZEBRA", name="Zebra")
    DiagnosisGroup.objects.filter(study=filled, code="IMNM").update(code="OKAPI", name="Okapi")
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


def test_nothing_signed_off_yet(visitor, study):
    make_read(study=study)

    response = page(visitor, study)

    assert response.status_code == 200
    assert "No first read of a participant’s first MRI is signed off yet." in text(response)
    assert "figure-svg" not in text(response)
    assert page(visitor, study, "?muscle=VL&readers=a,b", name="agreement-cases").status_code == 422


def test_one_reader_has_nobody_to_agree_with(visitor, study):
    reader = make_signed_off_read(study=study).reader

    assert f"So far only {reader.username} has signed-off reads." in text(page(visitor, study))


def test_readers_of_different_mris_have_nothing_in_common(visitor, study):
    for _ in range(2):
        make_signed_off_read(study=study)

    assert "Two readers have signed-off reads, but no muscle of an MRI was graded by two" in text(page(visitor, study))


def test_undefined_coefficients_are_dashes_with_their_reason(visitor, study):
    mri = make_mri(make_participant(study))
    for _ in range(2):
        make_signed_off_read(mri=mri)

    response = page(visitor, study)

    assert rows(response, "row")["VL"][1:] == ["1", "1.00", "1.00", "–", "–", "–", "1.00", "–", "–"]
    assert "kappa lin., kappa quad.: no variance, all grades of a pair are equal" in text(response)
    assert "ICC(2,1) is not defined" in text(response)


def test_rereads_are_compared_with_the_first_read(visitor, filled):
    assert "No re-read can be held against its first read yet." in text(page(visitor, filled))
    first = filled.reads.select_related("mri", "reader").first()
    make_signed_off_read(mri=first.mri, reader=first.reader, scores=[1] * 11, occasion=2, available_at=timezone.now())

    response = page(visitor, filled)

    (overall,) = (e for e in printed(filled)["intra"] if e["reader"] == first.reader.username and e["units"] == 11)
    assert rows(response, "row")[first.reader.username][1:] == expected_row(overall)
    assert "No re-read can be held against its first read yet." not in text(response)
