"""From nothing to a study with a charter and a reader, in the browser alone."""

import re
import secrets

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SCRIPT = "**/short-name.*.js"
PASSWORD = "quite-another-horse"
GROUPS = (("IMNM", "Necrotizing"), ("DM", "Dermatomyositis"), ("ASYS", "Antisynthetase"))


@pytest.fixture
def creator(site) -> str:
    """Somebody without a study, whom a site admin lets set up studies."""
    username = f"marta-{secrets.token_hex(4)}"
    ((pk,),) = site.rows(
        "INSERT INTO auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, "
        "date_joined) VALUES (%s, %s, false, false, true, '', '', '', now()) RETURNING id",
        username,
        make_password("thighsite-demo"),
    )
    site.rows(
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) "
        "SELECT %s, id FROM auth_permission WHERE codename = 'add_study' RETURNING id",
        pk,
    )
    return username


def set_up(page) -> None:
    page.get_by_role("link", name="Set up a study").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Myositis: IMNM, DM & ASyS")
    expect(page.get_by_label("Short name")).to_have_value("myositis-imnm-dm-asys")
    page.get_by_label("Title for readers").fill("Thighs in motion")
    for number, (code, name) in enumerate(
        (("IMNM", "Necrotizing"), ("DM", "Dermatomyositis"), ("ASYS", "Antisynthetase"))
    ):
        page.get_by_label(f"Code, group {number + 1}").fill(code)
        page.get_by_label(f"Name, group {number + 1}").fill(name)
    page.get_by_label("Reference, group 2").check()
    page.get_by_role("combobox", name="Thighs").select_option("apart")
    page.get_by_label("hide the comparison").check()
    page.get_by_role("button", name="Set the study up").click()
    expect(page.get_by_text("is set up, and you are its coordinator.")).to_be_visible()


def test_coordinator_sets_up_a_study_and_invites_a_reader_by_link(visit, site, creator):
    page = visit(creator)
    set_up(page)

    page.get_by_role("link", name="Look at the settings and change them").click()
    expect(page.get_by_label("Reference, group 1")).to_be_checked()  # the reference stands first
    expect(page.get_by_label("Code, group 1")).to_have_value("DM")
    page.get_by_label("wash-out, in days").fill("14")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()

    page.get_by_role("link", name="Charter").click()
    expect(page.get_by_text("Wash-out before a re-read: 14 days")).to_be_visible()
    page.get_by_role("textbox", name="Rules for disagreement").fill("A third reader decides.")
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.locator("p.written")).to_have_text("A third reader decides.")

    page.get_by_role("link", name="Members").click()
    page.locator("#invite_username").fill("nora")
    page.get_by_role("button", name="Make a one-time link").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.locator("#link").inner_text()

    reader = visit(None, link)
    for field in reader.locator("input[type=password]").all():
        field.fill(PASSWORD)
    reader.get_by_role("button", name="Set password and sign in").click()
    expect(reader.get_by_role("heading", name="Your cases")).to_be_visible()
    reader.get_by_role("link", name="Charter").click()
    expect(reader.get_by_text("Thighs in motion · version 1")).to_be_visible()
    expect(reader.get_by_text("A third reader decides.")).to_be_visible()
    expect(reader.get_by_text(re.compile("IMNM|Dermatomyositis|ASYS"))).to_have_count(0)


def test_a_name_that_was_typed_before_the_script_came_has_its_short_name_too(visit, site, creator):
    page = visit(creator)
    held = []
    page.route(SCRIPT, lambda route: held.append(route))
    with page.expect_request(SCRIPT):
        page.get_by_role("link", name="Set up a study").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Thighs of München")
    assert page.get_by_label("Short name").input_value() == ""

    held.pop().continue_()

    expect(page.get_by_label("Short name")).to_have_value("thighs-of-munchen")
