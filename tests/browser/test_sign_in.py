"""Signing in as people do: passkeys, authenticator apps, recovery codes, sessions that end; under the policy."""

import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from grading.demo.load import PASSWORD
from tests.browser.axe import violations
from tests.browser.browser_windows import windows
from tests.browser.keyboard import beside, open_case
from tests.browser.servers import Server, demo_database
from tests.browser.studies import grades_of, make_reading_study
from tests.thighsite.sign_in.people import code_now

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
FAILURES = ("401 (", "422 (", "ERR_INTERNET_DISCONNECTED")


@pytest.fixture(scope="module")
def strict_site(static_files):
    """A demo that asks for second factors, as production does, and whose sessions end after three minutes."""
    server = Server(demo_database("thighsite_sign_in_tests"))
    server.environment |= {"SECOND_FACTOR_REQUIRED": "true", "SESSION_IDLE_MINUTES": "3"}
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_page(browser, strict_site):
    """Passkeys belong to names, not to addresses: localhost. A broken policy is an error in the console."""
    with windows(browser, f"http://localhost:{strict_site.port}", forgiven=FAILURES) as visit:
        yield visit


@pytest.fixture
def newcomer(strict_site):
    """A username with the password of the demo, whose role is given."""

    def make(role: str, study: str = "demo") -> str:
        username = f"{role}{time.monotonic_ns()}"
        strict_site.manage(["add_member", "--study", study, username, "--role", role, "--create"])
        strict_site.manage(
            ["shell", "-v0", "-c", "from django.contrib.auth import get_user_model as g\n"
             f"u = g().objects.get(username='{username}')\nu.set_password('{PASSWORD}')\nu.save()"]
        )  # fmt: skip
        return username

    return make


@pytest.fixture
def study(strict_site, newcomer):
    """Two cases of a reader who is new, and has no second factor."""
    study = make_reading_study(strict_site, cases=2)
    reader = newcomer("reader", study.slug)
    strict_site.manage(["assign_reads", "--study", study.slug, "--reader", reader])
    return replace(study, reader=reader)


