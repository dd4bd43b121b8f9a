"""The way a person goes: sign in, bring footage in, open it, play it, step through it."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Server
from tests.e2e.sources import FRAMES

pytestmark = pytest.mark.browser


def shown(page: Page) -> int:
    """The frame number in the transport."""
    return int(page.get_by_test_id("frame").inner_text().replace(",", ""))


def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    """Look again and again: the page's CSP forbids Playwright's own wait_for_function."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def open_video(page: Page, server: Server, video: str, frame: int = 0) -> None:
    """Open a video at a frame and wait until that frame is painted."""
    page.goto(f"{server.url}/p/harbour/videos/{video}" + (f"?frame={frame}" if frame else ""))
    page.wait_for_selector(f".pic canvas[data-frame='{frame}']")


def test_a_wrong_password_gets_a_sentence_and_no_way_in(browser_page: Page, server: Server) -> None:
    browser_page.goto(f"{server.url}/p/harbour")
    browser_page.wait_for_url("**/signin**")
    browser_page.get_by_label("User name").fill("admin")
    browser_page.get_by_label("Password").fill("not the password")
    asked: list[Route] = []
    browser_page.route(
        "**/api/session",
        lambda route: asked.append(route) if route.request.method == "POST" else route.continue_(),
    )
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("button", name="Signing in…")).to_be_disabled()
    until(lambda: asked != [])
    asked.pop().continue_()
    expect(browser_page.get_by_role("alert")).to_contain_text(re.compile(r"\w+ .*\."))
    expect(browser_page.get_by_label("Password")).to_be_focused()
    assert "/signin" in browser_page.url


def test_uploaded_footage_becomes_ready_and_is_counted(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    page.goto(f"{server.url}/p/harbour/videos")
    expect(page.get_by_role("row")).to_have_count(len(videos) + 1)
    expect(page.locator("header .t2").first).to_contain_text(f"{len(videos)} videos")
    page.get_by_label("Find by name or camera").fill("bframes")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_label("Find by name or camera").fill("nothing like it")
    expect(page.get_by_role("heading", name="No video or camera is called")).to_be_visible()


def test_the_same_file_again_is_refused_with_a_sentence(
    page: Page, server: Server, videos: dict[str, str], footage: dict[str, object]
) -> None:
    page.goto(f"{server.url}/p/harbour/videos")
    page.get_by_role("button", name="Upload videos").first.click()
    page.get_by_label("Video files").set_input_files(str(footage["constant"]))
    page.get_by_role("button", name="Upload 1 video").click()
    uploads = page.get_by_label("Uploads")
    expect(uploads).to_contain_text("already", timeout=30_000)
    expect(uploads.get_by_role("button", name="Try again")).to_have_count(0)
    uploads.get_by_role("link", name="Open that video").click()
    page.wait_for_url(f"**/videos/{videos['constant']}**")


def test_broken_footage_says_what_to_do_and_can_be_brought_back(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/empty/videos")
    page.get_by_role("button", name="Upload videos").first.click()
    broken = {"name": "gate.mp4", "mimeType": "video/mp4", "buffer": b"no picture in here" * 50}
    page.get_by_label("Video files").set_input_files(broken)  # type: ignore[arg-type]  # a plain dict is a FilePayload
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Camera").fill("Gate 1")
    dialog.get_by_label("Site").fill("Lot")
    dialog.get_by_role("button", name="Upload 1 video").click()
    row = page.get_by_role("row").filter(has_text="gate.mp4")
    expect(row).to_contain_text("Failed", timeout=60_000)
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Bring back").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_it_plays_pauses_and_steps_by_exact_frames(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    open_video(page, server, videos["variable"])
    page.keyboard.press("Space")
    until(lambda: shown(page) > 10)
    page.keyboard.press("k")
    at = shown(page)
    assert at > 10
    page.wait_for_selector(f".pic canvas[data-frame='{at}']")
    for key, frame in (("ArrowRight", at + 1), ("ArrowLeft", at), ("Home", 0), ("End", FRAMES - 1)):
        page.keyboard.press(key)
        page.wait_for_selector(f".pic canvas[data-frame='{frame}']")
        assert shown(page) == frame


def test_a_second_is_a_second_also_at_a_variable_rate(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    open_video(page, server, videos["constant"], frame=60)
    page.keyboard.press("Shift+ArrowRight")
    assert shown(page) == 89  # 29.97 frames a second: frame 89 is on screen one second later
    page.keyboard.press("Shift+ArrowLeft")
    assert shown(page) == 59


def test_a_frame_is_reached_by_its_number_and_its_address(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    open_video(page, server, videos["bframes"])
    page.keyboard.press("g")
    page.get_by_label("Frame or time").fill("9999")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"This video has the frames 0 to {FRAMES - 1}.")).to_be_visible()
    page.get_by_label("Frame or time").fill("123")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pic canvas[data-frame='123']")
    page.wait_for_url("**frame=123")
    page.reload()
    page.wait_for_selector(".pic canvas[data-frame='123']")


def test_it_runs_backwards_and_loops(page: Page, server: Server, videos: dict[str, str]) -> None:
    open_video(page, server, videos["constant"], frame=100)
    page.keyboard.press("j")
    until(lambda: shown(page) < 90)
    page.keyboard.press("k")
    page.keyboard.press("/")
    expect(page.get_by_role("button", name="Stop looping")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("button", name="Loop (/)")).to_be_visible()


def test_the_timeline_follows_the_hand(page: Page, server: Server, videos: dict[str, str]) -> None:
    open_video(page, server, videos["constant"])
    lane = page.get_by_role("slider", name="Frame")
    box = lane.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50, steps=8)
    page.mouse.up()
    page.wait_for_selector(f".pic canvas[data-frame='{FRAMES // 2}']")
    assert shown(page) == FRAMES // 2
