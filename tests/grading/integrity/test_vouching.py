"""The site vouches for what it writes: in its own sessions, for who is signed in, and after a change of keys."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from grading import services
from grading.models import Study, TrailRecord
from tests.builders import make_member, make_participant, make_read, make_signed_off_read, make_study, make_user
from tests.grading.integrity.connections import session
from tests.grading.integrity.worked_study import faults, signed_in, verified
from thighsite import acting
from thighsite.acting import SiteUnknown

pytestmark = pytest.mark.django_db(transaction=True)


def last(**chosen) -> TrailRecord:
    return TrailRecord.objects.filter(**chosen).latest("id")


def test_site_vouches_for_who_is_signed_in_and_for_its_commands(client):
    read = make_read()
    client.force_login(read.reader)
    sent = {"muscle": "VL", "side": "both", "score": 2}
    client.post(reverse("save-grade", args=[read.pk]), sent, content_type="application/json")
    call_command("assign_reads", study=read.study.slug)

    assert (last(table="grading_grade").actor, last(table="grading_grade").vouched) == (read.reader, True)
    assert (last(table="grading_study").actor_id, last(table="grading_study").vouched) == (None, True)
    assert set(TrailRecord.objects.values_list("vouched", flat=True)) == {True}


def test_proof_costs_no_statement_of_its_own(django_assert_num_queries):
    study = make_study()

    with django_assert_num_queries(1):
        Study.objects.filter(pk=study.pk).update(wash_out_days=3)

    assert last(table="grading_study").vouched is True


def test_proof_holds_for_its_person_alone():
    read = make_read()
    proof = acting._said(read.reader_id, "", connection.trail_session)
    with connection.cursor() as cursor:
        raw = cursor.cursor  # of the site's own session, past what names the actor
        for actor in (read.reader_id, read.reader_id + 1):
            raw.execute(f"BEGIN; {proof}; SELECT set_config('thighsite.actor', '{actor}', true)")
            raw.execute("UPDATE grading_read SET comment = comment || 'x' WHERE id = %s", [read.pk])
            raw.execute("COMMIT")

    vouched = TrailRecord.objects.filter(table="grading_read", operation="update").order_by("id")
    assert list(vouched.values_list("actor_id", "vouched")) == [(read.reader_id, True), (read.reader_id + 1, False)]


def test_proof_ends_with_its_transaction():
    read = make_read()
    Study.objects.filter(pk=read.study_id).update(title="by the site")
    with connection.cursor() as cursor:
        cursor.cursor.execute("UPDATE grading_study SET title = 'by somebody else'")

    assert last(table="grading_study").vouched is False


def test_connection_that_is_made_anew_is_vouched_for():
    study = make_study()
    before = connection.trail_session
    connection.close()
    make_participant(study)

    assert last(table="grading_participant").vouched is True
    assert connection.trail_session not in ("", before)


def test_keys_of_before_count_while_they_are_fallbacks():
    study, former = make_study(), settings.SECRET_KEY
    other = "another-secret-of-fifty-characters-or-more-for-this-one-test-0123"
    try:
        with override_settings(SECRET_KEY=other, SECRET_KEY_FALLBACKS=[former]):
            call_command("migrate", verbosity=0)
            make_participant(study)
        by_new = last(table="grading_participant").vouched
        make_participant(study)  # by a process that has not been started anew
        by_former = last(table="grading_participant").vouched
        with override_settings(SECRET_KEY=other):
            call_command("migrate", verbosity=0)
        with pytest.raises(SiteUnknown, match="SECRET_KEY_FALLBACKS"):
            make_participant(study)
    finally:
        call_command("migrate", verbosity=0, forget_former_key=True)

    assert (by_new, by_former) == (True, True)


def test_page_of_the_trail_marks_what_is_not_the_sites(client):
    participant = make_participant(make_study())
    client.force_login(make_member(participant.study, "coordinator").user)
    page = reverse("trail", args=[participant.study.slug])
    assert "not by the site" not in client.get(page).content.decode()

    with session() as other:
        other.execute("SELECT set_config('thighsite.reason', 'typing slip', true)")
        other.execute("UPDATE grading_participant SET age_years = 40")

    assert "not by the site" in client.get(page).content.decode()


def test_what_the_owner_changed_at_the_database_is_told_and_no_fault():
    participant = make_participant(make_study())
    with session(as_owner=True) as owner:
        owner.execute("SELECT set_config('thighsite.reason', 'typing slip', true)")
        owner.execute("UPDATE grading_participant SET age_years = 40")

    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")
    said = verified(participant.study)
    assert f"1 change was made at the database itself, by psql as {connection.owner['USER']}, the last on " in said


def test_what_the_owner_changed_of_the_groups_of_an_account_is_told_and_no_fault(study, coordinator):
    """A record of a change names what changed, not whose the row is."""
    groups = [Group.objects.create(name=name) for name in ("helpdesk", "archive")]
    coordinator.groups.add(groups[0])

    with session(as_owner=True) as owner:
        owner.execute("UPDATE auth_user_groups SET group_id = %s", [groups[1].pk])
        owner.execute("UPDATE auth_user_groups SET user_id = %s", [make_user().pk])

    assert faults(study) == ""


def test_reopening_that_the_site_writes_for_another_is_reported():
    """Who reopens is who is signed in, whatever a program writes beside it."""
    read = make_signed_off_read()
    carl, other = (make_member(read.study, "coordinator").user for _ in range(2))

    signed_in(other, lambda: services.reopen(read=read, by=carl, reason="wrong thigh"))

    assert f"reopened in the name of {carl.username}, by somebody else" in faults(read.study)
