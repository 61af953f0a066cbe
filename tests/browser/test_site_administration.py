"""The site administration in a browser: a study's groups fit a window of 1280 pixels."""

import pytest
from django.contrib.auth.hashers import make_password

ADMIN = "administrator"


@pytest.fixture
def study_page(site, visit):
    """The administration's page of the demo's study, as a site admin sees it."""
    site.rows(
        "INSERT INTO auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, "
        "date_joined) VALUES (%s, %s, true, true, true, '', '', '', now()) ON CONFLICT DO NOTHING RETURNING id",
        ADMIN, make_password("thighsite-demo"),
    )  # fmt: skip
    (study,) = site.rows("SELECT id FROM grading_study WHERE slug = 'demo-complete'")[0]
    return visit(ADMIN, f"/admin/grading/study/{study}/change/")


def test_groups_of_a_study_fit_the_window(study_page):
    study_page.set_viewport_size({"width": 1280, "height": 900})

    table = study_page.locator("#groups-group")
    assert table.evaluate("part => part.scrollWidth <= part.clientWidth")
    assert study_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
