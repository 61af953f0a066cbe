"""Coordinators invite people and change roles themselves, within what blinding and the database allow."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading.models import Member, TrailRecord
from tests.builders import make_member, make_read, make_study, make_user

pytestmark = pytest.mark.django_db

GOOD = "a-good-password-1"


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def post(client, study):
    def post(name, *more, **data):
        return client.post(reverse(name, args=[study.slug, *more]), data)

    return post


def role_in(study, username):
    return study.members.filter(user__username=username).values_list("role", flat=True).first()


def routes(study):
    member = make_member(study)
    names = ["change-role", "remove-member", "new-link", "end-member-sessions"]
    paths = [reverse(name, args=[study.slug, member.pk]) for name in names]
    return [*paths, *(reverse(name, args=[study.slug]) for name in ("invite", "add-member"))]


# Who may


@pytest.mark.parametrize("role", ["reader", "investigator", None])
def test_others_are_refused(client, study, role):
    client.force_login(make_member(study, role).user if role else make_user())

    for path in routes(study):
        assert client.post(path).status_code == (403 if role else 404)
    assert client.get(reverse("members", args=[study.slug])).status_code == (403 if role else 404)


def test_anonymous_is_sent_to_sign_in(client, study):
    for path in routes(study):
        assert client.post(path).url == f"{reverse('login')}?next=/"


@pytest.mark.usefixtures("me")
def test_other_methods_are_refused(client, study):
    for path in routes(study):
        assert client.get(path).status_code == 405
    assert client.post(reverse("members", args=[study.slug])).status_code == 405


@pytest.mark.usefixtures("me")
def test_member_of_another_study_does_not_exist_here(post):
    other = make_member(make_study())

    for name in ("change-role", "remove-member", "new-link"):
        assert post(name, other.pk, role="investigator").status_code == 404
    assert Member.objects.get(pk=other.pk).role == "reader"


# Inviting


@pytest.mark.usefixtures("me")
def test_invited_person_gets_a_link_that_opens_the_account_once(client, study, post):
    page = post("invite", username="anna", full_name="Anna Maria Muster", role="reader").content.decode()

    link = page.split("data-link>")[1].split("<")[0]
    path = link[link.index("/accounts/") :]
    client.logout()
    form = client.get(path).url
    assert "For the account <strong>anna</strong>" in client.get(form).content.decode()
    client.post(form, {"new_password1": GOOD, "new_password2": GOOD})
    assert client.get(reverse("home")).url == reverse("worklist", args=[study.pk])
    assert "used already" in client.get(path, follow=True).content.decode()
    anna = get_user_model().objects.get(username="anna")
    assert (anna.first_name, anna.last_name) == ("Anna Maria", "Muster")


@pytest.mark.usefixtures("me")
def test_link_is_shown_once_and_not_cached(client, study, post):
    response = post("invite", username="anna", full_name="", role="reader")

    assert response.headers["Cache-Control"] == "no-store"
    assert "/accounts/set-password/" not in client.get(reverse("members", args=[study.slug])).content.decode()


@pytest.mark.parametrize("username", ["ann", "Ann", "", "a b", "x" * 151, "a\x00b"])
@pytest.mark.usefixtures("me")
def test_name_that_cannot_be_had_is_refused_in_words(study, post, username):
    make_user("ann")

    response = post("invite", username=username, full_name="", role="reader")

    assert response.status_code == 422
    assert "errors" in response.content.decode()
    assert study.members.count() == 1


@pytest.mark.usefixtures("me")
def test_role_that_does_not_exist_is_refused(study, post):
    assert post("invite", username="anna", role="owner").status_code == 422
    assert not get_user_model().objects.filter(username="anna").exists()


# Adding


@pytest.mark.usefixtures("me")
def test_somebody_with_an_account_is_added_without_a_link(study, post, client):
    make_user("ann")

    response = post("add-member", username="ann", role="investigator")

    assert response.url == reverse("members", args=[study.slug])
    assert role_in(study, "ann") == "investigator"
    assert "set-password" not in client.get(response.url).content.decode()


@pytest.mark.usefixtures("me")
def test_nobody_and_closed_accounts_look_alike(post):
    closed = make_user("closed")
    closed.is_active = False
    closed.save()

    answers = [post("add-member", username=name, role="reader").content.decode() for name in ("closed", "nobody")]

    assert all("No account that can be added has that username." in answer for answer in answers)


@pytest.mark.usefixtures("me")
def test_second_role_is_refused(study, post, reader):
    response = post("add-member", username=reader.username, role="investigator")

    assert response.status_code == 422
    assert "is reader of this study already" in response.content.decode()


# Changing and removing


@pytest.mark.usefixtures("me")
def test_reader_without_reads_becomes_investigator(study, post, reader):
    post("change-role", study.members.get(user=reader).pk, role="investigator", confirmed="yes")

    assert role_in(study, reader.username) == "investigator"


@pytest.mark.parametrize("name", ["change-role", "remove-member"])
@pytest.mark.usefixtures("me")
def test_reader_with_reads_stays_one(study, post, reader, name):
    make_read(study=study, reader=reader)

    response = post(name, study.members.get(user=reader).pk, role="investigator")

    assert response.status_code == 422
    assert "has reads in this study" in response.content.decode()
    assert role_in(study, reader.username) == "reader"


@pytest.mark.usefixtures("me")
def test_who_has_seen_the_groups_becomes_no_reader(study, post, investigator):
    response = post("change-role", study.members.get(user=investigator).pk, role="reader")

    assert response.status_code == 422
    assert "must be blind" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [("change-role", "is a reader now, and becomes an investigator"), ("remove-member", "finds nothing")],
)
@pytest.mark.usefixtures("me")
def test_what_will_happen_is_shown_before_somebody_is_removed_or_changed(study, post, reader, name, words):
    page = post(name, study.members.get(user=reader).pk, role="investigator").content.decode()

    assert words in page
    assert "Reason (optional)" in page
    assert role_in(study, reader.username) == "reader"


@pytest.mark.parametrize(("name", "operation"), [("change-role", "update"), ("remove-member", "delete")])
@pytest.mark.parametrize("reason", ["", "Invited by mistake."])
def test_reason_may_be_given_and_stands_in_the_trail(study, post, reader, me, name, operation, reason):
    post(name, study.members.get(user=reader).pk, role="investigator", confirmed="yes", reason=reason)

    record = TrailRecord.objects.get(table="grading_member", operation=operation)
    assert (record.reason, record.actor) == (reason, me)


@pytest.mark.parametrize("name", ["change-role", "remove-member"])
def test_nobody_changes_their_own_role(study, post, me, name):
    response = post(name, study.members.get(user=me).pk, role="investigator")

    assert response.status_code == 422
    assert role_in(study, me.username) == "coordinator"


@pytest.mark.usefixtures("me")
def test_removed_member_reaches_nothing_and_keeps_the_account(study, post, investigator, client):
    post("remove-member", study.members.get(user=investigator).pk, confirmed="yes")

    client.force_login(investigator)
    assert client.get(reverse("comparison", args=[study.slug])).status_code == 404


# A link made anew


@pytest.mark.usefixtures("me")
def test_expired_invitation_is_made_anew(study, post):
    post("invite", username="anna", role="reader", full_name="")

    response = post("new-link", study.members.get(user__username="anna").pk)

    assert "/accounts/set-password/" in response.content.decode()


@pytest.mark.usefixtures("me")
def test_account_in_use_or_of_two_studies_gets_no_link_from_a_coordinator(study, post, reader):
    """It would open the account, with the roles that it has elsewhere."""
    post("invite", username="anna", role="reader", full_name="")
    anna = study.members.get(user__username="anna")
    make_member(make_study(), "investigator", anna.user)

    answers = [post("new-link", anna.pk), post("new-link", study.members.get(user=reader).pk)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not any("set-password" in answer.content.decode() for answer in answers)


@pytest.mark.usefixtures("me")
def test_page_takes_no_more_queries_for_more_members(client, study):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("members", args=[study.slug])).status_code == 200
        return len(captured)

    few = queries()
    for _ in range(5):
        make_member(study)

    assert queries() == few


# The address in links ------------------------------------------------------------------------------------------------


def link_of(client, study, username: str, **headers) -> str:
    form = {"username": username, "full_name": "", "role": "reader"}
    page = client.post(reverse("invite", args=[study.slug]), form, headers=headers).content.decode()
    return re.search(r"<code data-link>(.*?)</code>", page)[1]


@pytest.mark.parametrize("host", ["testserver:8412", "testserver", "localhost:8123"])
def test_link_has_host_and_port_that_the_browser_asks(client, study, settings, coordinator, host):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    client.force_login(coordinator)

    assert link_of(client, study, "anna", host=host).startswith(f"http://{host}/accounts/")


PROXY = {"host": "web:8000", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"x-forwarded-host": "mri.example.org"}, "https://mri.example.org"),
        ({"x-forwarded-host": "mri.example.org:8443"}, "https://mri.example.org:8443"),
        ({"x-forwarded-host": "mri.example.org", "x-forwarded-port": "8443"}, "https://mri.example.org:8443"),
        ({"x-forwarded-host": "mri.example.org", "x-forwarded-port": "443"}, "https://mri.example.org"),
        ({"x-forwarded-host": "mri.example.org, inner.example.org"}, "https://mri.example.org"),
        ({"host": "mri.example.org", "x-forwarded-port": "8443"}, "https://mri.example.org:8443"),
        ({"host": "mri.example.org"}, "https://mri.example.org"),
        ({"host": "mri.example.org", "x-forwarded-host": "evil.example.com"}, "https://mri.example.org"),
    ],
)
def test_link_has_what_the_proxy_was_asked(client, study, settings, coordinator, headers, address):
    settings.ALLOWED_HOSTS = ["web", "mri.example.org"]
    settings.BEHIND_PROXY, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    client.force_login(coordinator)

    assert link_of(client, study, "anna", **PROXY | headers).startswith(f"{address}/accounts/")


def test_forwarded_host_counts_for_nothing_without_a_trusted_proxy(client, study, settings, coordinator):
    settings.ALLOWED_HOSTS = ["testserver", "mri.example.org"]
    client.force_login(coordinator)

    link = link_of(client, study, "anna", **{"x-forwarded-host": "mri.example.org", "x-forwarded-port": "1"})

    assert link.startswith("http://testserver/accounts/")


def test_address_that_is_set_goes_before_all_others(client, study, settings, coordinator):
    settings.SITE_URL, settings.SITE_URL_IS_SET = "https://thighs.example.org", True
    client.force_login(coordinator)

    assert link_of(client, study, "anna", host="testserver:8412").startswith("https://thighs.example.org/accounts/")


# Links by mail


@pytest.mark.usefixtures("me")
def test_link_is_mailed_where_the_site_can_and_sent_anew(client, study, post, settings, mailoutbox):
    settings.SENDS_MAIL = True
    settings.DEFAULT_FROM_EMAIL = "thighsite@example.org"
    study.reader_title = "Thighs"
    study.save()

    invited = post("invite", username="anna", role="investigator", email="anna@example.org").content.decode()
    anna = study.members.get(user__username="anna")
    again = post("new-link", anna.pk).content.decode()

    links = [page.split("data-link>")[1].split("<")[0] for page in (invited, again)]
    assert [(mail.to, mail.from_email) for mail in mailoutbox] == [(["anna@example.org"], "thighsite@example.org")] * 2
    assert [link in mail.body for link, mail in zip(links, mailoutbox, strict=True)] == [True, True]
    assert not any(study.title in mail.body + mail.subject for mail in mailoutbox)
    assert "The link was sent to anna@example.org." in again
    until = re.search(r"once, until (\S+ \S+) UTC", again)[1]
    assert f"once, until {until} UTC" in mailoutbox[1].body
    assert f"link until {until} UTC" in client.get(reverse("members", args=[study.slug])).content.decode()


@pytest.mark.usefixtures("me")
def test_mail_server_that_is_away_costs_nobody_their_link(client, study, post, settings):
    assert "E-mail" not in client.get(reverse("members", args=[study.slug])).content.decode()
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    page = post("invite", username="anna", role="reader", email="anna@example.org").content.decode()

    assert "could not be sent to anna@example.org" in page
    path = page.split("data-link>")[1].split("<")[0]
    client.logout()
    assert client.get(path[path.index("/accounts/") :]).status_code == 302
