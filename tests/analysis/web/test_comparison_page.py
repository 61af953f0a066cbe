"""The comparison page: who sees it, that its numbers are the analysis, and its states."""

import gzip
import json
import re
from html import unescape

import pytest
from django.urls import reverse

from analysis.figure.catalogue import FIGURES
from analysis.figure.figure_data import FigureData
from analysis.figure.group import Group
from analysis.services import asked_comparison
from analysis.stats.comparison_json import as_json
from analysis.stats.frame.canonical import data_version
from analysis.stats.participant_means import participant_means
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.study_data.frame import study_frame
from analysis.words.comparison.pattern import f_and_p
from analysis.words.notation import interval, median_iqr, number, p_value, stars
from grading.models import DiagnosisGroup
from tests.analysis.people import fill
from tests.analysis.stats.comparison_frames import compare, cut
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
    rename_group,
)
from tests.near import near

pytestmark = pytest.mark.django_db

PAGES = ("comparison", "comparison-json")


def page(client, study, query=""):
    return client.get(reverse("comparison", args=[study.slug]) + query)


def answer(study, **question):
    frame = study_frame(study)
    comparison = compare(frame, pattern=True, data_version=data_version(frame), **question)
    return as_json(comparison, study=study.slug) | {"pattern_score": pattern_score_result(cut(frame))}


def table(response):
    """The comparison table's rows, as texts of cells by muscle."""
    found = re.findall(r'<tr data-muscle="(\w+)">(.*?)</tr>', response.content.decode(), re.DOTALL)
    cells = {muscle: re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for muscle, row in found}
    return {
        muscle: [" ".join(unescape(re.sub("<.*?>", "", cell)).split()) for cell in row] for muscle, row in cells.items()
    }


def drawn(client, response):
    """What plotly draws in place of the still figure."""
    return client.get(unescape(re.search(r'data-figure="([^"]*)"', response.content.decode())[1])).json()


def still(response):
    """The figure that comes with the page."""
    return re.search(r'<svg [^>]*class="figure-svg".*?</svg>', response.content.decode(), re.DOTALL)[0]


