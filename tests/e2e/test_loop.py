"""The whole loop by hand: footage in, labels by keys, one click, a model, and its suggestion accepted."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server, _in_shell
from tests.training.management.footage import ACTIONS, filmed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.long]

PEOPLE = range(3)
PROJECT = """
from core.models import User
from core.services.accounts import project_create
from labelling.services.label_sets import class_add, label_set_ensure
admin = User.objects.get(username="admin")
project = project_create(name="Round Trip", slug="round", actor=admin)
classes = label_set_ensure(project=project, actor=admin)
for name in {names!r}:
    class_add(label_set=classes, name=name, actor=admin)
"""


def clips_of(page: Page, server: Server) -> dict[str, dict[str, Any]]:
    """The project's clips by the names of their videos."""
    items = page.request.get(f"{server.url}/api/projects/round/clips?limit=50").json()["items"]
    return {item["video"]["name"]: item for item in items}


def until(page: Page, server: Server, holds: Callable[[dict[str, dict[str, Any]]], bool], what: str) -> None:
    """Ask again and again until the project's clips are so."""
    deadline = time.monotonic() + 120
    while not holds(clips_of(page, server)):
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(0.2)


def upload(page: Page, server: Server, files: list[Path]) -> None:
    page.goto(f"{server.url}/p/round/videos")
    page.get_by_role("button", name="Upload videos").first.click()
    dialog = page.get_by_role("dialog")
    page.get_by_label("Video files").set_input_files([str(file) for file in files])
    dialog.get_by_label("Camera").fill("Yard North")
    dialog.get_by_label("Site").fill("Harbour")
    dialog.get_by_role("button", name=f"Upload {len(files)} videos").click()
    page.get_by_role("button", name=f"Ready {len(files)}").wait_for(timeout=120_000)


def open_clip(page: Page, server: Server, clip: dict[str, Any]) -> None:
    page.goto(f"{server.url}/p/round/label/{clip['id']}")
    page.wait_for_selector(f".pic canvas[data-frame='{clip['start']}']")


def test_footage_becomes_a_model_whose_word_is_accepted_by_one_key(
    page: Page, server: Server, tmp_path: Path
) -> None:
    _in_shell(server, PROJECT.format(names=ACTIONS))
    files = [tmp_path / f"{person}-{action}.mp4" for person in PEOPLE for action in range(2)]
    for file in files:
        filmed(file, action=int(file.stem[2]), person=int(file.stem[0]))
    filmed(tmp_path / "new.mp4", action=1, person=7)
    upload(page, server, [*files, tmp_path / "new.mp4"])
    until(page, server, lambda clips: len(clips) == 7, "all are cut")
    clips = clips_of(page, server)

    hotkeys = {
        row["name"]: row["hotkey"]
        for row in page.request.get(f"{server.url}/api/projects/round/label-set").json()["classes"]
    }
    for file in files:
        open_clip(page, server, clips[file.name])
        page.keyboard.press(hotkeys[ACTIONS[int(file.stem[2])]])
        until(page, server, lambda now, name=file.name: now[name]["state"] == "labelled", file.name)  # type: ignore[misc]

    page.goto(f"{server.url}/p/round/train")
    expect(page.get_by_role("button", name="Train on current labels").first).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Start training")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/round/train/1")
    page.get_by_text("Done", exact=True).first.wait_for(timeout=300_000)

    until(page, server, lambda now: now["new.mp4"]["suggestion"] is not None, "the model speaks")
    page.goto(f"{server.url}/p/round/label")
    expect(page.get_by_text("Model v1")).to_be_visible()
    expect(page.locator(".sug .big")).to_contain_text("down")
    page.wait_for_selector(f".pic canvas[data-frame='{clips['new.mp4']['start']}']")  # until then keys wait
    suggested = clips_of(page, server)["new.mp4"]["suggestion"]["label"]
    page.keyboard.press("Enter")
    until(page, server, lambda now: now["new.mp4"]["state"] == "labelled", "the label is there")
    accepted = clips_of(page, server)["new.mp4"]
    assert accepted["label"] == suggested
    history = page.request.get(f"{server.url}/api/projects/round/clips/{accepted['id']}/history").json()[
        "items"
    ]
    assert [revision["source"] for revision in history] == ["suggestion"]
