"""Suspending a member, and giving access again, as a coordinator does both on the page of members."""

from playwright.sync_api import Page, expect


def suspend(coordinator: Page, slug: str, username: str) -> None:
    _change(coordinator, slug, username, "Suspend…", "Suspend at once")
    expect(coordinator.get_by_role("status").first).to_contain_text("is suspended")


def give_access_again(coordinator: Page, slug: str, username: str) -> None:
    _change(coordinator, slug, username, "End the suspension…", "Give access again")
    expect(coordinator.get_by_role("status").first).to_contain_text("access")


def _change(coordinator: Page, slug: str, username: str, action: str, button: str) -> None:
    coordinator.goto(f"/studies/{slug}/members/")
    row = coordinator.get_by_role("row", name=username)
    row.get_by_text(action).click()
    row.get_by_label("Reason").fill("Lost their laptop.")
    row.get_by_role("button", name=button).click()
