"""Every sign-in is in the trail, and the trail is only added to."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.builders import make_user
from tests.thighsite.sign_in.people import code_now, give_app, give_password, sign_in
from thighsite.sign_in.models import SignInEvent

pytestmark = pytest.mark.django_db


def lines() -> list[tuple]:
    return list(SignInEvent.objects.order_by("pk").values_list("kind", "username", "detail"))


def test_sign_in_and_sign_out_are_recorded(client):
    user = make_user("ann")

    give_password(client, "ann", headers={"user-agent": "Browser/1"})
    client.post(reverse("logout"))

    assert lines() == [("signed_in", "ann", "password"), ("signed_out", "ann", "")]
    first = SignInEvent.objects.earliest("pk")
    assert (first.user_id, first.address, first.browser) == (user.pk, "127.0.0.1", "Browser/1")


def test_second_factor_is_recorded(client):
    user = make_user("ann")
    give_app(user)
    page = give_password(client, "ann").url

    client.post(page, {"code": "000000"})
    client.post(page, {"code": code_now()})

    assert lines() == [
        ("second_factor_refused", "ann", "authenticator app"),
        ("second_factor", "ann", "authenticator app"),
        ("signed_in", "ann", "password and authenticator app"),
    ]


def test_refusal_of_a_known_account_names_it(client):
    make_user("ann")

    give_password(client, "ann", "wrong")

    assert lines() == [("refused", "ann", "password")]


def test_password_typed_as_a_name_is_not_kept(client):
    give_password(client, "my-secret-password", "x")
    give_password(client, "my-secret-password", "x")

    first, second = SignInEvent.objects.values("username", "unknown_name", "detail")
    assert first["username"] == ""
    assert first["unknown_name"] == second["unknown_name"]
    assert "secret" not in str(first)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE sign_in_signinevent SET username = ''", "DELETE FROM sign_in_signinevent", "TRUNCATE sign_in_signinevent"],
)
def test_database_refuses_to_change_the_trail(client, statement):
    sign_in(client, make_user())

    with (
        pytest.raises(DatabaseError, match=r"permission denied|only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert SignInEvent.objects.count() == 1


def test_deleting_an_account_leaves_its_lines(client):
    user = make_user("ann")
    sign_in(client, user)

    user.delete()

    assert SignInEvent.objects.get().username == "ann"


def test_site_admins_read_the_trail_and_cannot_write_it(client):
    admin = make_user()
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    page = reverse("admin:sign_in_signinevent_changelist")

    assert client.get(page).status_code == 200
    assert client.get(reverse("admin:sign_in_signinevent_add")).status_code == 403
    client.post(page, {"action": "delete_selected", "_selected_action": [SignInEvent.objects.get().pk], "post": "yes"})
    assert SignInEvent.objects.count() == 1
