"""Samples become clips: frames of videos, flow between them, bodies on the network's skeleton."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from tests.training.ml.fit.small import CLASSES, RECIPE, Drawn
from training.ml.augment.clips import Kind
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Dataset, Holds, Protocol, Sample, WrongProtocol
from training.ml.datasets.frames import Frames, HeldFrames
from training.ml.errors import BadFile
from training.ml.features.pack import packed_whole
from training.ml.fit.recipe import Bodies, Sight
from training.ml.fit.skeletons import SkeletonReader
from training.ml.fit.stock import stocked
from training.ml.fit.videos import VideoReader
from training.ml.sampling import Dense, Uniform

pytestmark = pytest.mark.usefixtures("small")

SAMPLE = Sample(path=Path("film.mp4"), label="red", start=2, end=8)


def picture(n: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """A textured block that moves by two px a frame, on a ground of the frame's number."""
    found = np.full((48, 64, 3), 10 * n, np.uint8)
    block = np.random.default_rng(0).integers(0, 256, (20, 20, 3)).astype(np.uint8)
    found[14:34, 10 + 2 * n : 30 + 2 * n] = block.repeat(1, 0)
    return found


@dataclass(frozen=True)
class Film:
    """Ten frames in memory."""

    def frames_of(self, sample: Sample) -> Frames:
        return HeldFrames(tuple(packed_whole(picture(n)) for n in range(10)), None)


@dataclass(frozen=True)
class Panned:
    """Ten frames of a camera that turns by two px a frame."""

    def frames_of(self, sample: Sample) -> Frames:
        wide = np.random.default_rng(0).integers(0, 256, (12, 24, 3)).astype(np.uint8)
        wide = cv2.resize(wide, (192, 96), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
        return HeldFrames(tuple(packed_whole(wide[:, 40 - 2 * n : 168 - 2 * n]) for n in range(10)), None)


def sight(kind: Kind = Kind.PICTURES) -> Sight:
    return Sight(
        kind=kind,
        sampler=Uniform(length=3),
        tested=Dense(length=2, views=3),
        pipeline=Pipeline(),
        test_pipeline=Pipeline(),
    )


def moments_of(reader: VideoReader) -> torch.Tensor:
    """Three moments of the sample, (3, C, T, H, W)."""
    return torch.cat([each.x for each in reader.fixed(SAMPLE, 3)])


def test_frames_are_those_of_the_sample_and_no_others() -> None:
    reader = VideoReader(sight(), Film())
    shown = reader.drawn(SAMPLE, np.random.default_rng(0))
    assert shown.x.shape == (1, 3, 3, 48, 64)
    numbers = (shown.x[0, 0, :, 0, 0] // 10).tolist()
    assert numbers == sorted(numbers)
    assert 2 <= numbers[0] <= numbers[-1] < 8


def test_the_test_sees_every_view() -> None:
    shown = list(VideoReader(sight(), Film()).fixed(SAMPLE, 3))
    assert [each.x.shape for each in shown] == [(1, 3, 2, 48, 64)] * 3
    assert [(each.x[0, 0, :, 0, 0] // 10).tolist() for each in shown] == [[2, 3], [4, 5], [6, 7]]


def test_flow_begins_in_each_frame_and_ends_in_the_next() -> None:
    shown = moments_of(VideoReader(sight(Kind.FLOW), Film()))
    assert shown.shape == (3, 2, 2, 48, 64)
    moving = shown[0, :, 0, 20:28, 22:26].float().mean((1, 2)) / 255 * 40 - 20
    assert moving[0] == pytest.approx(2, abs=0.7), "px to the right"
    assert moving[1] == pytest.approx(0, abs=0.5)
    last = shown[2, :, 1]
    assert (last.float() - 127.5).abs().max() < 1, "after the last frame nothing moves"


def test_streams_are_pictures_and_the_flow_from_each() -> None:
    both, pictures, flow = (
        moments_of(VideoReader(sight(kind), Film())) for kind in (Kind.STREAMS, Kind.PICTURES, Kind.FLOW)
    )
    assert torch.equal(both, torch.cat([pictures, flow], 1))


def test_warped_flow_is_without_the_cameras() -> None:
    plain, warped = (
        moments_of(VideoReader(replace(sight(Kind.FLOW), warp=warp), Panned()))[:2].float() - 127.5
        for warp in (False, True)
    )
    assert plain[:, 0].mean() > 5 > warped.abs().mean() * 4


def dataset() -> Dataset:
    samples = tuple(Sample(path=Path(f"nowhere/{n}.mp4"), label=CLASSES[n % 3]) for n in range(6))
    return Dataset(
        name="drawn",
        classes=CLASSES,
        samples=samples,
        protocols={"all": Protocol((0, 1, 2), (3,), (4, 5))},
        using="all",
    )


def test_chosen_classes_are_numbered_in_their_order_and_others_left_out() -> None:
    stock = stocked(dataset(), ("blue", "red"), RECIPE.sees, Drawn())
    assert [sample.label for sample in stock.train.samples] == ["red", "blue"]
    assert stock.train.label_N.tolist() == [1, 0]
    assert stocked(dataset(), (), RECIPE.sees, Drawn()).classes == CLASSES
    with pytest.raises(WrongProtocol, match="drawn has no class pink"):
        stocked(dataset(), ("pink",), RECIPE.sees, Drawn())


def test_a_recording_that_is_not_there_is_named() -> None:
    stock = stocked(dataset(), (), RECIPE.sees, Drawn())
    with pytest.raises(BadFile, match=r"nowhere/4\.mp4 is not there"):
        stock.side("test").there()
    with pytest.raises(WrongProtocol, match="no side named all"):
        stock.side("all")


def test_a_view_hangs_on_its_generator_alone() -> None:
    side = stocked(dataset(), (), RECIPE.sees, Drawn()).train
    first, second = (side.learned(0, np.random.default_rng(7)) for _ in range(2))
    assert torch.equal(first[0], second[0])
    assert first[1].tolist() == [1, 0, 0]
    assert not torch.equal(side.learned(0, np.random.default_rng(8))[0], first[0])


@pytest.mark.parametrize(("graph", "joints"), [("openpose25", 25), ("cpm14", 14)])
def test_of_flat_poses_the_surest_are_kept_and_stay_as_sure(graph: str, joints: int, tmp_path: Path) -> None:
    folder = tmp_path / "wave" / "one"
    folder.mkdir(parents=True)
    wide, sure = np.random.default_rng(0).uniform(1, 400, (2, 25, 3))
    wide[:, 2], sure[:, 2] = 0.2, 0.9
    sure[:, :2] /= 10
    people = [{"pose_keypoints_2d": each.ravel().tolist()} for each in (wide, sure)]
    for n in range(3):
        (folder / f"{n}_keypoints.json").write_text(json.dumps({"people": people}))
    sees = Bodies(graph=graph, frames=3, people=1, upright=False, pipeline=Pipeline())
    (shown,) = SkeletonReader(sees).fixed(Sample(path=folder, label="wave", holds=Holds.SKELETON), 1)
    assert shown.x.shape == (1, 3, 3, joints, 1)
    assert {round(each, 5) for each in shown.x[0, 2].flatten().tolist()} <= {0.0, 0.9}
    assert float(shown.x[0, 2].mean()) > 0.8
