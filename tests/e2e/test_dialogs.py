"""Every dialog opens, by key where it has one, and the browser's console stays empty."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.conftest import Clip, Server
from tests.e2e.label_room import open_clip
from tests.e2e.test_label_outbox import conflict

pytestmark = pytest.mark.browser


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page whose console must hold no error and no warning in the end."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A request that fails on purpose is told by the browser itself, whatever the page does about it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    yield page
    assert said == []


def open_and_leave(page: Page, key: str) -> None:
    """Open a dialog by its key; Esc leaves it."""
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_dialogs_of_a_video_open_quietly(quiet: Page, server: Server, videos: dict[str, str]) -> None:
    quiet.goto(f"{server.url}/p/harbour/videos/{videos['constant']}")
    quiet.wait_for_selector(".pic canvas[data-frame='0']")
    for key in ("?", "Control+k", "g"):
        open_and_leave(quiet, key)


def test_the_upload_dialog_opens_quietly(quiet: Page, server: Server, videos: dict[str, str]) -> None:
    quiet.goto(f"{server.url}/p/harbour/videos")
    quiet.get_by_role("button", name="Upload videos").first.click()
    expect(quiet.get_by_role("dialog")).to_be_visible()


def test_the_dialogs_of_the_label_screen_open_quietly(quiet: Page, server: Server, clips: list[Clip]) -> None:
    clip = clips.pop()
    open_clip(quiet, server.url, clip)
    for key in ("?", "Control+k", "g"):
        open_and_leave(quiet, key)
    writes = re.compile(rf"/clips/{clip.id}/annotation$")
    quiet.route(writes, lambda route: route.abort("connectionfailed"))
    quiet.keyboard.press("1")
    quiet.get_by_role("button", name="1 label waits here").click()
    expect(quiet.get_by_role("dialog")).to_be_visible()


def test_the_conflict_dialog_opens_quietly(
    quiet: Page, browser: Browser, server: Server, clips: list[Clip]
) -> None:
    conflict(quiet, browser, server, clips.pop())
    quiet.keyboard.press("1")
    expect(quiet.get_by_role("dialog")).to_have_count(0)
