"""Table 1 and the flow of a study: each number as the database has it, and where they are shown and to whom."""

import csv
import json
import re
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analysis.services.lock import lock_study
from grading.models import DiagnosisGroup, Read, Study
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    withdraw,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


def make_mixed() -> Study:
    """Of each group three who are compared; one who withdrew, one without an MRI, one unread, one of a third group."""
    study = make_study()
    DiagnosisGroup.objects.create(study=study, code="IBM", name="IBM", colour="#0072B2")
    reader = make_member(study, "reader").user
    for number in range(6):
        person = {"sex": ("female", "male", "")[number % 3], "age_years": 40 + 5 * number, "autoantibody": "HMGCR"}
        mri = make_mri(make_participant(study, group=("IMNM", "DM")[number % 2], **person), scan_year=2015 + number)
        make_signed_off_read(mri=mri, reader=reader)
    later = make_mri(mri.participant)
    make_signed_off_read(mri=later, reader=reader)
    withdrawn = make_participant(study, group="DM")
    make_signed_off_read(mri=make_mri(withdrawn), reader=reader)
    withdraw(withdrawn)
    make_participant(study, group="IMNM")
    make_read(mri=make_mri(make_participant(study, group="IMNM")), reader=reader)
    make_signed_off_read(mri=make_mri(make_participant(study, group="IBM")), reader=reader)
    make_member(study, "investigator")
    return study


mixed_once = made_once(make_mixed)


@pytest.fixture
def mixed(mixed_once, client):
    study = Study.objects.get(pk=mixed_once.pk)
    client.force_login(study.members.get(role="investigator").user)
    return study


def asked(client, study, name="comparison-json", **query):
    return client.get(reverse(name, args=[study.slug]), {"groups": "IMNM,DM"} | query)


def words(response):
    return " ".join(unescape(re.sub("<[^>]*>", " ", response.content.decode())).split())


def test_every_number_of_the_flow_is_the_databases(mixed, client):
    flow = {step["step"]: step for step in asked(client, mixed).json()["participants"]["flow"]}

    people, reads = mixed.participants, Read.objects.filter(study=mixed)
    of_two = people.taking_part().filter(group__code__in=["IMNM", "DM"])
    first = [each.mris.earliest("days_since_first_mri").pk for each in of_two if each.mris.exists()]
    in_the_end = reads.filter(mri__in=first, status="signed_off")
    assert [step["participants"]["total"] for step in flow.values()] == [
        people.count(),
        of_two.exclude(mris=None).distinct().count(),
        of_two.filter(mris__reads__mri__in=first).distinct().count(),
        in_the_end.values("mri__participant").distinct().count(),
        6,
    ]
    assert [flow[name]["reads"]["total"] for name in ("registered", "compared")] == [reads.count(), in_the_end.count()]
    assert flow["compared"]["participants"]["by_group"] == {"DM": 3, "IMNM": 3}
    assert {each["reason"]: each["participants"]["total"] for step in flow.values() for each in step["left_out"]} == {
        "withdrawn": 1,
        "other_group": 1,
        "no_mri": 1,
        "later_mri": 0,
        "not_signed_off": 1,
    }


def test_table_one_counts_what_is_known_and_what_is_missing(mixed, client):
    found = {each["name"]: each for each in asked(client, mixed).json()["participants"]["characteristics"]}
    today = timezone.now().date().isoformat()

    assert found["sex"]["total"]["levels"] == {"female": 2, "male": 2}
    assert {group: own["missing"] for group, own in found["sex"]["by_group"].items()} == {"DM": 1, "IMNM": 1}
    assert [found["age_years"]["by_group"]["IMNM"][key] for key in ("q1", "median", "q3")] == [45, 50, 55]
    assert [found["scan_year"]["total"][key] for key in ("min", "max")] == [2015, 2020]
    assert found["mris"]["by_group"]["DM"]["levels"] == {"1": 2, "2 or more": 1}
    signed = asked(client, mixed).json()["participants"]["signed_off_here"]
    assert (signed["reads"], signed["last"]) == (6, today) or signed["first"] < today  # midnight may pass


