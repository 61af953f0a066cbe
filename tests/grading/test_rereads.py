"""Re-reads: drawn, postponed by the wash-out, in a new order, and blind to the first read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import Read
from tests.builders import make_signed_off_read
from tests.grading.assigning import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_cases(study, reader):
    return [make_signed_off_read(study=study, reader=reader) for _ in range(10)]


def assign(study, reader, share=1.0):
    return services.assign_rereads(study=study, readers=[reader], share=share, seed=3)


def wash_out_is_over(study):
    Read.objects.filter(study=study).filter(occasion=2).update(available_at=timezone.now() - timedelta(days=1))


def test_share_is_rounded_up_and_drawn_from_signed_off_first_reads(study, reader, read_cases):
    assigned = assign(study, reader, share=0.25)

    assert len(assigned) == 3
    assert {read.occasion for read in assigned} == {2}
    assert {read.mri_id for read in assigned} <= {read.mri_id for read in read_cases}
    assert sorted(read.position for read in assigned) == [11, 12, 13]


def test_share_of_a_whole_number_is_that_number(study, reader):
    """28 % of 25 are 7: as a float 0.28 * 25 is a little more, which is not 8."""
    for _ in range(25):
        make_signed_off_read(study=study, reader=reader)

    assert len(assign(study, reader, share=28 / 100)) == 7


def test_share_counts_what_was_assigned_before(study, reader, read_cases):
    assign(study, reader, share=0.3)

    assert assign(study, reader, share=0.3) == []
    assert len(assign(study, reader, share=0.5)) == 2


def test_order_is_a_new_one(study, reader, read_cases):
    again = [read.mri_id for read in sorted(assign(study, reader), key=lambda read: read.position)]

    assert sorted(again) == sorted(read.mri_id for read in read_cases)
    assert again != [read.mri_id for read in read_cases]


@pytest.mark.parametrize("share", [0, -1, 1.01])
def test_impossible_share_is_refused(study, reader, share):
    with pytest.raises(ValueError, match="above 0"):
        assign(study, reader, share=share)


def test_reread_comes_up_after_the_wash_out(client, study, reader, read_cases):
    reread = assign(study, reader, share=0.1)[0]
    client.force_login(reader)
    path = reverse("read", args=[reread.pk])

    early, list_early = client.get(path), client.get(reverse("worklist", args=[study.pk]))
    wash_out_is_over(study)
    late, list_late = client.get(path), client.get(reverse("worklist", args=[study.pk]))

    assert (early.status_code, late.status_code) == (404, 200)
    assert "1 more comes up" in list_early.content.decode()
    assert f"Case {reread.code}" in list_late.content.decode()
    assert "11 of 11" in late.content.decode()
    assert reread.available_at - reread.mri.reads.get(occasion=1).signed_off_at == timedelta(days=28)


def test_reread_shows_nothing_of_the_first(client, study, reader, read_cases):
    reread = assign(study, reader, share=0.1)[0]
    wash_out_is_over(study)
    client.force_login(reader)

    page = client.get(reverse("read", args=[reread.pk])).content.decode()

    assert " checked" not in page.split('data-cell="VL"')[1].split("</form>")[0]
    assert "re-read" not in page + client.get(reverse("worklist", args=[study.pk])).content.decode()


def test_signed_off_cases_are_closed_while_rereads_are_due(client, study, reader, read_cases):
    client.force_login(reader)
    path = reverse("read", args=[read_cases[0].pk])
    assert 'value="1" checked' in client.get(path).content.decode()

    assign(study, reader, share=0.1)

    page = client.get(path).content.decode()
    assert "signed-off cases are closed" in page
    assert "checked" not in page


def test_coordinator_assigns_rereads_with_a_wash_out(client, study, reader, coordinator, read_cases):
    client.force_login(coordinator)

    form = {"readers": [reader.pk], "percent": 20, "wash_out_days": 90}
    confirmed(client, reverse("assign-rereads", args=[study.slug]), form)

    study.refresh_from_db()
    assert study.wash_out_days == 90
    first = Read.objects.get(mri=study.reads.filter(occasion=2).first().mri, occasion=1)
    assert study.reads.filter(occasion=2).count() == 2
    assert study.reads.filter(occasion=2).first().available_at == first.signed_off_at + timedelta(days=90)


@pytest.mark.parametrize("change", [{"percent": 0}, {"percent": 101}, {"wash_out_days": -1}, {"readers": []}])
def test_impossible_reread_form_says_so(client, study, reader, coordinator, change):
    client.force_login(coordinator)
    fields = {"readers": [reader.pk], "percent": 20, "wash_out_days": 28} | change

    response = client.post(reverse("assign-rereads", args=[study.slug]), fields)

    assert response.status_code == 422
    assert not study.reads.filter(occasion=2).exists()


def test_reread_waits_while_the_first_read_is_open(client, study, reader, coordinator, read_cases):
    """As long as its reader has taken the sign-off back, or a coordinator has opened it again."""
    reread = assign(study, reader, share=0.1)[0]
    wash_out_is_over(study)
    first = services.reopen(read=reread.mri.reads.get(occasion=1), by=coordinator, reason="A look.")
    client.force_login(reader)

    assert client.get(reverse("read", args=[reread.pk])).status_code == 404
    page = client.get(reverse("worklist", args=[study.pk])).content.decode()
    assert "1 left; 1 more comes up" in page
    assert "the next on" not in page
    assert reread.code not in page + client.get(reverse("reading-list", args=[study.pk])).content.decode()
    member = study.members.with_open_reads().get(user=reader)
    assert (member.open_reads, member.later_reads, member.next_at) == (1, 1, None)

    first = services.sign_off(first)
    reread.refresh_from_db()
    assert timedelta(0) <= reread.available_at - first.signed_off_at - timedelta(days=28) < timedelta(minutes=1)
    wash_out_is_over(study)
    assert client.get(reverse("read", args=[reread.pk])).status_code == 200
    member = study.members.with_open_reads().get(user=reader)
    assert (member.open_reads, member.later_reads) == (1, 0)
