"""The address of a question: read strictly, and one for each."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from analysis.stats.question import Question
from analysis.study_data.options import question_options
from analysis.web.forms.question import QuestionForm, address
from grading.models import DiagnosisGroup
from tests.builders import make_member, make_mri, make_participant, make_signed_off_read, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(study, client):
    """A study in which everything can be asked, and an investigator who asks."""
    readers = [make_member(study, "reader", make_user(name)).user for name in ("ann", "bob", "cy")]
    for group, sex, autoantibody in (("IMNM", "female", "HMGCR"), ("DM", "male", "Mi-2"), ("DM", "", "")):
        mri = make_mri(make_participant(study, group=group, sex=sex, autoantibody=autoantibody))
        for reader in readers:
            make_signed_off_read(mri=mri, reader=reader)
        make_signed_off_read(mri=mri, reader=readers[0], feature="fat", sequence="T1W")
    client.force_login(make_member(study, "investigator").user)
    return study


def question(study, query):
    return QuestionForm(QueryDict(query), question_options(study)).question()


def get(client, study, query):
    return client.get(reverse("comparison", args=[study.slug]) + query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("set=edema&model=joint", {"analysis_set": "edema", "model": "joint"}),
        ("p=max-t", {"deciding": "max-t"}),
        ("sequence=T1W", {"sequence": "T1W"}),
        ("reader=bob&reader=ann", {"readers": ("ann", "bob")}),
        ("reader=ann&reader=bob&reader=cy", {}),
        ("sex=male&autoantibody=Mi-2", {"sex": "male", "autoantibody": "Mi-2"}),
        ("set=&sequence=&sex=&autoantibody=&groups=&figure=forest", {}),
    ],
)
def test_the_query_string_is_the_question(asked, query, expected):
    assert question(asked, query) == Question("IMNM", "DM", **expected)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?set=edema&model=joint&p=raw&sequence=T1W&sex=male&autoantibody=Mi-2&reader=ann&reader=bob",
        "?groups=DM%2CIMNM",
    ],
)
def test_the_one_address_is_shown_at_once(asked, client, query):
    assert get(client, asked, query).status_code == 200
    assert address(question(asked, query[1:]), question_options(asked)).urlencode() == query[1:]


@pytest.mark.parametrize(
    ("query", "one"),
    [
        ("?set=all&model=per-muscle&sequence=&sex=", ""),
        ("?reader=bob&reader=ann", "?reader=ann&reader=bob"),
        ("?reader=bob&reader=ann&reader=cy", ""),
        ("?reader=bob&reader=bob", "?reader=bob"),
        ("?groups=IMNM,DM&set=edema", "?set=edema"),
        ("?p=holm&set=edema", "?set=edema"),
    ],
)
def test_other_addresses_of_a_question_lead_to_its_own(asked, client, query, one):
    response = get(client, asked, query)

    assert response.status_code == 302
    assert response.url == reverse("comparison", args=[asked.slug]) + one


@pytest.mark.parametrize("extra", ["figure=forest", "ordinal=1", "wait=1", "download=1", "theme=dark"])
def test_an_address_may_say_how_the_answer_is_wanted(asked, client, extra):
    assert get(client, asked, f"?set=edema&{extra}").status_code == 200


@pytest.mark.parametrize(
    ("query", "possible"),
    [
        ("readers=nobody", "“readers” cannot be asked for: an address may say set, model, p, grades, groups"),
        ("sequence=T2FS", "“T2FS” cannot be asked for as sequence: it is one of STIR, T1W."),
        ("reader=ann&reader=dan", "“dan” cannot be asked for as reader: it is one of ann, bob, cy."),
        ("sex=other", "“other” cannot be asked for as sex: it is one of female, male."),
        ("autoantibody=SRP", "“SRP” cannot be asked for as autoantibody: it is one of HMGCR, Mi-2."),
    ],
)
def test_what_does_not_occur_is_refused_with_what_does(asked, client, query, possible):
    shown = get(client, asked, f"?{query}")
    data = client.get(reverse("comparison-json", args=[asked.slug]), QueryDict(query))

    assert (shown.status_code, data.status_code) == (422, 422)
    assert possible in shown.content.decode()
    assert data.json()["error"].startswith(possible)


def test_a_study_without_subgroups_says_so(study, client):
    client.force_login(make_member(study, "investigator").user)

    assert "nothing of the kind occurs in this study" in get(client, study, "?sex=female").content.decode()


def test_with_three_groups_the_address_names_two(asked):
    DiagnosisGroup.objects.create(study=asked, code="PM", name="polymyositis", colour="#0072B2")

    query = address(question(asked, "groups=IMNM,DM&sex=male"), question_options(asked)).urlencode()

    assert query == "groups=IMNM%2CDM&sex=male"


def test_choices_are_those_of_the_study_alone(asked, django_assert_num_queries):
    other = make_study()
    make_signed_off_read(mri=make_mri(make_participant(other, autoantibody="SRP")), sequence="T2FS")

    with django_assert_num_queries(6):
        choices = question_options(asked)

    assert choices.sequences == ("STIR", "T1W")
    assert choices.readers == ("ann", "bob", "cy")
    assert choices.sexes == ("female", "male")
    assert choices.autoantibodies == ("HMGCR", "Mi-2")