def test_page_text_and_command_say_it(mixed, client):
    page, paper = words(asked(client, mixed, "comparison")), words(asked(client, mixed, "text"))
    out = StringIO()
    call_command("describe", study=mixed.slug, groups="IMNM,DM", stdout=out)

    for text in (page, paper, " ".join(out.getvalue().split())):
        assert "DM (n = 3) IMNM (n = 3) All (n = 6)" in text
        assert "Age at first MRI, years 55 [50–60] 50 [45–55] 52.5 [46.2–58.8]" in text
        assert "missing, n 1 1 2" in text
    assert "1 participant without a signed-off read of the first MRI (DM 0, IMNM 1)" in page
    assert "Of 10 participants registered, 6 (3 DM and 3 IMNM) were analysed. Left out: 1 withdrawn; 1 in" in paper
    assert "median age [IQR] was 55 [50–60] years in DM and 50 [45–55] years in IMNM" in paper
    assert "10 participants (DM 4, IMNM 5, others 1)" in out.getvalue()


def test_a_comparison_that_no_grade_enters_still_says_who_is_there(mixed, client):
    page = words(client.get(reverse("comparison", args=[mixed.slug]), {"groups": "IMNM,DM", "set": "fat"}))

    assert "No signed-off read enters this comparison; why is said below." in page
    assert "10 participants (DM 4, IMNM 5, others 1)" in page


@pytest.mark.parametrize("form", ["svg", "pdf", "csv"])
def test_the_diagram_has_its_files(mixed, client, form):
    response = client.get(reverse("figure", args=[mixed.slug, "flow", form]), {"groups": "IMNM,DM"})

    assert response.status_code == 200
    if form == "csv":
        rows = list(csv.reader(StringIO(response.content.decode())))
        assert rows[-1] == ["In the comparison", "–", "3", "3", "6", "3", "3", "6"]


def test_the_bundle_has_table_one_and_of_a_locked_study_the_flow(mixed, client):
    interim = bundled(asked(client, mixed, "bundle"))
    lock_study(study=mixed, by=make_member(mixed, "coordinator").user)
    final = bundled(asked(client, mixed, "bundle"))

    ages = [row for row in csv.DictReader(StringIO(final["table1.csv"])) if row["characteristic"] == "age_years"]
    assert [(row["group"], row["median"]) for row in ages] == [("DM", "55"), ("IMNM", "50"), ("", "52.5")]
    assert interim["table1.csv"] == final["table1.csv"]
    assert {"flow.csv", "figures/flow.svg"} & interim.keys() == set()
    assert "compared,,,6,6\n" in final["flow.csv"]
    assert all(name in final["README.txt"] and name in final["codebook.csv"] for name in ("table1.csv", "flow.csv"))
    assert "figures/flow.svg" in final


def bundled(response):
    with ZipFile(BytesIO(response.content)) as archive:
        return {name.split("/", 1)[1]: archive.read(name).decode() for name in archive.namelist()}


def test_nobody_sees_it_while_the_comparison_is_hidden_nor_without_the_role(mixed, client):
    mixed.hides_comparison = True
    mixed.save()

    hidden = client.get(reverse("figure", args=[mixed.slug, "flow", "svg"]), {"groups": "IMNM,DM"})
    assert hidden.status_code == 403
    assert "Table 1" not in words(asked(client, mixed, "comparison"))
    client.force_login(make_member(mixed, "reader").user)
    assert client.get(reverse("figure", args=[mixed.slug, "flow", "svg"])).status_code == 403


def test_an_empty_study_is_described(client, db):
    study = make_study()
    out = StringIO()
    call_command("describe", study=study.slug, format="json", stdout=out)

    assert json.loads(out.getvalue())["participants"] == {"total": 0, "by_group": {"DM": 0, "IMNM": 0}}