def with_authenticator(page: Page) -> Page:
    """A key in the device, which answers at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def set_up_app(page: Page) -> str:
    """The key of the app, once it is set up; the page then shows the recovery codes."""
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("[data-secret]").inner_text()
    page.get_by_label("code").fill(code_now(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def give_password(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_passkey_is_registered_and_signs_in_without_a_password(open_page, newcomer, strict_site):
    username = newcomer("coordinator")
    page = with_authenticator(open_page(username))
    expect(page.get_by_text("Your role needs a second factor")).to_be_visible()

    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/studies/demo/data/")
    expect(page.get_by_role("heading", name="Data in and out")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Data in and out")).to_be_visible()

    kinds = strict_site.rows("SELECT kind, detail FROM sign_in_signinevent WHERE username = %s ORDER BY id", username)
    assert kinds[-1] == ("signed_in", "passkey")
    assert ("factor_added", "passkey") in kinds


def test_passkey_is_the_second_factor_after_a_password(open_page, newcomer):
    username = newcomer("investigator")
    page = with_authenticator(open_page(username))
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)

    give_password(page, username)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(re.compile("/studies/demo/comparison/"))


def test_open_page_says_that_signing_in_is_not_finished_in_another_window(open_page, newcomer):
    username = newcomer("coordinator")
    page = open_page(username)
    set_up_app(page)
    sign_out(page)
    other = beside(page)
    give_password(other, username)
    expect(other.get_by_role("heading", name="Second factor")).to_be_visible()

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("Signing in is not finished: in another window of this browser")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def test_authenticator_app_is_set_up_and_asked_for(open_page, newcomer):
    username = newcomer("coordinator")
    page = open_page(username)
    secret = set_up_app(page)
    spare = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Data in and out")).to_be_visible()
    sign_out(page)

    give_password(page, username)
    page.goto("/studies/demo/data/")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()  # the password alone opens nothing
    page.get_by_label("Code").fill("000000")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That code is not right.").first).to_be_visible()  # also in the summary at the top
    page.get_by_label("Code").fill(spare)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Data in and out")).to_be_visible()
    assert secret not in page.content()


def test_pages_are_usable_by_everybody(open_page, newcomer):
    username = newcomer("coordinator")
    page = open_page(username)
    found = [violations(page)]
    for path in ("/accounts/second-factor/app/", "/accounts/passkeys/add/"):
        page.goto(path)
        found.append(violations(page))
    page.goto("/accounts/security/")
    set_up_app(page)
    found.append(violations(page))
    paths = ("/accounts/security/", "/accounts/second-factor/codes/new/", "/accounts/second-factor/app/remove/")
    for path in (*paths, "/studies/demo/members/", "/accounts/logout/", "/accounts/password/"):
        page.goto(path)
        found.append(violations(page))
    page.get_by_role("button", name="Sign out").click()
    give_password(page, username)
    expect(page.get_by_label("Code")).to_be_visible()
    found.append(violations(page))

    assert found == [[]] * len(found)


# The grading page


def test_signing_in_again_in_place_asks_for_the_code_and_loses_nothing(open_page, study):
    page = open_page(study.reader, "/accounts/security/")
    set_up_app(page)
    spare = page.locator(".codes code").first.inner_text()
    page.goto(study.worklist)
    open_case(page)
    page.context.clear_cookies(name="sessionid")

    page.keyboard.press("2")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Code")).to_be_focused()
    assert grades_of(study, "VL") == "-"
    assert violations(page) == []
    dialog.get_by_label("Code").fill(spare)
    page.keyboard.press("Enter")

    expect(page.get_by_text("All saved")).to_be_visible()
    assert grades_of(study, "VL") == "2"


def test_signing_in_again_in_place_with_a_passkey(open_page, study):
    page = with_authenticator(open_page(study.reader, "/accounts/passkeys/add/"))
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(study.worklist)
    open_case(page)
    page.context.clear_cookies(name="sessionid")

    page.keyboard.press("3")
    page.get_by_role("dialog").get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("All saved")).to_be_visible()
    assert grades_of(study, "VL") == "3"


def test_unused_session_warns_and_stays_on_request(open_page, strict_site, study):
    """By the browser's clock the warning is due after a minute; the server's word decides."""
    page = open_page(None, "/accounts/login/")
    page.clock.install()
    give_password(page, study.reader)
    expect(page.locator("[data-session]")).to_have_count(1)
    page.wait_for_load_state()  # its script has run
    warning = page.get_by_role("alertdialog", name="Are you still there?")

    with page.expect_response("**/session/"):
        page.clock.run_for(61_000)
    expect(warning).to_be_hidden()  # the server knows of more time than the warning is for
    age_sessions(strict_site, study.reader, seconds=100)
    page.clock.run_for(61_000)
    expect(warning).to_be_visible()
    assert violations(page) == []
    warning.get_by_role("button", name="Stay signed in").click()

    expect(warning).to_be_hidden()


def test_ended_session_leads_to_signing_in_and_grades_stay(open_page, strict_site, study):
    page = open_page(study.reader, study.worklist)
    open_case(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.get_by_text("No connection.")).to_be_visible()
    age_sessions(strict_site, study.reader, seconds=200)
    page.context.set_offline(False)

    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("All saved")).to_be_visible()

    assert grades_of(study, "VL") == "1"
    asked = "SELECT kind FROM sign_in_signinevent WHERE username = %s AND kind <> 'link_made' ORDER BY id"
    events = strict_site.rows(asked, study.reader)
    assert [kind for (kind,) in events] == ["signed_in", "expired", "signed_in"]


def age_sessions(site: Server, username: str, *, seconds: int) -> None:
    """Let a user's sessions have been used last so many seconds earlier than they were."""
    script = (
        "from allauth.usersessions.models import UserSession\n"
        "from django.contrib.sessions.models import Session\n"
        "from thighsite.sign_in import vault\n"
        "from thighsite.sign_in.session_store import SessionStore\n"
        f"for listed in UserSession.objects.filter(user__username='{username}'):\n"
        "    row = Session.objects.get(pk=listed.session_key)\n"
        "    store = SessionStore()\n"
        "    kept = store._read(row.session_data, row.session_key)\n"
        f"    kept['seen_at'] -= {seconds}\n"
        "    signed = super(SessionStore, store).encode(kept)\n"
        "    row.session_data = vault.encrypt(row.session_key + ' ' + signed)\n    row.save()"
    )
    site.manage(["shell", "-v0", "-c", script])
