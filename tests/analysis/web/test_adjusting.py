"""Adjusted questions over HTTP: what the page, the text and the figures say of them, and of whom."""

import json
import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariates
from analysis.stats.frame.canonical import data_version
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.study_data.frame import clinical_values, covariates_of, study_frame
from analysis.words.notation import interval, number, p_value
from grading.models import Covariate, CovariateValue, Participant, Study
from tests.analysis.stats.comparison_frames import compare, cut
from tests.builders import make_member, make_mri, make_participant, make_signed_off_read, make_study
from tests.made_once import made_once
from tests.near import near
from thighsite.acting import because

pytestmark = pytest.mark.django_db

ASKED = ("age_years", "ck_u_per_l")
QUERY = "?adjust=age_years&adjust=ck_u_per_l"


def make_aged() -> Study:
    """Twelve participants with age and, but for P03 and P04, creatine kinase (P04: 0, which has no logarithm)."""
    study = make_study()
    reader = make_member(study, "reader").user
    for number_ in range(12):
        of = {"age_years": 30 + (number_ * 7) % 40, "ck_u_per_l": {3: None, 4: 0}.get(number_, 100 + number_ * 311)}
        mri = make_mri(make_participant(study, code=f"P{number_:02}", group=("IMNM", "DM")[number_ % 2], **of))
        make_signed_off_read(mri=mri, reader=reader, scores=[(number_ * 7 + place * 5) % 4 for place in range(11)])
    make_member(study, "investigator")
    return study


aged_once = made_once(make_aged)


@pytest.fixture
def aged(aged_once, client):
    study = Study.objects.get(pk=aged_once.pk)
    client.force_login(study.members.get(role="investigator").user)
    return study


def get(client, study, name="comparison", query=QUERY):
    response = client.get(reverse(name, args=[study.slug]) + query)
    assert response.status_code == 200, response.content
    return response


def shown(response):
    return " ".join(unescape(re.sub("<[^>]*>", " ", response.content.decode())).split())


def state(response):
    return re.search(r'data-data-version="([^"]*)"', response.content.decode())[1]


def test_page_has_adjusted_beside_unadjusted_and_names_who_is_left_out(aged, client):
    frame = study_frame(aged)
    covariates = Covariates(ASKED, clinical_values(aged, ASKED))
    expected = as_json(
        compare(frame, covariates=covariates, pattern=True, data_version=data_version(frame)), study=aged.slug
    ) | {"pattern_score": pattern_score_result(cut(frame))}

    page, found = get(client, aged), get(client, aged, "comparison-json").json()

    assert found["comparison"] == near(json.loads(json.dumps(expected)))
    rows = re.findall(r'<tr data-adjusted="(\w+)">(.*?)</tr>', page.content.decode())
    cells = {code: [re.sub("<.*?>", "", cell) for cell in row.split("</td>")] for code, row in rows}
    for fit in found["comparison"]["muscles"]:
        both = [text(of) for of in (fit, fit["unadjusted"])]
        assert unescape(" ".join(cells[fit["muscle"]][1:7])) == " ".join(both)
        assert cells[fit["muscle"]][0].endswith(str(fit["participants"]))
    said = shown(page)
    assert "Adjusted for age and creatine kinase (logarithm): figure, sentence and table" in said
    assert "in the 10 participants with every value" in said
    assert "2 participants are in the comparison, but in no adjusted model" in said
    assert found["inclusion"]["covariate_missing"]["codes"] == ["P03", "P04"]
    assert "10 participants for 3 effects between participants" in said  # fewer than five for each
    assert "adjusted for creatine kinase (logarithm) ×" in said
    assert "Models were adjusted for age and creatine kinase" in shown(get(client, aged, "text"))
    origin = client.get(reverse("figure", args=[aged.slug, "forest", "svg"]) + QUERY).content.decode()
    assert "adjusted for age and creatine" in " ".join(re.sub("<[^>]*>", " ", origin).split())


def text(of):
    return f"{number(of['estimate'])} {interval(of['ci_low'], of['ci_high'])} {p_value(of['p'])}"


def test_page_follows_a_covariate_and_the_plain_answer_stays(aged, client):
    before = {query: get(client, aged, query=query) for query in ("", QUERY)}
    person = Participant.objects.get(study=aged, code="P03")
    person.ck_u_per_l = 5000
    with because("a laboratory value was found"):
        person.save()

    after = {query: get(client, aged, query=query) for query in ("", QUERY)}

    assert state(after[QUERY]) != state(before[QUERY])
    assert "in the 11 participants with every value" in shown(after[QUERY])
    assert state(after[""]) == state(before[""])


