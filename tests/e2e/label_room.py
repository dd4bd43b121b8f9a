"""What the tests of the label screen share: opening a clip, and asking the server what it holds."""

import re
import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Clip, Server

PROJECT = "api/projects/harbour"


def open_clip(page: Page, url: str, clip: Clip) -> None:
    """Open a clip by its address and wait until its first frame is painted."""
    page.goto(f"{url}/p/harbour/label/{clip.id}")
    comes(page, clip)
    page.wait_for_selector(f".pic canvas[data-frame='{clip.start}']")


def open_now(page: Page) -> Locator:
    """The picture of the open clip in the strip of the queue."""
    return page.get_by_role("list", name="Queue").locator("[aria-current=true] img")


def comes(page: Page, clip: Clip) -> None:
    """Wait until this clip is the open one."""
    expect(open_now(page)).to_have_attribute("src", _still(clip), timeout=20_000)


def leaves(page: Page, clip: Clip) -> None:
    """Wait until another clip is the open one."""
    expect(open_now(page)).not_to_have_attribute("src", _still(clip))


def _still(clip: Clip) -> re.Pattern[str]:
    return re.compile(rf"/videos/{clip.video}/frames/{(clip.start + clip.end) // 2}\.jpg")


def go_to(page: Page, frame: int) -> None:
    """Go to a frame by its number and wait until it is painted."""
    page.keyboard.press("g")
    page.get_by_label("Frame or time").fill(str(frame))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)  # until it is gone the keys are its own
    page.wait_for_selector(f".pic canvas[data-frame='{frame}']")


def class_ids(page: Page, server: Server) -> dict[str, str]:
    """Name -> id of the classes."""
    label_set = page.request.get(f"{server.url}/{PROJECT}/label-set").json()
    return {entry["name"]: entry["id"] for entry in label_set["classes"]}


def history(page: Page, server: Server, clip: Clip) -> list[dict[str, Any]]:
    """Every revision of the clip on the server, oldest first."""
    items = page.request.get(f"{server.url}/{PROJECT}/clips/{clip.id}/history").json()["items"]
    return sorted(items, key=lambda revision: int(revision["revision"]))


def arrives(
    page: Page, server: Server, clip: Clip, revisions: int, seconds: float = 20
) -> list[dict[str, Any]]:
    """Wait until the server has so many revisions of the clip; they must not become more."""
    deadline = time.monotonic() + seconds
    while len(found := history(page, server, clip)) < revisions:
        assert time.monotonic() < deadline, f"{len(found)} of {revisions} revisions came"
        time.sleep(0.1)
    assert len(found) == revisions
    return found
