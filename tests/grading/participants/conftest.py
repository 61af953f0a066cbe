"""A coordinator who is signed in, and whom they correct: a participant with an MRI, and another."""

import pytest

from tests.builders import make_mri, make_participant


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def participant(study):
    return make_participant(study, code="P1", sex="female", age_years=67)


@pytest.fixture
def mri(participant):
    return make_mri(participant, code="M1", days_since_first_mri=0)


@pytest.fixture
def other(study):
    return make_participant(study, code="P2", group="DM", sex="male")
