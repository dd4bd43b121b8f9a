"""A frame's number means the same picture however it was kept, and a sample's seconds mean its frames."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.media.errors import MediaError
from tests.training.ml.datasets.films import film, numbers_of, proxy_of
from training.ml.datasets.base import Sample
from training.ml.datasets.frames import (
    FrameRecipe,
    HeldFrames,
    PassingFrames,
    ProxyFrames,
    StoredFrames,
    WrongRange,
    decoded_once,
    range_of,
    read_pictures,
    read_video,
)
from training.ml.errors import BadFile

COUNT = 30
RECIPE = FrameRecipe(short=48)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films") / "source.mp4", range(COUNT))


@pytest.fixture(scope="module")
def held(source: Path) -> HeldFrames:
    return read_video(source, RECIPE)


def sample(path: Path, **changes: object) -> Sample:
    return Sample(path=path, label="", **changes)  # type: ignore[arg-type]


def test_frames_are_found_by_number_in_any_order(held: HeldFrames) -> None:
    assert len(held) == COUNT
    pictures = held.at([7, 29, 0, 7])
    assert pictures.shape == (4, 48, 72, 3)
    assert numbers_of(pictures) == [7, 29, 0, 7]


def test_frames_in_passing_are_those_that_are_held(held: HeldFrames, source: Path) -> None:
    passing = PassingFrames.open(source, RECIPE)
    assert len(passing) == COUNT
    assert (passing.edges == held.edges).all()
    assert (passing.at([7, 29, 0, 7]) == held.at([7, 29, 0, 7])).all()


def test_frames_that_are_asked_for_in_several_calls_are_decoded_once(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "going.mp4"
    path.write_bytes(source.read_bytes())
    passing = PassingFrames.open(path, RECIPE)
    first, second = passing.at([1, 3]), passing.at([3, 2])
    once = decoded_once(passing, [1, 2, 3])
    path.unlink()
    assert np.array_equal(once.at([1, 3]), first)
    assert np.array_equal(once.at([3, 2]), second)
    assert len(once) == len(passing)
    with pytest.raises(IndexError, match=r"\[0\] are not held"):
        once.at([0])
    assert decoded_once(once, [0]) is once, "what decodes nothing is as it is"


def test_a_recording_that_changes_under_way_is_told(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "growing.mp4"
    path.write_bytes(source.read_bytes())
    passing = PassingFrames.open(path, RECIPE)
    film(path, range(5))
    with pytest.raises(BadFile, match=r"growing\.mp4 was changed while it was read"):
        passing.at([3, 29])


@pytest.mark.parametrize("ordinals", [[], [-1], [COUNT], [3, 99]])
def test_frames_outside_are_refused(held: HeldFrames, source: Path, ordinals: list[int]) -> None:
    for frames in (held, PassingFrames.open(source, RECIPE)):
        with pytest.raises(IndexError):
            frames.at(ordinals)


def test_what_is_stored_is_what_was_held(held: HeldFrames, tmp_path: Path) -> None:
    for name in ("one", "two"):
        held.save(tmp_path / name)
    stored = StoredFrames.load(tmp_path / "one")
    assert len(stored) == COUNT
    np.testing.assert_array_equal(stored.at([5, 0, 29]), held.at([5, 0, 29]))
    assert held.edges is not None
    assert stored.edges is not None
    np.testing.assert_array_equal(stored.edges, held.edges)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_damaged_store_is_refused(held: HeldFrames, tmp_path: Path) -> None:
    held.save(tmp_path / "frames")
    (tmp_path / "frames").write_bytes((tmp_path / "frames").read_bytes()[:-999])
    with pytest.raises(BadFile, match="The file of frames frames cannot be read"):
        StoredFrames.load(tmp_path / "frames").at([COUNT - 1])


def test_png_loses_nothing_and_pictures_stay_their_size(source: Path) -> None:
    whole = read_video(source, FrameRecipe(short=0, coding="png")).at([3])
    again = read_video(source, FrameRecipe(short=0, coding="png")).at([3])
    assert whole.shape == (1, 64, 96, 3)
    np.testing.assert_array_equal(whole, again)
    lossy = read_video(source, FrameRecipe(short=0)).at([3])
    assert 0 < np.abs(whole.astype(int) - lossy).mean() < 3


def test_a_turned_recording_stands_upright(tmp_path: Path) -> None:
    turned = read_video(film(tmp_path / "turned.mp4", range(6), rotation=90), RECIPE)
    pictures = turned.at(range(6))
    assert pictures.shape[1:] == (72, 48, 3)
    assert numbers_of(pictures) == list(range(6))


def test_a_proxy_shows_the_frames_of_its_source(source: Path, tmp_path: Path) -> None:
    frames = ProxyFrames.open(proxy_of(source, tmp_path / "proxy.mp4"), RECIPE)
    assert len(frames) == COUNT
    pictures = frames.at([20, 4, 20])
    assert pictures.shape == (3, 48, 72, 3)
    assert numbers_of(pictures) == [20, 4, 20]


def test_pictures_are_frames_in_the_order_of_their_numbers(tmp_path: Path, held: HeldFrames) -> None:
    for number in (10, 9, 100):
        cv2.imwrite(str(tmp_path / f"img_{number}.png"), held.at([number % 30])[0, :, :, ::-1])
    frames = read_pictures(tmp_path, FrameRecipe(coding="png"))
    assert numbers_of(frames.at(range(3))) == [9, 10, 10]
    with pytest.raises(WrongRange, match="says seconds, and its recording has no clock"):
        range_of(sample(tmp_path, seconds=(0.0, 1.0)), frames)


def test_pictures_that_are_none_or_differ_in_size_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="holds no picture"):
        read_pictures(tmp_path, RECIPE)
    cv2.imwrite(str(tmp_path / "1.png"), np.zeros((20, 30, 3), np.uint8))
    cv2.imwrite(str(tmp_path / "2.png"), np.zeros((20, 40, 3), np.uint8))
    with pytest.raises(BadFile, match=r"2\.png is 40 x 20, and the picture before it 30 x 20"):
        read_pictures(tmp_path, RECIPE)
    (tmp_path / "2.png").write_bytes(b"no picture")
    with pytest.raises(BadFile, match=r"2\.png is no picture, or is damaged"):
        read_pictures(tmp_path, RECIPE)


def test_frames_and_seconds_say_the_same(held: HeldFrames, source: Path) -> None:
    assert range_of(sample(source), held) == range(COUNT)
    assert range_of(sample(source, start=5, end=9), held) == range(5, 9)
    assert range_of(sample(source, seconds=(0.2, 0.36)), held) == range(5, 9)
    assert range_of(sample(source, seconds=(0.21, 0.37)), held) == range(5, 10)
    assert range_of(sample(source, seconds=(1.0, 99.0)), held) == range(25, 30), "to the recording's end"


@given(st.integers(0, COUNT - 1), st.integers(1, COUNT))
def test_every_range_of_frames_is_found_by_its_seconds(
    held: HeldFrames, source: Path, start: int, frames: int
) -> None:
    stop = min(start + frames, COUNT)
    assert range_of(sample(source, seconds=(start / 25, stop / 25)), held) == range(start, stop)


def test_seconds_follow_the_clock_where_frames_are_uneven(tmp_path: Path) -> None:
    uneven = read_video(film(tmp_path / "a.mp4", range(4), pts=[0, 5, 6, 30]), RECIPE)
    assert range_of(sample(tmp_path, seconds=(0.1, 0.21)), uneven) == range(2)
    assert range_of(sample(tmp_path, seconds=(0.9, 1.3)), uneven) == range(2, 4)


@pytest.mark.parametrize(
    "changes",
    [{"start": 5, "end": 31}, {"start": 30, "end": 40}, {"seconds": (1.3, 2.0)}, {"seconds": (0.4, 0.4)}],
)
def test_a_sample_outside_its_recording_is_refused(
    held: HeldFrames, source: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(WrongRange, match=r"source\.mp4 .* does not lie in its recording of 30 frames"):
        range_of(sample(source, **changes), held)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("no video")
    with pytest.raises(MediaError):
        read_video(tmp_path / "a.mp4", RECIPE)


def test_recipes_have_names_of_their_own() -> None:
    recipes = [FrameRecipe(), FrameRecipe(short=128), FrameRecipe(coding="png")]
    assert len({recipe.fingerprint for recipe in recipes}) == 3
    assert FrameRecipe().fingerprint == FrameRecipe().fingerprint
