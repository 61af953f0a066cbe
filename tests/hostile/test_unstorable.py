"""NUL and halves of characters, in every text of every form, in JSON, addresses and headers: refused in words."""

import json

import pytest

from tests.hostile.forms import FORMS, Form
from tests.hostile.generated import as_bytes
from tests.hostile.hostile_study import set_stage
from tests.hostile.routes import routes
from tests.hostile.test_generated_requests import taken_back
from tests.made_once import made_once

ROUTES = {route.name: route for route in routes()}
SPOILT = ["\x00", "a\x00b", "fluid \ud83d here", "\udfff"]
pytestmark = pytest.mark.django_db

stage = made_once(set_stage)


def as_form(fields: dict) -> tuple[bytes, str]:
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + as_bytes(value) + b"\r\n"
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--x--\r\n", "multipart/form-data; boundary=x"


def as_json(fields: dict) -> tuple[bytes, str]:
    return json.dumps(fields).encode(), "application/json"


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_text_of_every_form(stage, name):
    form: Form = FORMS[name]
    send = as_json if form.json else as_form
    fields = form.fields or {"any": ""}

    for field in fields:
        for spoilt in SPOILT:
            body, kind = send(fields | {field: spoilt})
            with taken_back():
                answer = stage.clients["reader"].generic("POST", stage.path(ROUTES[name]), body, kind)
            assert answer.status_code == 422, (name, field, spoilt)
            assert "delete it, and type it anew" in answer.content.decode(), (name, field, spoilt)


@pytest.mark.parametrize("spoilt", ["\x00", "\ud83d"])
@pytest.mark.parametrize("field", ["credential", "seen"])
def test_json_inside_a_form(stage, field, spoilt):
    body, kind = as_form({field: json.dumps({"response": [{"userHandle": spoilt}]})})

    answer = stage.clients["reader"].generic("POST", "/session/renew/", body, kind)

    assert answer.status_code == 422
    assert "delete it, and type it anew" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/?q=%00", 422), ("/accounts/login/?next=/%00", 422), ("/admin/auth/user/a%00/change/", 400)],
)
def test_addresses(stage, path, status):
    answer = stage.clients["site admin"].get(path)

    assert answer.status_code == status
    assert "NUL character" in answer.content.decode()


def test_headers(stage):
    answer = stage.clients["reader"].get("/", headers={"User-Agent": "a\x00b"})

    assert answer.status_code == 400
    assert "NUL character" in answer.content.decode()


@pytest.mark.parametrize("whole", ["\U0001f9b5", "\\u0000 as somebody may write of it", '"quoted"'])
def test_what_can_be_stored_is_not_refused(stage, whole):
    body, kind = as_json({"comment": whole})

    with taken_back():
        answer = stage.clients["reader"].generic("POST", stage.path(ROUTES["describe-read"]), body, kind)

    assert answer.status_code == 200
    assert answer.json()["comment"] == whole
