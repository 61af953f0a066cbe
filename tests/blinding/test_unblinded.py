"""Who has opened what shows the groups never becomes a reader, by whatever way; who has not, can."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading.models import Member, TrailRecord, Unblinded
from grading.roles import ROLES
from grading.services.unblinding import note_unblinded
from tests.builders import make_member, make_study, make_unblinded, make_user
from tests.grading.test_saving import while_locked
from tests.site_urls import site_urls
from thighsite.acting import because

pytestmark = pytest.mark.django_db

SEEING = [role.code for role in ROLES if role.sees_groups]


@pytest.fixture(params=SEEING)
def former(request, study):
    """Somebody who has opened the study, and was taken out of it again."""
    member = make_unblinded(make_member(study, request.param))
    member.delete()
    return member.user


def refused(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value)


def test_database_refuses_who_left_and_comes_back(study, former):
    assert "must be blind" in refused(lambda: make_member(study, "reader", former))
    make_member(make_study(), "reader", former)  # of another study they saw nothing


@pytest.mark.parametrize("role", SEEING)
def test_database_refuses_a_change_of_role_or_of_person(study, role):
    member, reader = make_unblinded(make_member(study, role)), make_member(study)
    user = member.user

    assert "must be blind" in refused(lambda: Member.objects.filter(pk=member.pk).update(role="reader"))
    member.delete()
    assert "must be blind" in refused(lambda: Member.objects.filter(pk=reader.pk).update(user=user))


def test_coordinators_page_says_why(client, study, coordinator, former):
    client.force_login(coordinator)

    response = client.post(reverse("add-member", args=[study.slug]), {"username": former.username, "role": "reader"})

    assert response.status_code == 422
    assert "may have seen the groups" in response.content.decode()


def test_command_says_why(study, former):
    with pytest.raises(CommandError, match="may have seen the groups") as error:
        call_command("add_member", former.username, study=study.slug, role="reader")

    assert error.value.returncode == 1


def test_admin_says_why(client, django_user_model, study, former):
    client.force_login(django_user_model.objects.create_superuser("root"))

    response = client.post(
        reverse("admin:grading_member_add"), {"study": study.pk, "user": former.pk, "role": "reader"}
    )

    assert "may have seen the groups" in response.content.decode()
    assert not study.members.filter(user=former).exists()


def test_what_was_seen_cannot_be_unwritten(study, former):
    for act in (lambda: Unblinded.objects.all().delete(), lambda: Unblinded.objects.update(role="reader")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert TrailRecord.objects.filter(table="grading_unblinded", operation="insert", study=study).exists()


def test_site_admin_is_no_reader_and_no_reader_becomes_one(client, django_user_model, study, reader):
    root = django_user_model.objects.create_superuser("root")

    assert "site admin" in refused(lambda: make_member(study, "reader", root))
    assert "site admin" in refused(lambda: django_user_model.objects.filter(pk=reader.pk).update(is_staff=True))
    client.force_login(root)
    form = {"username": reader.username, "is_active": "on", "is_staff": "on", "date_joined_0": "2026-01-01"}
    path = reverse("admin:auth_user_change", args=[reader.pk])
    answer = client.post(path, form | {"date_joined_1": "00:00:00"})
    assert "must be blind to the groups" in answer.content.decode()


def test_title_that_names_a_group_is_refused(client, study, coordinator):
    client.force_login(coordinator)
    path = reverse("study-settings", args=[study.slug])

    answers = [client.post(path, {"reader_title": title}).status_code for title in ("Thighs in dm", "Admiral")]

    assert answers == [422, 302]
    study.refresh_from_db()
    assert study.title_for_readers == "Admiral"


def test_study_with_members_can_still_be_deleted(study, investigator):
    study.delete()

    assert Unblinded.objects.filter(user=investigator).exists()
    assert make_user()


# Nothing was seen yet ------------------------------------------------------------------------------------------------


def test_wrong_invitation_is_put_right_while_nothing_was_seen(client, study, coordinator):
    """B5: invited as investigator by mistake, never signed in."""
    client.force_login(coordinator)
    client.post(reverse("invite", args=[study.slug]), {"username": "anna", "role": "investigator"})
    anna = study.members.get(user__username="anna")

    answer = client.post(
        reverse("change-role", args=[study.slug, anna.pk]), {"role": "reader", "confirmed": "yes"}, follow=True
    )

    assert "anna is now a reader of this study." in answer.content.decode()
    assert not Unblinded.objects.filter(user=anna.user).exists()


@pytest.mark.parametrize("role", SEEING)
def test_who_opened_the_study_is_noted_once_and_at_no_further_cost(client, study, role):
    member = make_member(study, role)
    client.force_login(member.user)
    path = client.get(reverse("home")).url

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return [query["sql"] for query in captured]

    assert list(study.unblinded.values_list("user", "role")) == [(member.user.pk, role)]
    assert not any("grading_note_unblinded" in sql for sql in queries())
    record = TrailRecord.objects.get(table="grading_unblinded")
    assert (record.actor, record.source) != (None, "")
    assert "must be blind" in refused(lambda: Member.objects.filter(pk=member.pk).update(role="reader"))


def study_urls():
    """Every URL that names a study, with what it takes; those of readers are not among them."""
    return [url for url in site_urls() if url.route.startswith(("/studies/<", "/open/"))]


@pytest.mark.parametrize("url", study_urls(), ids=lambda url: url.route)
def test_every_page_of_those_who_see_the_groups_notes_it(client, study, url):
    values = {"slug": [study.slug], "pk": [str(study.pk)], "name": ["boxplots"], "form": ["svg"], "number": ["0"]}
    path = next(url.paths(values))
    answers = {}
    for role in SEEING:
        user = make_member(study, role).user
        client.force_login(user)
        for method in ("GET", "POST"):
            status = client.generic(method, path).status_code
            noted = Unblinded.objects.filter(study=study, user=user).exists()
            answers[role, method] = (status in (403, 405), noted)

    for role in SEEING:
        refused_first, noted_first = answers[role, "GET"]
        refused_then, noted_then = answers[role, "POST"]
        assert noted_first != refused_first
        assert noted_then == (not refused_first or not refused_then)
    assert any(noted for _, noted in answers.values())


def test_study_that_was_not_opened_is_listed_under_the_readers_title(client, study, reader):
    other = make_study()
    member = make_member(other, "investigator", user=reader)
    client.force_login(reader)

    page = client.get(reverse("home")).content.decode()

    assert other.title not in page
    assert other.slug not in page
    assert "You have not opened this study yet" in page
    assert not Unblinded.objects.filter(user=reader).exists()

    opened = client.get(reverse("open-study", args=[other.pk]))
    assert opened.url == reverse("comparison", args=[other.slug])
    assert Unblinded.objects.filter(study=other, user=member.user).exists()
    assert other.title in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("name", ["admin:grading_study_changelist", "admin:grading_member_changelist"])
def test_site_admin_who_is_shown_studies_is_noted_for_each(client, django_user_model, study, name):
    root, other = django_user_model.objects.create_superuser("root"), make_study()
    client.force_login(root)
    client.get(reverse("admin:index"))
    assert not Unblinded.objects.exists()

    client.get(reverse(name))

    assert set(Unblinded.objects.values_list("study", "user", "role")) == {
        (each.pk, root.pk, "site admin") for each in (study, other)
    }
    django_user_model.objects.filter(pk=root.pk).update(is_staff=False, is_superuser=False)
    assert "must be blind" in refused(lambda: make_member(study, "reader", root))


def test_procedure_notes_nobody_who_sees_no_groups(study, reader):
    stranger, suspended = make_user(), make_member(study, "investigator")
    with because("Leaves."):
        Member.objects.filter(pk=suspended.pk).update(suspended_at=timezone.now())

    assert [note_unblinded(user, study.pk) for user in (reader, stranger, suspended.user)] == [False] * 3
    assert not Unblinded.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_becomes_a_reader_at_the_moment_of_opening_is_shown_nothing(client):
    member = make_member(make_study(), "investigator")
    client.force_login(member.user)

    def become_reader():
        Member.objects.filter(pk=member.pk).update(role="reader")

    path = reverse("comparison", args=[member.study.slug])
    response = while_locked(member, become_reader, lambda: client.get(path))

    assert response.status_code == 404
    assert not Unblinded.objects.exists()
