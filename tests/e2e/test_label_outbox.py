"""A label that a person made is never lost, never sent twice, and never covers somebody else's."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.e2e.conftest import PASSWORD, Clip, Server, sign_in
from tests.e2e.label_room import arrives, class_ids, history, open_clip
from tests.e2e.test_shell import serious

pytestmark = pytest.mark.browser


def other_window(browser: Browser) -> BrowserContext:
    """A window of another browser, with nothing stored."""
    return browser.new_context(viewport={"width": 1440, "height": 900})


def conflict(page: Page, browser: Browser, server: Server, clip: Clip) -> None:
    """Both have the clip open; Tomás says Walking first, then the person of `page` says Carrying."""
    context = other_window(browser)
    tomas = context.new_page()
    sign_in(tomas, server.url, "tomas")
    open_clip(page, server.url, clip)
    open_clip(tomas, server.url, clip)
    tomas.keyboard.press("1")
    arrives(page, server, clip, 1)
    context.close()
    page.keyboard.press("2")
    page.get_by_role("button", name="1 label needs your decision").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Tomás Reyes saved this clip")
    expect(dialog.get_by_role("region", name="Theirs")).to_contain_text("Walking")
    expect(dialog.get_by_role("region", name="Yours")).to_contain_text("Carrying")
    assert [revision["author"]["name"] for revision in history(page, server, clip)] == ["Tomás Reyes"]


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("1", ["Walking", "Carrying", "Walking"]),
        ("2", ["Walking", "Carrying"]),
        ("3", ["Walking", "Carrying", "Walking"]),
    ],
)
def test_two_people_on_one_clip_decide_and_nothing_is_overwritten(
    page: Page, browser: Browser, server: Server, clips: list[Clip], key: str, labels: list[str]
) -> None:
    clip = clips.pop()
    conflict(page, browser, server, clip)
    assert serious(page) == []
    page.keyboard.press(key)
    revisions = arrives(page, server, clip, len(labels))
    ids = class_ids(page, server)
    assert [revision["label"] for revision in revisions] == [ids[name] for name in labels]
    kept = [(part["label"], part["start"], part["end"]) for part in revisions[-1]["segments"]]
    assert kept == ([(ids["Carrying"], clip.start, clip.end)] if key == "3" else [])
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="All changes saved")).to_be_visible()


def test_a_conflict_with_ones_own_other_window_is_named_so_and_has_a_key(
    page: Page, context: BrowserContext, server: Server, clips: list[Clip]
) -> None:
    clip, other = clips.pop(), context.new_page()
    open_clip(page, server.url, clip)
    open_clip(other, server.url, clip)
    other.keyboard.press("1")
    arrives(page, server, clip, 1)
    page.keyboard.press("2")
    expect(page.get_by_label("Messages")).to_contain_text("saved elsewhere first. Nothing is overwritten")
    page.keyboard.press("F8")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You saved this clip in your other window")
    expect(dialog.get_by_role("region", name="The other one")).to_contain_text("Walking")
    expect(dialog.get_by_role("region", name="This one")).to_contain_text("Carrying")
    page.keyboard.press("2")
    arrives(page, server, clip, 2)


def test_a_conflict_waits_through_a_reload(
    page: Page, browser: Browser, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    conflict(page, browser, server, clip)
    page.goto(f"{server.url}/p/harbour")
    page.get_by_role("button", name="1 label needs your decision").click()
    page.get_by_role("button", name="Keep theirs").click()
    named = {uuid: name for name, uuid in class_ids(page, server).items()}
    said = [named[revision["label"]] for revision in arrives(page, server, clip, 3)]
    assert said == ["Walking", "Carrying", "Walking"]


def test_a_label_made_offline_survives_the_page_and_is_sent_once(
    page: Page, context: BrowserContext, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    context.set_offline(True)
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="1 label waits here")).to_be_visible()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    context.set_offline(False)
    page.goto(f"{server.url}/p/harbour")
    expect(page.get_by_role("status").filter(has_text="All changes saved")).to_be_visible()
    (revision,) = arrives(page, server, clip, 1)
    assert revision["label"] == class_ids(page, server)["Walking"]


def test_what_waits_is_shown_after_a_reload_and_an_edit_builds_on_it(
    page: Page, context: BrowserContext, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    writes = re.compile(rf"/clips/{clip.id}/annotation$")
    context.route(writes, lambda route: route.abort("connectionfailed"))
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="1 label waits here")).to_be_visible()
    open_clip(page, server.url, clip)
    chosen = page.get_by_label("Classes").locator("button[aria-pressed=true]")
    expect(chosen).to_contain_text("Walking")
    page.keyboard.press("2")
    needs = page.get_by_role("button", name="2 labels wait here")
    expect(needs).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(needs).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert history(page, server, clip) == []
    context.unroute(writes)
    page.goto(f"{server.url}/p/harbour")
    revisions = arrives(page, server, clip, 2)
    ids = class_ids(page, server)
    assert [revision["label"] for revision in revisions] == [ids["Walking"], ids["Carrying"]]
    expect(page.get_by_role("status").filter(has_text="All changes saved")).to_be_visible()


def test_the_connection_coming_back_sends_what_waits_in_order(
    page: Page, context: BrowserContext, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Control+z")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="3 labels wait here")).to_be_visible()
    context.set_offline(False)
    revisions = arrives(page, server, clip, 3)
    assert [revision["outcome"] for revision in revisions] == ["labelled", "cleared", "rejected"]


def test_with_an_expired_session_the_label_waits_for_the_sign_in(
    page: Page, context: BrowserContext, browser: Browser, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    context.clear_cookies(name="sessionid")
    page.keyboard.press("3")
    page.get_by_role("button", name="1 label waits for you to sign in").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="1 label waits for you to sign in")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    said = page.locator("[role=alert]").filter(has_text="You are signed out.")
    expect(said).to_contain_text("1 label waits here until you sign in")
    expect(page.get_by_text("This project is not open to you")).to_have_count(0)
    assert page.locator("main").evaluate("room => room.scrollHeight - room.clientHeight") == 0
    dialog.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/harbour/**")
    (revision,) = arrives(page, server, clip, 1)
    assert revision["label"] == class_ids(page, server)["Digging"]


def test_somebody_else_signing_in_here_does_not_send_it(
    page: Page, context: BrowserContext, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    context.clear_cookies(name="sessionid")
    page.keyboard.press("3")
    expect(page.get_by_role("button", name="1 label waits for you to sign in")).to_be_visible()
    sign_in(page, server.url, "tomas")
    expect(page.get_by_role("button", name="1 label of someone else waits here")).to_be_visible()
    assert history(page, server, clip) == []
    sign_in(page, server.url)
    (revision,) = arrives(page, server, clip, 1)
    assert revision["author"]["name"] == "Priya Nair"


def test_two_tabs_of_one_person_send_each_label_once(
    page: Page, context: BrowserContext, server: Server, clips: list[Clip]
) -> None:
    here, there = clips.pop(), clips.pop()
    tab = context.new_page()
    open_clip(page, server.url, here)
    open_clip(tab, server.url, there)
    context.set_offline(True)
    page.keyboard.press("1")
    tab.keyboard.press("2")
    expect(page.get_by_role("button", name="2 labels wait here")).to_be_visible()
    context.set_offline(False)
    for clip in (here, there):
        arrives(page, server, clip, 1)
    expect(tab.get_by_role("status").filter(has_text="All changes saved")).to_be_visible()


def test_over_plain_http_in_a_lan_the_outbox_keeps_and_sends(
    page: Page, browser: Browser, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    context = other_window(browser)
    lan = context.new_page()
    sign_in(lan, server.lan_url)
    open_clip(lan, server.lan_url, clip)
    assert lan.evaluate("[isSecureContext, typeof crypto.randomUUID, typeof navigator.locks]") == [
        False,
        "undefined",
        "undefined",
    ]
    context.set_offline(True)
    lan.keyboard.press("1")
    expect(lan.get_by_role("button", name="1 label waits here")).to_be_visible()
    context.set_offline(False)
    lan.goto(f"{server.lan_url}/p/harbour")
    arrives(page, server, clip, 1)
    context.close()
