"""The interface does what its OpenAPI description says, whatever it is sent: asked by schemathesis."""

import re

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from analysis.web.forms.question import QuestionForm
from tests.builders import make_member, make_mri, make_participant, make_signed_off_read, make_study, make_upload
from tests.made_once import made_once
from tests.thighsite.api.people import ask, token_of
from thighsite.api import urls
from thighsite.api.description import described

pytestmark = pytest.mark.django_db


def answer(environ, start_response):
    """The site as a WSGI application, within the transaction of the test."""
    response = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response


PLAIN = {"Accept-Encoding": "identity"}  # nothing takes a compressed answer apart here
EXAMPLES = 6  # of each operation
DESCRIBED = schemathesis.openapi.from_dict(described())
DESCRIBED.app = answer
NOT_HELD = [positive_data_acceptance]  # groups, readers and the like are the study's own
OPERATIONS = {f"{found.ok().method.upper()} {found.ok().path}": found.ok() for found in DESCRIBED.get_all_operations()}


class Scripts:
    """A study with data, a file that was looked at, and a token of each role."""

    def __init__(self):
        study = make_study()
        for group in ("IMNM", "DM") * 2:
            make_signed_off_read(study=study, mri=make_mri(make_participant(study, group=group)))
        members = [make_member(study, role) for role in ("coordinator", "investigator")]
        self.tokens = [token_of(member) for member in members]
        self.upload = make_upload(study, members[0].user)


scripts = made_once(Scripts)


def test_description_has_every_address_and_no_other(scripts):
    told = ask(scripts.tokens[0], "openapi.json").json()
    routes = (str(each.pattern) for each in urls.urlpatterns if str(each.pattern).startswith("api/"))

    assert told["openapi"].startswith("3.1")
    assert {re.sub(r"<uuid:(\w+)>", r"{\1}", f"/{route}") for route in routes} - told["paths"].keys() == {
        "/api/v1/openapi.json"
    }
    assert len(told["paths"]) == len(OPERATIONS) == 16
    assert all(operation.definition.raw["security"] for operation in OPERATIONS.values())
    asked = told["paths"]["/api/v1/comparison.json"]["get"]["parameters"]
    assert {each["name"] for each in asked} == QuestionForm.base_fields.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_fails_and_every_answer_is_as_described(scripts, name):
    operation = OPERATIONS[name]

    @settings(max_examples=EXAMPLES, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))
    def ask_generated(case):
        for token in scripts.tokens:
            case.call_and_validate(headers=PLAIN | {"Authorization": f"Bearer {token}"}, excluded_checks=NOT_HELD)

    ask_generated()
