"""The list of participants and the page of one: everything stored, who corrected what, when and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading.models import MRI, Participant
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
    withdraw,
)
from tests.grading.participants.filling_in import correct, text_of
from thighsite.acting import because

pytestmark = pytest.mark.django_db

PAGES = ("participant", "correct-participant", "correct-mris", "merge-participant", "withdraw-participant",
         "take-withdrawal-back", "delete-participant")  # fmt: skip
MRI_PAGES = ("move-mri", "delete-mri")


def paths(mri) -> list[str]:
    slug = mri.study.slug
    own = [reverse(name, args=[slug, mri.participant_id]) for name in PAGES]
    return [reverse("participants", args=[slug]), *own, *(reverse(name, args=[slug, mri.pk]) for name in MRI_PAGES)]


@pytest.fixture
def mri(study):
    return make_mri(make_participant(study, code="P1", sex="female", age_years=67, autoantibody="SRP"), code="M1")


def listed(client, study, **query) -> str:
    return text_of(client.get(reverse("participants", args=[study.slug]), query))


def page_of(client, participant) -> str:
    return text_of(client.get(reverse("participant", args=[participant.study.slug, participant.pk])))


# Who may


@pytest.mark.parametrize("role", ["reader", "investigator", None])
def test_others_are_refused(client, mri, role):
    client.force_login(make_member(mri.study, role).user if role else make_user())

    for path in paths(mri):
        assert {client.get(path).status_code, client.post(path).status_code} == {403 if role else 404}


@pytest.mark.usefixtures("me")
def test_wrong_method_is_refused(client, mri):
    for path in paths(mri):
        assert client.put(path).status_code == 405
    assert client.post(paths(mri)[0]).status_code == client.post(paths(mri)[1]).status_code == 405


@pytest.mark.usefixtures("me")
def test_participants_of_another_study_do_not_exist_here(client, study):
    other = make_mri(make_participant(make_study()))

    for name in PAGES:
        assert client.get(reverse(name, args=[study.slug, other.participant_id])).status_code == 404
    for name in MRI_PAGES:
        assert client.get(reverse(name, args=[study.slug, other.pk])).status_code == 404


# The list


@pytest.mark.usefixtures("me")
def test_list_counts_mris_and_reads(client, study, mri):
    make_mri(mri.participant, code="M2", days_since_first_mri=9)
    make_read(mri=mri)
    make_signed_off_read(mri=mri)

    page = " ".join(listed(client, study).split())

    assert '<td class="number">2</td><td class="number">2</td><td class="number">1</td>' in page
    assert reverse("participant", args=[study.slug, mri.participant_id]) in page


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"P1", "P2", "Q3"}),
        ({"code": "p"}, {"P1", "P2"}),
        ({"code": "%"}, set()),
        ({"who": "withdrawn"}, {"P2"}),
        ({"who": "yes"}, {"P1", "Q3"}),
        ({"group": "DM"}, {"Q3"}),
        ({"group": "nonsense"}, set()),
        ({"who": "nonsense"}, set()),
    ],
)
def test_list_is_chosen_by_code_group_and_withdrawal(client, study, mri, query, found):
    withdraw(make_participant(study, code="P2"))
    make_participant(study, code="Q3", group="DM")
    groups = {group.code: str(group.pk) for group in study.groups.all()}

    page = listed(client, study, **{name: groups.get(value, value) for name, value in query.items()})

    assert {code for code in ("P1", "P2", "Q3") if f">{code}</a>" in page} == found


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize("name", ["participants", "participant"])
def test_pages_take_no_more_queries_for_more_rows(client, study, mri, name):
    path = reverse(name, args=[study.slug, *([mri.participant_id] if name == "participant" else [])])
    make_signed_off_read(mri=mri)
    with because("a slip"):
        Participant.objects.filter(pk=mri.participant_id).update(code="P01", group=study.groups.get(code="DM"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    few = queries()
    for number in range(3):
        other = make_mri(make_participant(study), code="M1")
        own = make_mri(mri.participant, code=f"N{number}")
        make_signed_off_read(mri=own)
        make_signed_off_read(mri=other)
        with because("a slip"):
            MRI.objects.filter(pk=own.pk).update(code=f"NN{number}")

    assert queries() == few


@pytest.mark.usefixtures("me")
def test_list_comes_in_pages(client, study):
    for number in range(101):
        make_participant(study, code=f"P{number:03}")

    assert "P100" not in listed(client, study)
    assert "P100" in listed(client, study, page="2")
    assert "Page 2 of 2" in listed(client, study, page="99")


# The page


@pytest.mark.usefixtures("me")
def test_page_has_everything_that_is_stored(client, mri):
    make_mri(mri.participant, code="M2", scan_year=2021, days_since_first_mri=365)
    signed = make_signed_off_read(mri=mri)
    make_read(mri=mri, imported_at=timezone.now(), handed_out=False, occasion=2)

    page = page_of(client, mri.participant)

    for stored in ("P1", "IMNM", "female", "67 years", "SRP", "M1", "M2", "2021", "365", signed.reader.username):
        assert stored.lower() in page.lower()
    assert page.count("imported") == 1
    assert reverse("trail", args=[mri.study.slug]) + f"?read={signed.pk}" in page


def test_page_says_who_changed_what_when_and_why(client, me, mri):
    correct(client, "correct-participant", mri.participant, code="P01", reason="typed wrongly")

    page = page_of(client, mri.participant)

    for told in (me.username, "typed wrongly", "<del>P1</del>", "<ins>P01</ins>", f"{timezone.now():%Y-%m-%d}"):
        assert told in page


@pytest.mark.usefixtures("me")
def test_history_of_who_was_merged_in_and_of_mris_that_are_gone_is_there(client, study, mri):
    gone = make_participant(study, code="DOUBLE")
    make_mri(gone, code="M9", days_since_first_mri=0)
    with because("moved"):
        gone.mris.update(participant=mri.participant, days_since_first_mri=7)
    with because("entered twice"):
        mri.participant.mris.get(code="M9").delete()
        gone.delete()

    page = " ".join(page_of(client, mri.participant).split())

    for told in ("participant DOUBLE", "MRI M9", "entered twice", "<del>DOUBLE</del> → <ins>P1</ins>"):
        assert told in page


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("correct-participant", {"code": "P01"}, "corrected since: code<"),
        ("correct-participant", {"group": "DM"}, "corrected since: group<"),
        ("correct-participant", {"autoantibody": "Mi-2"}, None),
        ("correct-mris", {"code": "M01"}, "corrected since: MRI code<"),
    ],
)
def test_what_is_called_otherwise_than_when_it_was_signed_is_shown(client, study, mri, name, values, words):
    make_signed_off_read(mri=mri)
    if "group" in values:
        values = {"group": str(study.groups.get(code="DM").pk)}
    if name == "correct-mris":
        values = {f"code-{mri.pk}": "M01"}

    assert correct(client, name, mri.participant, **values).status_code == 302
    later = make_signed_off_read(mri=mri)

    page = page_of(client, mri.participant)
    assert page.count("corrected since") == (words is not None)
    assert words is None or words in page
    assert later.reader.username in page


@pytest.mark.usefixtures("me")
def test_what_was_corrected_before_a_file_brought_a_read_in_is_not_since(client, mri):
    with because("a slip"):
        Participant.objects.filter(pk=mri.participant_id).update(code="P01")
    long_ago = timezone.now() - timedelta(days=900)
    read = make_read(mri=mri, scores=[1] * 11, imported_at=timezone.now(), handed_out=False)
    type(read).objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_at=long_ago, signed_off_by=read.reader, sign_off_meaning="brought in"
    )

    assert "corrected since" not in page_of(client, mri.participant)


@pytest.mark.usefixtures("me")
def test_trail_of_a_participant_has_their_reads_and_nobody_elses(client, study, mri):
    read = make_read(mri=mri)
    other = make_read(study=study)

    page = text_of(client.get(reverse("trail", args=[study.slug]), {"participant": mri.participant_id}))

    assert "Only one participant is shown" in page
    assert f"P1 · M1 · {read.reader.username}" in page
    assert other.mri.code not in page


@pytest.mark.parametrize(("stored", "shown"), [(120.5, "120.5 U/L"), (7000, "7000 U/L"), (0.125, "0.125 U/L")])
def test_measured_values_have_no_decimals_that_they_do_not_need(client, study, coordinator, stored, shown):
    client.force_login(coordinator)
    participant = make_participant(study, ck_u_per_l=stored)

    page = client.get(reverse("participant", args=[study.slug, participant.pk])).content.decode()

    assert f"<dd>{shown}</dd>" in page
