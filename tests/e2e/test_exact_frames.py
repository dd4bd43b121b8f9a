"""A frame has one number: what is painted in the page is what was asked for, and what the trainer sees."""

import random
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from curation.media.stills import frames_at
from curation.simulator import code
from tests.e2e.conftest import Server, sign_in
from tests.e2e.sources import FRAMES

pytestmark = [pytest.mark.browser, pytest.mark.calm]
KINDS = ["constant", "variable", "late", "bframes"]
EACH = pytest.mark.parametrize("kind", KINDS)
SEEKS = pytest.mark.parametrize("seeks", [50, pytest.param(200, marks=pytest.mark.exhaustive)])
# A decoder may keep its pictures until it is flushed, as some in hardware do.
HOLDING = """
const Decoder = VideoDecoder;
window.VideoDecoder = class extends Decoder {
  #held;
  #output;
  constructor({ output, error }) {
    const held = [];
    super({ output: (frame) => held.push(frame), error });
    this.#held = held;
    this.#output = output;
  }
  async flush() {
    await super.flush();
    for (const frame of this.#held.splice(0)) this.#output(frame);
  }
};
"""
READER = (Path(__file__).parent / "read_code.js").read_text()


def asked(kind: str, seeks: int) -> list[int]:
    """Random frames, both ends among them."""
    rng = random.Random(kind)
    return [0, FRAMES - 1, *(rng.randrange(FRAMES) for _ in range(seeks - 2))]


def open_player(page: Page, url: str, video: str) -> None:
    """Open a video and wait for its first picture."""
    page.goto(f"{url}/p/harbour/videos/{video}")
    page.wait_for_selector(".pic canvas[data-frame='0']", timeout=30_000)
    page.evaluate(READER)


def path_of(page: Page) -> str:
    """Which of the player's ways shows the stills."""
    return str(page.evaluate("document.querySelector('.pic').player.state.path"))


@EACH
@SEEKS
def test_webcodecs_paints_the_frame_that_was_asked_for(
    page: Page, server: Server, videos: dict[str, str], kind: str, seeks: int
) -> None:
    open_player(page, server.url, videos[kind])
    wanted = asked(kind, seeks)
    assert page.evaluate("ns => window.seekAndRead(ns)", wanted) == wanted
    assert path_of(page) == "webcodecs"


@EACH
@SEEKS
def test_over_plain_http_in_a_lan_the_video_element_paints_it(
    browser: Browser, server: Server, videos: dict[str, str], kind: str, seeks: int
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    sign_in(page, server.lan_url)
    open_player(page, server.lan_url, videos[kind])
    assert page.evaluate("[isSecureContext, typeof VideoDecoder]") == [False, "undefined"]
    wanted = asked(kind, seeks)
    assert page.evaluate("ns => window.seekAndRead(ns)", wanted) == wanted
    assert path_of(page) == "video"
    context.close()


def test_without_h264_the_server_paints_it(browser: Browser, server: Server, videos: dict[str, str]) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script("delete window.VideoDecoder; HTMLMediaElement.prototype.canPlayType = () => '';")
    page = context.new_page()
    sign_in(page, server.url)
    open_player(page, server.url, videos["variable"])
    wanted = asked("server", 20)
    assert page.evaluate("ns => window.seekAndRead(ns)", wanted) == wanted
    assert path_of(page) == "server"
    context.close()


@EACH
@SEEKS
def test_the_trainer_sees_the_same_frames(
    page: Page, server: Server, videos: dict[str, str], tmp_path: Path, kind: str, seeks: int
) -> None:
    for height in (720, 360):
        proxy = tmp_path / f"{height}.mp4"
        address = f"{server.url}/api/projects/harbour/videos/{videos[kind]}/files/proxy{height}"
        proxy.write_bytes(page.request.get(address).body())
        pictures = frames_at(proxy, sorted(set(asked(kind, seeks))))
        assert {n: code.read(np.asarray(picture)) for n, picture in pictures.items()} == {
            n: n for n in pictures
        }


@EACH
def test_what_a_drag_paints_on_its_way_is_exact(
    page: Page, server: Server, videos: dict[str, str], kind: str
) -> None:
    open_player(page, server.url, videos[kind])
    slow, back = range(40), range(120, 60, -2)
    far, rested = [(n * 37) % FRAMES for n in range(40)], [7] * 20
    wanted = [*slow, *far, *back, *rested]
    painted = dict(page.evaluate("ns => window.dragAndRead(ns)", wanted))
    assert painted == {n: n for n in painted}
    assert painted.keys() <= set(wanted)
    assert 7 in painted
    assert path_of(page) == "webcodecs"


def test_a_decoder_that_holds_pictures_back_is_flushed(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    page.add_init_script(HOLDING)
    open_player(page, server.url, videos["variable"])
    wanted = asked("holding", 20)
    assert page.evaluate("ns => window.seekAndRead(ns)", wanted) == wanted
    assert path_of(page) == "webcodecs"


def test_dragging_paints_most_of_what_the_screen_can_show(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    """The share of the page's own frame ceiling is printed, not judged: machines differ."""
    open_player(page, server.url, videos["bframes"])
    painted, ceiling = page.evaluate("frames => window.measureDrag(frames)", FRAMES)
    print(f"\ndragging painted {painted} distinct pictures where requestAnimationFrame ran {ceiling} times")
    assert painted > 0
    assert page.evaluate("ns => window.seekAndRead(ns)", [11]) == [11]
