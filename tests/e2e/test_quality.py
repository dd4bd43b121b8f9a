"""Quality by keyboard: a hundred frames in two keys, exceptions, the way back, and the gate."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e import quality_rows
from tests.e2e.conftest import LetIn, Server, _in_shell, sign_in, wears
from tests.e2e.quality_rows import LENGTH, STRETCHES
from tests.e2e.test_shell import serious
from tests.e2e.test_walk import until

pytestmark = pytest.mark.browser
ROWS = "from tests.e2e import quality_rows; quality_rows."
ALL = STRETCHES * LENGTH
API = "api/projects/quay"


class Hand:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.keydowns = page, 0

    def press(self, *keys: str) -> None:
        """One keydown each."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keydowns += 1


@pytest.fixture(scope="module")
def quay(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A project whose only video has ten stretches of ten frames that are too dark: its ids."""
    path = tmp_path_factory.mktemp("quay") / "dim.mp4"
    quality_rows.film(path)
    told: dict[str, Any] = json.loads(_in_shell(server, f"{ROWS}make({str(path)!r})").splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def window(browser: Browser, let_in: LetIn) -> Iterator[BrowserContext]:
    """A browser window in which the data lead has signed in."""
    window = browser.new_context(viewport={"width": 1440, "height": 900})
    let_in(window)
    yield window
    window.close()


@pytest.fixture
def room(window: BrowserContext, server: Server, quay: dict[str, Any]) -> Iterator[Page]:
    """The room in a tab of its own, with nothing decided yet. Nothing fails, and the console stays silent."""
    page = window.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
    page.on("response", lambda got: None if got.status < 400 else wrong.append(f"{got.status} {got.url}"))
    page.goto(f"{server.url}/p/quay/quality")
    expect(page.get_by_role("heading", name=f"{ALL} frames rejected")).to_be_visible()
    yield page
    page.close()
    assert [line for line in wrong if "412" not in line] == []  # the browser itself tells of those


def states(page: Page, server: Server, quay: dict[str, Any]) -> dict[str, int]:
    """On how many frames which state stands, by the server."""
    spans = page.request.get(f"{server.url}/{API}/videos/{quay['video']}/quality").json()["spans"]
    found: dict[str, int] = {}
    for span in spans:
        found[span["state"]] = found.get(span["state"], 0) + span["end"] - span["start"]
    return found


def limit(page: Page) -> Locator:
    """The handle of the limit for darkness, focused by its key."""
    handle = page.get_by_role("slider", name="Too dark limit")
    expect(handle).to_be_visible()
    page.keyboard.press("g")
    expect(handle).to_be_focused()
    return handle


def said(page: Page, text: str) -> None:
    """Wait for a toast."""
    expect(page.get_by_role("region", name="Messages")).to_contain_text(text)


def test_a_hundred_frames_that_are_alike_take_two_keys_and_one_brings_them_back(
    room: Page, server: Server, quay: dict[str, Any]
) -> None:
    hand = Hand(room)
    hand.press("a", "x")
    said(room, "100 frames confirmed as rejected")
    assert hand.keydowns <= 3
    expect(room.get_by_role("heading", name="Nothing is left to review")).to_be_visible()
    assert states(room, server, quay) == {"confirmed": ALL}
    hand.press("z")
    said(room, "Undone: 100 frames as before")
    expect(room.get_by_role("heading", name="100 frames rejected")).to_be_visible()
    assert states(room, server, quay) == {"pending": ALL}


def test_ten_exceptions_are_a_decision_of_their_own(room: Page, server: Server, quay: dict[str, Any]) -> None:
    hand = Hand(room)
    hand.press("Control+a")
    bar = room.get_by_role("toolbar", name="Selected frames")
    expect(bar).to_contain_text("All 100 frames selected")
    for stretch in range(STRETCHES):  # two rows a stretch; the exception is now in the one, now in the other
        hand.press("3") if stretch % 2 else None
        hand.press("ArrowDown")
        hand.press("2") if stretch % 2 == 0 else None
        if stretch < STRETCHES - 1:
            hand.press("ArrowDown")
    expect(bar).to_contain_text("90 frames selected10 left out")
    hand.press("x")
    said(room, "90 frames confirmed as rejected")
    expect(bar).to_contain_text("10 frames selected")
    hand.press("p")
    said(room, "10 frames restored")
    assert hand.keydowns <= 40
    assert states(room, server, quay) == {"confirmed": ALL - 10, "restored": 10}
    hand.press("z")
    said(room, "Undone: 10 frames as before")
    hand.press("z")
    said(room, "Undone: 90 frames as before")
    assert states(room, server, quay) == {"pending": ALL}


def test_one_frame_after_the_other_and_a_stretch_by_shift(
    room: Page, server: Server, quay: dict[str, Any]
) -> None:
    room.keyboard.press("x")
    room.keyboard.press("x")  # at once: the span is being cut in two meanwhile
    until(lambda: states(room, server, quay).get("confirmed") == 2)
    expect(room.get_by_role("heading", name="98 frames rejected")).to_be_visible()
    room.keyboard.press("Shift+ArrowRight")
    room.keyboard.press("Shift+ArrowRight")
    expect(room.get_by_role("toolbar", name="Selected frames")).to_contain_text("3 frames selected")
    room.keyboard.press("p")
    said(room, "3 frames restored")
    assert states(room, server, quay) == {"confirmed": 2, "restored": 3, "pending": ALL - 5}
    for _ in range(3):
        room.keyboard.press("z")
    until(lambda: states(room, server, quay) == {"pending": ALL})


def test_a_frame_plays_where_it_was_recorded(room: Page) -> None:
    room.keyboard.press("End")
    expect(room.get_by_role("heading", name="Frame 199")).to_be_visible()
    expect(room.get_by_role("img", name="Frame 199, rejected")).to_be_visible()
    room.keyboard.press("Space")
    dialog = room.get_by_role("dialog", name="Around frame 199")
    expect(dialog.get_by_role("button", name="Pause")).to_be_visible()
    room.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    room.keyboard.press("o")
    room.wait_for_url("**/videos/*?frame=199")
    room.wait_for_selector(".pic canvas[data-frame='199']")
    room.go_back()
    expect(room.get_by_role("heading", name="Frame 199")).to_be_visible()


def test_a_frame_that_is_looked_at_is_decided_alone(room: Page, server: Server, quay: dict[str, Any]) -> None:
    room.keyboard.press("s")
    bar = room.get_by_role("toolbar", name="Selected frames")
    expect(bar).to_contain_text("10 frames selected")
    room.keyboard.press("Space")
    dialog = room.get_by_role("dialog", name=re.compile("^Around frame"))
    dialog.get_by_role("button", name="Restore").click()
    said(room, "1 frame restored")
    dialog.get_by_role("button", name="Close").click()
    expect(bar).to_contain_text("9 frames selected")
    assert states(room, server, quay) == {"restored": 1, "pending": ALL - 1}
    room.keyboard.press("z")
    until(lambda: states(room, server, quay) == {"pending": ALL})


def test_an_hour_of_the_heat_map_narrows_the_list_and_goes_again(room: Page) -> None:
    hour = room.get_by_role("button", name=re.compile("^Crane Pad, 08:00"))
    hour.press("Enter")
    room.wait_for_url("**hour=8**")
    expect(room.get_by_role("heading", name="100 frames rejected")).to_be_visible()
    hour.press("ArrowRight")
    room.keyboard.press("Enter")
    expect(room.get_by_role("heading", name="No rejected frame matches this filter")).to_be_visible()
    room.get_by_role("button", name="Clear filter").click()
    expect(room.get_by_role("heading", name="100 frames rejected")).to_be_visible()


def test_a_limit_shows_its_effect_before_it_counts_and_can_be_taken_back(
    room: Page, server: Server, quay: dict[str, Any]
) -> None:
    room.get_by_role("button", name="Too dark 100").click()
    handle = limit(room)
    for _ in range(5):
        room.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuetext", "above 0.55, was 0.50")
    change = room.get_by_role("region", name="Change of the gate")
    expect(change).to_contain_text("100 → 90 frames out: 10 frames let in, in 1 video")
    assert states(room, server, quay) == {"pending": ALL}
    room.keyboard.press("Control+Enter")
    said(room, "The gate of Crane Pad has 1 new limit")
    expect(room.get_by_role("heading", name="90 frames rejected for too dark")).to_be_visible(timeout=60_000)
    assert states(room, server, quay) == {"pending": ALL - LENGTH}
    room.keyboard.press("z")  # the message that offers it may be gone by now
    said(room, "is as it was")
    expect(room.get_by_role("heading", name="100 frames rejected")).to_be_visible(timeout=60_000)


def test_who_was_slower_sees_both_versions_of_a_gate(
    room: Page, server: Server, quay: dict[str, Any]
) -> None:
    room.get_by_role("button", name="Too dark 100").click()
    limit(room)
    room.keyboard.press("ArrowRight")
    expect(room.get_by_role("button", name="Apply 1 change")).to_be_enabled()
    url = f"{server.url}/{API}/cameras/{quay['camera']}/gate"
    there = room.request.get(url).json()
    token = next(entry["value"] for entry in room.context.cookies() if entry["name"] == "csrftoken")
    headers = {"If-Match": f'"{there["revision"]}"', "X-CSRFToken": token, "Referer": server.url}
    theirs = {**there["thresholds"], "noise": 30}
    assert room.request.put(url, data={"thresholds": theirs}, headers=headers).ok
    with room.expect_response(lambda answer: answer.status == 412):
        room.keyboard.press("Control+Enter")
    dialog = room.get_by_role("dialog", name="The gate of Crane Pad was changed meanwhile")
    expect(dialog.get_by_role("row", name="Noise")).to_contain_text("above 30.0 levels")
    expect(dialog.get_by_role("row", name="Too dark")).to_contain_text("above 0.51")
    room.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    handle = room.get_by_role("slider", name="Too dark limit")
    expect(handle).to_have_attribute("aria-valuetext", "above 0.51, was 0.50")
    expect(room.get_by_role("region", name="Change of the gate")).to_contain_text("frames out")
    room.get_by_role("button", name="Reset").click()
    expect(handle).to_have_attribute("aria-valuetext", "above 0.50")


def test_an_annotated_clip_is_flagged_and_stands(room: Page, server: Server, quay: dict[str, Any]) -> None:
    room.keyboard.press("s")
    room.keyboard.press("p")
    said(room, "10 frames restored")
    start, end = json.loads(_in_shell(server, f"{ROWS}label()").splitlines()[-1])
    assert start == 0
    assert end > LENGTH
    room.keyboard.press("z")
    said(room, "Undone: 10 frames as before")
    flagged = f"{server.url}/{API}/clips?flagged=true"
    until(lambda: room.request.get(flagged).json()["total"] == 1, seconds=60)
    clip = room.request.get(flagged).json()["items"][0]
    assert (clip["start"], clip["end"]) == (start, end)
    assert states(room, server, quay) == {"pending": ALL}


def test_who_may_not_decide_is_told_who_does(
    context: BrowserContext, server: Server, quay: dict[str, Any]
) -> None:
    page = context.new_page()
    sign_in(page, server.url, "vera")
    page.goto(f"{server.url}/p/quay/quality")
    expect(page.get_by_text("You can look; the data lead role changes limits.")).to_be_visible()
    page.keyboard.press("x")
    said(page, "You can look; deciding needs the data lead role")
    expect(page.get_by_role("heading", name="100 frames rejected")).to_be_visible()


@pytest.mark.parametrize("look", ["dark", "light"])
def test_axe_finds_nothing_serious_in_quality(room: Page, server: Server, look: str) -> None:
    wears(room, look)
    room.goto(f"{server.url}/p/empty/quality")
    expect(room.get_by_role("heading", name="No frame was rejected")).to_be_visible()
    assert serious(room) == []
    room.goto(f"{server.url}/p/quay/quality?reason=too_dark")
    limit(room)
    room.keyboard.press("ArrowRight")
    room.keyboard.press("Escape")
    room.keyboard.press("a")
    expect(room.get_by_role("button", name="Apply 1 change")).to_be_enabled()
    assert serious(room) == []
    room.set_viewport_size({"width": 390, "height": 844})
    assert serious(room) == []