def test_form_offers_what_somebody_has_and_keeps_it_with_a_restriction(aged, client):
    Participant.objects.filter(study=aged, code="P00").update(sex="male")

    whole = get(client, aged, query="?sex=male&adjust=age_years").content.decode()
    content = re.sub(r'(?s)<details class="for-print".*?</details>', "", whole)

    boxes = re.findall(r'type="checkbox" name="adjust" value="(\w+)"( checked)?', content)
    assert boxes == [("age_years", " checked"), ("sex", ""), ("ck_u_per_l", "")]
    assert '<input type="hidden" name="adjust"' not in content
    assert 'href="/studies/' + aged.slug + '/comparison/?adjust=age_years"' in content  # Clear restrictions
    assert "model=joint&amp;sex=male" in content
    assert 'name="adjust"' not in get(client, aged, query="?model=joint").content.decode()


@pytest.mark.parametrize("query", ["?adjust=sex", "?adjust=height", "?model=joint&adjust=age_years"])
def test_what_cannot_be_adjusted_for_is_refused(aged, client, query):
    for name in ("comparison", "comparison-json", "bundle"):
        assert client.get(reverse(name, args=[aged.slug]) + query).status_code == 422


# What the study defines -----------------------------------------------------------------------------------------------

OWN = "?adjust=treatment&adjust=vital_capacity"


@pytest.fixture
def own(aged):
    """Vital capacity of all but P02, treatment of all but P05."""
    number = Covariate.objects.create(study=aged, name="vital_capacity", label="Forced vital capacity", unit="%")
    levels = Covariate.objects.create(
        study=aged, name="treatment", label="Treatment", kind="levels", levels="none\nsteroids\nIVIG"
    )
    unused = Covariate.objects.create(study=aged, name="height", label="Height", unit="cm")
    for place, person in enumerate(aged.participants.order_by("code")):
        row = {"study": aged, "participant": person}
        if place != 2:
            CovariateValue.objects.create(**row, covariate=number, number=60 + (place * 17) % 41)
        if place != 5:
            level = ("none", "steroids", "IVIG")[(place * 5 // 3) % 3]
            CovariateValue.objects.create(**row, covariate=levels, level=level)
    return number, levels, unused


def test_comparison_is_adjusted_for_what_the_study_defines(aged, own, client):
    names = ("treatment", "vital_capacity")
    frame = study_frame(aged)
    expected = as_json(
        compare(frame, covariates=covariates_of(aged, names), pattern=True, data_version=data_version(frame)),
        study=aged.slug,
    )

    page, found = shown(get(client, aged, query=OWN)), get(client, aged, "comparison-json", OWN).json()

    score = {"pattern_score": pattern_score_result(cut(frame))}
    assert found["comparison"] == near(json.loads(json.dumps(expected | score)))
    assert found["comparison"]["adjusted_for"] == [*names]
    assert "score ~ group + treatment + vital_capacity" in found["comparison"]["formula"]
    assert found["inclusion"]["covariate_missing"]["codes"] == ["P02", "P05"]
    assert "in no adjusted model, without a usable value of Treatment or Forced vital capacity" in page
    assert "Adjusted for Treatment and Forced vital capacity: figure, sentence and table" in page
    assert "10 participants for 4 effects between participants" in page
    assert "Forced vital capacity, in %" in page
    assert "Forced vital capacity, % " in page  # Table 1
    assert "per muscle, adjusted for Treatment and Forced vital capacity" in page  # among the looks
    assert "Height" not in page  # of which nobody has a value
    assert "Models were adjusted for Treatment and Forced vital capacity" in shown(get(client, aged, "text", OWN))
    bundle = ZipFile(BytesIO(b"".join(client.get(reverse("bundle", args=[aged.slug]) + OWN))))
    folder = bundle.namelist()[0].split("/")[0]
    assert bundle.read(f"{folder}/covariates.csv").decode().splitlines()[1:3] == [
        "P00,none,60.0",
        "P01,steroids,77.0",
    ]


def test_page_follows_a_value_of_what_the_study_defines(aged, own, client):
    before = {query: get(client, aged, query=query) for query in ("", OWN)}
    with because("was read wrongly"):
        own[0].values.filter(participant__code="P07").update(number=33)

    after = {query: get(client, aged, query=query) for query in ("", OWN)}

    assert state(after[OWN]) != state(before[OWN])
    assert state(after[""]) == state(before[""])