def expected_row(fit):
    compared, reference = fit["groups"]["DM"], fit["groups"]["IMNM"]
    p, *others = [p_value(fit[key]) for key in ("p", "p_permutation", "p_permutation_max_t")]
    others = [f"{p_value(fit['p_holm'])} {stars(fit['p_holm'])}".removesuffix(" –"), *others]
    seen = [str(compared["n"]), median_iqr(compared), str(reference["n"]), median_iqr(reference)]
    return [*seen, number(fit["estimate"]), interval(fit["ci_low"], fit["ci_high"]), number(fit["df"], 1), p, *others]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("investigator", 200), ("reader", 403), ("coordinator", 403), ("stranger", 404)]
)
def test_only_investigators_see_the_comparison(client, filled, name, who, status):
    client.force_login(make_user() if who == "stranger" else make_member(filled, who).user)

    assert client.get(reverse(name, args=[filled.slug])).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_investigator_of_another_study_is_a_stranger(client, filled, name):
    client.force_login(make_member(make_study(), "investigator").user)

    assert client.get(reverse(name, args=[filled.slug])).status_code == 404
    assert client.post(reverse(name, args=[filled.slug])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_is_sent_to_sign_in_or_told_in_json(client, filled, name):
    path = reverse(name, args=[filled.slug])

    assert client.get(path).url == f"{reverse('login')}?next={path}"
    assert client.get(path, headers={"accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_comparison_is_only_read(visitor, filled, name, method):
    assert getattr(visitor, method)(reverse(name, args=[filled.slug])).status_code == 405


@pytest.mark.parametrize(
    ("query", "question"),
    [("", {}), ("?set=edema", {"analysis_set": "edema"}), ("?model=joint", {"model": "joint"})],
)
def test_table_has_the_numbers_of_the_comparison(visitor, filled, query, question):
    make_signed_off_read(mri=make_mri(make_participant(filled)), feature="fat", sequence="T1W")

    rows = table(page(visitor, filled, query))

    fits = answer(filled, **question)["muscles"]
    assert list(rows) == [fit["muscle"] for fit in fits]
    for fit in fits:
        assert rows[fit["muscle"]][1:-1] == expected_row(fit)


def test_all_muscles_at_once_stand_above_the_table_and_in_the_text(visitor, filled):
    content = unescape(page(visitor, filled).content.decode())
    text = unescape(visitor.get(reverse("text", args=[filled.slug])).content.decode())

    tests = answer(filled)["pattern"]
    rows = re.findall(r'<tr><th scope="row">(Pattern|Any)[^<]*</th>(.*?)</tr>', content)
    assert [[re.sub("<[/a-z].*?>", "", cell).strip() for cell in row.split("</td>")[:4]] for _, row in rows] == [
        [number(test["F"]), str(test["df1"]), number(test["df2"], 1), p_value(test["p"])] for test in tests.values()
    ]
    assert content.index(f_and_p(tests["pattern"])) < content.index("<tr data-muscle=")
    assert f_and_p(tests["pattern"]) in text
    assert "by the interaction of muscle and group" in text


def test_figure_is_that_of_the_comparison(visitor, filled):
    groups = (Group("IMNM", "IMNM", "#009E73"), Group("DM", "DM", "#D55E00"))

    drawn_from = participant_means(cut(study_frame(filled)))

    data = FigureData(answer(filled), drawn_from, groups)

    shown = page(visitor, filled)
    assert drawn(visitor, shown) == json.loads(json.dumps(FIGURES["boxplots"].json(data)))
    assert still(shown) == FIGURES["boxplots"].svg(data, theme="screen")


def test_json_is_what_the_command_prints_with_figure_and_progress(visitor, filled):
    response = visitor.get(reverse("comparison-json", args=[filled.slug]))

    assert response.json()["comparison"] == near(json.loads(json.dumps(answer(filled))))
    assert response.json()["figure"] == drawn(visitor, page(visitor, filled))
    assert response.json()["progress"]["reads_signed_off"] == 12
    json.loads(response.content, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@pytest.mark.parametrize("name", FIGURES)
def test_json_has_the_figure_asked_for(visitor, filled, name):
    data = visitor.get(reverse("comparison-json", args=[filled.slug]), {"figure": name}).json()

    path = reverse("figure", args=[filled.slug, name, "json"])
    assert data["figure"] == (visitor.get(path).json() if FIGURES[name].plotly else None)


def test_page_says_how_many_reads_are_signed_off(visitor, filled):
    complete = page(visitor, filled).content.decode()
    make_read(study=filled)
    interim = page(visitor, filled).content.decode()

    assert "12 of 12 " in complete
    assert "12 of 13 " in interim
    assert "(6 of 7 participants)" in interim
    assert ">interim<" in complete
    assert ">interim<" in interim  # until the study is locked


def test_page_follows_a_sign_off(visitor, filled):
    before = page(visitor, filled)
    make_signed_off_read(mri=make_mri(make_participant(filled)), scores=[3] * 11)

    after = page(visitor, filled)

    assert still(after) != still(before)
    assert [row[3] for row in table(after).values()] == ["4"] * 11


def test_same_data_are_computed_once(visitor, filled, computed_anew, monkeypatch):
    asked, computed = [], asked_comparison.comparison_answer
    monkeypatch.setattr(
        asked_comparison, "comparison_answer", lambda cut, **options: asked.append(cut) or computed(cut, **options)
    )

    for query in ("", "", "?set=edema", "?set=edema", "?groups=DM,IMNM"):
        page(visitor, filled, query)

    assert [(cut.analysis_set, cut.compared) for cut in asked] == [
        ("all", "DM"),
        ("edema", "DM"),
        ("all", "IMNM"),
    ]


def test_ordinal_model_is_computed_when_it_is_asked_for_once_and_then_written_of(
    visitor, filled, computed_anew, monkeypatch
):
    asked, computed = [], asked_comparison.compare_ordinal
    monkeypatch.setattr(
        asked_comparison, "compare_ordinal", lambda cut, **how: asked.append(cut) or computed(cut, **how)
    )

    unasked = page(visitor, filled).content.decode()
    assert not asked
    assert f'href="/studies/{filled.slug}/comparison/?ordinal=1#ordinal"' in unasked

    shown = page(visitor, filled, "?ordinal=1").content.decode()
    data = visitor.get(reverse("comparison-json", args=[filled.slug]), {"ordinal": "1"}).json()["ordinal"]
    text = visitor.get(reverse("text", args=[filled.slug]), {"ordinal": "1"}).content.decode()
    assert len(asked) == 1
    assert data["model"] == "ordinal"
    fold = re.search(r'<details[^>]*id="ordinal"[^>]* open>.*?</details>', shown, re.DOTALL)[0]
    for fit in data["muscles"]:
        assert f'<td class="number">{number(fit["estimate"])}</td><td class="number">' in fold
        assert f">{p_value(fit['p'])}</span>" in fold
    assert "In a sensitivity analysis that took scores as ordered categories" in text
    assert "sensitivity" not in visitor.get(reverse("text", args=[filled.slug])).content.decode()


def test_queries_do_not_grow_with_the_study(visitor, django_assert_num_queries):
    small, large = fill(make_study(), per_group=2), fill(make_study(), per_group=6)
    for study in (small, large):
        make_member(study, "investigator", user=visitor.get("/").wsgi_request.user)
    page(visitor, small)
    page(visitor, large)

    for study in (small, large):
        with django_assert_num_queries(22):
            page(visitor, study)


@pytest.mark.parametrize("query", ["?set=both", "?model=best", "?groups=IMNM", "?groups=DM,DM", "?groups=XX,DM"])
def test_impossible_question_is_refused_with_what_is_possible(visitor, filled, query):
    shown = page(visitor, filled, query)
    data = visitor.get(reverse("comparison-json", args=[filled.slug]) + query)

    assert (shown.status_code, data.status_code) == (422, 422)
    assert data.json()["error"] in unescape(shown.content.decode())


def test_words_of_people_are_never_markup(visitor, filled):
    attack = "</script><script>alert(1)</script>"
    filled.title = attack
    filled.save()
    rename_group(filled, "DM", name=attack)

    content = page(visitor, filled, f"?set={attack}").content.decode() + page(visitor, filled).content.decode()

    assert "alert(1)" in content
    assert "<script>alert" not in content


def test_nothing_signed_off_yet(visitor, study):
    make_read(study=study)

    response = page(visitor, study)

    assert response.status_code == 200
    assert "0 of 1 <" in response.content.decode()
    assert "No read is signed off yet." in response.content.decode()
    assert "data-plot " not in response.content.decode()


def test_set_without_reads(visitor, study):
    make_signed_off_read(study=study, feature="fat", sequence="T1W")

    assert (
        "No signed-off read enters this comparison; why is said below."
        in page(visitor, study, "?set=edema").content.decode()
    )


def test_one_group_so_far(visitor, study):
    make_signed_off_read(study=study)

    response = page(visitor, study)

    assert "Nothing can be estimated yet." in response.content.decode()
    assert answer(study)["muscles"][0]["note"] in response.content.decode()
    assert f"cannot be tested. {answer(study)['pattern']['pattern']['note']}" in response.content.decode()
    assert table(response)["VL"] == [
        "VL vastus lateralis",
        "0",
        "–",
        "1",
        "1.00 [1.00–1.00]",
        *["–"] * 7,
        "not estimable",
    ]


def test_study_with_one_group(visitor, study):
    study.groups.get(code="DM").delete()

    assert "A comparison needs two diagnosis groups, and this study has 1." in page(visitor, study).content.decode()
    assert visitor.get(reverse("comparison-json", args=[study.slug])).status_code == 422


def test_more_than_two_groups_are_chosen_from(visitor, filled):
    DiagnosisGroup.objects.create(study=filled, code="PM", name="polymyositis", colour="#0072B2")

    choice = unescape(page(visitor, filled).content.decode())

    assert re.findall(r'href="(\?groups=[^"]*)">(.*?)<', choice) == [
        ("?groups=IMNM%2CDM", "DM − IMNM"),
        ("?groups=IMNM%2CPM", "PM − IMNM"),
        ("?groups=DM%2CPM", "PM − DM"),
    ]
    assert "PM compared with DM" in page(visitor, filled, "?groups=DM%2CPM").content.decode()
    assert visitor.get(reverse("comparison-json", args=[filled.slug])).status_code == 422


def test_plotly_finds_its_rules_before_it_would_write_any(visitor, filled):
    content = page(visitor, filled).content.decode()

    rules = re.search(r'<link[^>]*id="plotly.js-style-global"[^>]*class="no-inline-styles"', content)
    assert rules.start() < content.index("plotly-cartesian.min")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_an_address_of_its_own(visitor, filled, name):
    shown = page(visitor, filled, f"?set=edema&figure={name}")
    shown = visitor.get(shown.url) if shown.status_code == 302 else shown
    content = shown.content.decode()

    assert FIGURES[name].title in content
    for form in ("svg", "csv"):
        path = unescape(re.search(rf'href="([^"]*/{name}\.{form}[^"]*)"', content)[1])
        assert visitor.get(path).status_code == 200
        assert "set=edema" in path


def test_other_questions_keep_the_figure(visitor, filled):
    content = page(visitor, filled, "?figure=forest").content.decode()

    assert "?set=edema&amp;figure=forest" in content
    assert '<input type="hidden" name="figure" value="forest">' in content


def test_unknown_figure_is_refused_with_what_there_is(visitor, filled):
    response = page(visitor, filled, "?figure=pie")

    assert response.status_code == 422
    assert "boxplots, forest, heatmap, thighs, grades" in response.content.decode()


@pytest.mark.parametrize("per_group", [3, 40])
def test_first_response_shows_numbers_and_figure_in_60_kb_without_plotly(visitor, study, per_group):
    fill(study, per_group=per_group, readers=1)

    response = visitor.get(reverse("comparison", args=[study.slug]), headers={"accept-encoding": "gzip"})
    shown = gzip.decompress(response.content).decode()

    assert len(response.content) <= 60 * 1024
    assert shown.count("<tr data-muscle=") == 11
    assert 'class="figure-svg"' in shown
    assert not re.search(r"<script[^>]*plotly", shown)  # it comes later, by the page's module
