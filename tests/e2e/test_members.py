"""Somebody new gets an account and a role in Settings, by keyboard, and signs in for the first time."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_shell import serious

pytestmark = pytest.mark.browser
OWN = "staple battery horse correct"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of this name has the focus."""
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(80):
        page.keyboard.press("Tab")
        if button.evaluate("(node) => node === document.activeElement"):
            return
    pytest.fail(f"{name} is not reached by Tab")


def account_of(page: Page, server: Server, username: str) -> str:
    """Make an account by keyboard; its one-time password."""
    page.goto(f"{server.url}/p/harbour/settings#members")
    page.get_by_label("Add a person by user name").focus()
    page.keyboard.type(username)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Nobody here has the user name {username}.")).to_be_visible()
    tab_to(page, f"Make an account for {username}")
    page.keyboard.press("Enter")
    password = page.get_by_label("One-time password").input_value()
    assert len(password) >= 16
    return password


def test_somebody_new_gets_an_account_and_chooses_a_password(
    page: Page, server: Server, context: BrowserContext
) -> None:
    password = account_of(page, server, "anna")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("anna is an annotator now")).to_be_visible()
    expect(page.get_by_label("Add a person by user name")).to_be_focused()
    expect(page.get_by_text("anna, one-time password not changed yet, ends ")).to_be_visible()

    context.clear_cookies()
    page.goto(f"{server.url}/signin")
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    expect(page.get_by_label("New password")).to_be_focused()
    assert serious(page) == []
    page.keyboard.type("short")
    page.keyboard.press("Enter")
    expect(page.get_by_text("at least 10 characters")).to_be_visible()
    page.get_by_label("New password").fill(OWN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/harbour")


def test_without_an_own_password_every_address_leads_to_the_choice(
    page: Page, server: Server, context: BrowserContext
) -> None:
    password = account_of(page, server, "berta")
    context.clear_cookies()
    page.goto(f"{server.url}/signin")
    page.get_by_label("User name").fill("berta")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.goto(f"{server.url}/p/harbour/videos")
    page.get_by_label("One-time password").fill(password)
    page.get_by_label("New password").fill(OWN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/harbour/videos")


def test_a_member_who_forgot_gets_another_password(page: Page, server: Server) -> None:
    first = account_of(page, server, "carla")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="New password for carla").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Make a one-time password")).to_be_focused()
    page.keyboard.press("Enter")
    again = page.get_by_label("One-time password")
    expect(again).to_be_visible()
    assert again.input_value() not in ("", first)


def test_the_role_menu_says_what_each_may_do(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/harbour/settings#members")
    page.locator(".set-add").first.get_by_role("button", name="Role Annotator").focus()
    page.keyboard.press("Enter")
    for role, duty in (
        ("Viewer", "changes nothing"),
        ("Data lead", "adds videos"),
        ("ML lead", "starts training"),
    ):
        expect(page.get_by_role("menuitem", name=role)).to_contain_text(duty)
