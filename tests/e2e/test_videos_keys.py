"""The list of videos and its uploads by the keyboard alone: the focus never falls out of the page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server

pytestmark = pytest.mark.browser


def file(name: str, data: bytes, kind: str = "video/mp4") -> Any:
    """A file for a file field."""
    return {"name": name, "mimeType": kind, "buffer": data}


def broken(name: str) -> Any:
    """A file of its own that is no video, whatever its name says."""
    return file(name, name.encode() * 50)


def row(page: Page, name: str) -> Locator:
    """The row of a video."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def upload(page: Page, server: Server, *files: Any) -> None:
    """Open the dialog by its key and choose files in it."""
    page.goto(f"{server.url}/p/harbour/videos")
    expect(page.get_by_role("grid")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    page.get_by_label("Video files").set_input_files(list(files))


def test_arrows_walk_the_rows_and_the_way_back_leads_to_the_row(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    page.goto(f"{server.url}/p/harbour/videos?sort=name")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(len(videos) + 1)
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("End", 4), ("ArrowUp", 3)):
        page.keyboard.press(key)
        expect(rows.nth(place)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/videos/[0-9a-f-]{36}"))
    page.go_back()
    expect(rows.nth(3)).to_be_focused()


def test_a_removed_video_is_brought_back_by_a_key_and_the_focus_goes_on(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    upload(page, server, broken("a broken.mp4"), broken("b broken.mp4"))
    expect(page.get_by_role("button", name="Camera: Yard North, Harbour")).to_be_focused()
    page.get_by_role("button", name="Upload 2 videos").press("Enter")
    for name in ("a broken.mp4", "b broken.mp4"):
        expect(row(page, name)).to_contain_text("Failed", timeout=60_000)
    expect(page.get_by_role("heading", name="2 files: 2 failed")).to_be_visible()
    expect(row(page, "a broken.mp4").get_by_role("button")).to_have_text([re.compile("Remove")])
    page.goto(f"{server.url}/p/harbour/videos?state=failed&sort=name")
    expect(row(page, "b broken.mp4")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(row(page, "a broken.mp4")).to_have_count(0)
    expect(row(page, "b broken.mp4")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(row(page, "a broken.mp4")).to_be_visible()
    expect(row(page, "b broken.mp4")).to_be_focused()
    page.keyboard.press("Delete")
    expect(row(page, "a broken.mp4")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name="No video is failed")).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()


def test_a_message_is_reached_by_a_key_and_gives_the_focus_back(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    page.goto(f"{server.url}/p/harbour/videos")
    expect(page.get_by_role("grid")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("region", name="Messages")).to_contain_text("nothing to take back")
    page.keyboard.press("F6")
    expect(page.get_by_role("region", name="Messages").get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("row").nth(1)).to_be_focused()


def test_an_upload_takes_the_camera_from_the_names_and_leaves_out_what_is_no_video(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    notes = file("notes.txt", b"hello", "text/plain")
    upload(page, server, broken("yard_north_7.mp4"), notes, file("nothing.mp4", b""))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("As the names of the files say.")
    expect(dialog.get_by_text("Not a video, left out")).to_be_visible()
    expect(dialog.get_by_text("Empty, left out")).to_be_visible()
    expect(page.get_by_role("button", name="Upload 1 video")).to_be_focused()
    page.get_by_role("button", name="Leave out notes.txt").press("Enter")
    expect(page.get_by_role("button", name="Leave out nothing.mp4")).to_be_focused()
