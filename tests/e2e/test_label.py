"""Labelling with the keyboard alone, read back through the API."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Clip, Server, sign_in, wears
from tests.e2e.label_room import arrives, class_ids, comes, go_to, history, leaves, open_clip, open_now
from tests.e2e.test_shell import serious

pytestmark = pytest.mark.browser


def test_one_keydown_labels_a_clip_and_shows_the_next(page: Page, server: Server, clips: list[Clip]) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    page.keyboard.press("1")
    leaves(page, clip)
    (revision,) = arrives(page, server, clip, 1)
    assert revision["label"] == class_ids(page, server)["Walking"]
    assert (revision["outcome"], revision["segments"]) == ("labelled", [])
    expect(page.get_by_role("status").filter(has_text="All changes saved")).to_be_visible()


def test_a_key_that_is_held_down_labels_one_clip(page: Page, server: Server, clips: list[Clip]) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    page.keyboard.down("2")
    leaves(page, clip)
    after = open_now(page).get_attribute("src")
    for _ in range(5):
        page.keyboard.down("2")  # what the keyboard's own repeat sends
    page.keyboard.up("2")
    arrives(page, server, clip, 1)
    assert open_now(page).get_attribute("src") == after


def test_in_out_and_a_class_make_a_segment_with_exactly_these_frames(
    page: Page, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    go_to(page, clip.start + 4)
    page.keyboard.press("i")
    for step in range(1, 8):
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(f".pic canvas[data-frame='{clip.start + 4 + step}']")
    page.keyboard.press("o")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    leaves(page, clip)
    (revision,) = arrives(page, server, clip, 1)
    ids = class_ids(page, server)
    found = [(part["label"], part["start"], part["end"]) for part in revision["segments"]]
    assert found == [(ids["Carrying"], clip.start + 4, clip.start + 12)]  # the last frame is inside
    assert (revision["outcome"], revision["label"]) == ("labelled", None)


@pytest.mark.parametrize(("key", "outcome"), [("x", "rejected"), ("u", "uncertain")])
def test_a_clip_can_be_rejected_or_left_unsure(
    page: Page, server: Server, clips: list[Clip], key: str, outcome: str
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    page.keyboard.press(key)
    leaves(page, clip)
    (revision,) = arrives(page, server, clip, 1)
    assert revision["outcome"] == outcome


def test_undo_brings_the_clip_back_and_redo_labels_it_again(
    page: Page, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    page.keyboard.press("3")
    leaves(page, clip)
    page.keyboard.press("Control+z")
    comes(page, clip)
    arrives(page, server, clip, 2)
    page.keyboard.press("Control+Shift+z")
    leaves(page, clip)
    revisions = arrives(page, server, clip, 3)
    assert [revision["outcome"] for revision in revisions] == ["labelled", "cleared", "labelled"]
    assert revisions[2]["label"] == class_ids(page, server)["Digging"]


def test_the_classes_are_edited_in_settings(page: Page, server: Server, clips: list[Clip]) -> None:
    page.goto(f"{server.url}/p/harbour/settings#classes")
    page.get_by_label("New class").fill("Sweping")
    page.keyboard.press("Enter")
    lines = page.get_by_role("list", name="Classes in order")
    name = lines.get_by_label("Name of Sweping")
    name.fill("Sweeping")
    page.keyboard.press("Enter")
    expect(lines.get_by_label("Name of Sweeping")).to_have_value("Sweeping")
    line = lines.get_by_role("listitem").filter(has=page.get_by_label("Name of Sweeping"))
    line.get_by_role("button", name="Key").click()
    page.get_by_role("menuitem", name="9").click()
    expect(line.get_by_role("button", name="Key")).to_contain_text("9")
    line.get_by_role("button", name="Archive Sweeping").click()
    expect(lines.get_by_label("Name of Sweeping")).to_have_count(0)
    page.get_by_role("button", name="Bring back Sweeping").click()
    expect(lines.get_by_label("Name of Sweeping")).to_have_count(1)
    page.get_by_role("button", name="Archive Sweeping").click()


def test_a_name_that_no_class_has_makes_one_only_when_that_is_asked_for(
    page: Page, server: Server, clips: list[Clip]
) -> None:
    open_clip(page, server.url, clips[-1])
    column, messages = page.get_by_label("Classes"), page.get_by_label("Messages")
    page.keyboard.press(";")
    page.keyboard.type("zzz")
    page.keyboard.press("Enter")
    expect(column).to_contain_text("No class is called “zzz”.")
    expect(column.get_by_role("button", name="Make it")).to_be_visible()
    assert serious(page) == []
    assert "zzz" not in class_ids(page, server)
    page.keyboard.press("Control+Enter")
    expect(messages).to_contain_text("zzz is a class of this project now, for everyone")
    assert "zzz" in class_ids(page, server)
    messages.get_by_role("button", name="Take it back").click()
    expect(messages).to_contain_text("zzz is archived")
    expect(column.get_by_role("button", name="zzz")).to_have_count(0)
    assert history(page, server, clips[-1]) == []


def test_who_may_not_change_the_classes_makes_none_and_is_told_who_does(
    browser_page: Page, server: Server, clips: list[Clip]
) -> None:
    sign_in(browser_page, server.url, "tomas")
    open_clip(browser_page, server.url, clips[-1])
    browser_page.keyboard.press(";")
    browser_page.keyboard.type("yyy")
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.get_by_label("Classes")).to_contain_text("Someone with the data lead role makes")
    assert "yyy" not in class_ids(browser_page, server)


def test_leaving_a_dialog_gives_the_keys_back_with_the_very_next_one(
    page: Page, server: Server, clips: list[Clip]
) -> None:
    clip = clips.pop()
    open_clip(page, server.url, clip)
    for key in ("g", "Escape", ";"):
        page.keyboard.press(key)
    page.keyboard.type("carr")
    page.keyboard.press("Enter")
    leaves(page, clip)
    (revision,) = arrives(page, server, clip, 1)
    assert revision["label"] == class_ids(page, server)["Carrying"]


def test_what_is_typed_while_a_dialog_comes_is_its_own(page: Page, server: Server, clips: list[Clip]) -> None:
    clip = clips[-1]
    open_clip(page, server.url, clip)
    page.keyboard.type(f"g{clip.start + 12}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".pic canvas[data-frame='{clip.start + 12}']")
    assert history(page, server, clip) == []


@pytest.mark.parametrize("look", ["dark", "light"])
def test_axe_finds_nothing_serious_where_people_label(
    page: Page, server: Server, clips: list[Clip], look: str
) -> None:
    wears(page, look)
    open_clip(page, server.url, clips[0])
    assert serious(page) == []
    for room in ("", "/settings"):
        page.goto(f"{server.url}/p/harbour{room}")
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], room


@pytest.mark.parametrize("width", [760, 390])
def test_a_narrow_window_says_so_and_keeps_the_place_in_the_queue(
    page: Page, server: Server, clips: list[Clip], width: int
) -> None:
    page.goto(f"{server.url}/p/harbour/label")
    place = page.locator(".q .why b, .q .why .b").first
    expect(place).to_contain_text(" of ")
    kept, picture = place.inner_text(), open_now(page).get_attribute("src")
    page.set_viewport_size({"width": width, "height": 844})
    expect(page.get_by_role("heading", name="Labelling needs a wider window")).to_be_visible()
    expect(page.locator("#room")).to_contain_text(f"Your place in the queue is kept: {kept}.")
    assert serious(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(open_now(page)).to_have_attribute("src", str(picture))
