"""Clips are bytes of the frames that were drawn, and hang on seed, epoch and place alone."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from curation.media.decode import decode_pass
from tests.training.ml.datasets.films import film, numbers_of
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import read_dataset
from training.ml.datasets.base import UNKNOWN, Dataset, Sample
from training.ml.datasets.cache import Decoded, FrameCache
from training.ml.datasets.clips import CentreSquare, Changed, Clip, DrawnClips, FixedClips
from training.ml.datasets.frames import FrameRecipe
from training.ml.datasets.loading import BadSample, Batches, Order, Shuffled
from training.ml.errors import LearningError
from training.ml.sampling import Dense, Uniform

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
OPEN = SHARED / "data/biisc_actions/open"
SOURCE = Decoded(FrameRecipe(short=0, coding="png"))
LABELS = ("run", "walk", "run", "walk", "run", "")


def same(x_TCHW: Tensor, generator: np.random.Generator) -> Tensor:
    return x_TCHW


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Six recordings; frame n of recording k tells 100 k + n."""
    root = tmp_path_factory.mktemp("films")
    samples = tuple(
        Sample(path=film(root / f"{k}.mp4", range(100 * k, 100 * k + 20)), label=label)
        for k, label in enumerate(LABELS)
    )
    return Dataset(name="films", classes=("walk", "run"), samples=samples)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> FrameCache:
    return FrameCache(tmp_path_factory.mktemp("cache"), FrameRecipe(short=0, coding="png"))


def shown(x_CTHW: Tensor) -> list[int]:
    return numbers_of(x_CTHW.permute(1, 2, 3, 0).numpy())


def test_a_clip_shows_the_frames_that_the_sampler_says(films: Dataset) -> None:
    clip = FixedClips(films, films.samples, Dense(length=3, stride=2), SOURCE, same)[2]
    assert clip.x_CTHW.shape == (3, 3, 64, 96)
    assert clip.x_CTHW.dtype == torch.uint8
    assert shown(clip.x_CTHW) == [207, 209, 211]
    assert (clip.label, clip.place) == (1, 2)


def test_a_part_of_a_recording_is_counted_from_its_start(films: Dataset) -> None:
    part = Sample(path=films.samples[1].path, label="", start=10, end=14)
    clip = FixedClips(films, [part], Uniform(length=4), SOURCE, same)[0]
    assert shown(clip.x_CTHW) == [110, 111, 112, 113]
    assert clip.label == UNKNOWN


def test_all_views_of_a_sample_come_one_after_the_other(films: Dataset) -> None:
    clips = FixedClips(films, films.samples[:2], Dense(length=2, views=3), SOURCE, same)
    assert [(shown(clips[n].x_CTHW)[0], clips[n].place) for n in range(len(clips))] == [
        (0, 0),
        (9, 0),
        (18, 0),
        (100, 1),
        (109, 1),
        (118, 1),
    ]


def test_what_is_drawn_hangs_on_seed_epoch_and_place_alone(films: Dataset, cache: FrameCache) -> None:
    def starts(seed: int, epoch: int) -> list[int]:
        clips = DrawnClips(films, films.samples, Dense(length=2), cache, same, seed=seed)
        return [shown(clips[epoch, place].x_CTHW)[0] for place in range(6)]

    assert starts(1, 0) == starts(1, 0)
    assert starts(1, 0) != starts(1, 1)
    assert starts(1, 0) != starts(2, 0)
    assert len({start % 100 for start in starts(1, 0)}) > 1


def test_changes_draw_from_the_clips_own_numbers(films: Dataset) -> None:
    def dimmed(x_TCHW: Tensor, generator: np.random.Generator) -> Tensor:
        return (x_TCHW * generator.random()).to(torch.uint8)

    clips = DrawnClips(films, films.samples, Uniform(length=2), SOURCE, dimmed)
    one, again = clips[3, 4], clips[3, 4]
    assert torch.equal(one.x_CTHW, again.x_CTHW)
    assert not torch.equal(one.x_CTHW, clips[4, 4].x_CTHW)


@pytest.mark.parametrize("workers", [0, 2])
def test_workers_change_nothing(films: Dataset, cache: FrameCache, workers: int) -> None:
    clips = DrawnClips(films, films.samples, Dense(length=2), cache, CentreSquare(32), seed=5)
    order = Shuffled(len(clips), seed=5)
    batches = Batches(clips, order, batch=4, workers=workers)
    for epoch in (0, 1):
        order.epoch = epoch
        found = list(batches)
        assert [tuple(batch.x_CTHW.shape) for batch in found] == [(4, 3, 2, 32, 32), (2, 3, 2, 32, 32)]
        places = [int(place) for batch in found for place in torch.as_tensor(batch.place)]
        assert sorted(places) == list(range(6))
        for batch in found:
            for x_CTHW, place in zip(batch.x_CTHW, torch.as_tensor(batch.place), strict=True):
                assert torch.equal(x_CTHW, clips[epoch, int(place)].x_CTHW)


def test_epochs_are_shuffled_each_in_its_own_way_and_ranks_share_them() -> None:
    def places(epoch: int, rank: int = 0, ranks: int = 1) -> list[int]:
        order = Shuffled(7, seed=3, rank=rank, ranks=ranks)
        order.epoch = epoch
        assert len(list(order)) == len(order)
        return [place for _, place in order]

    assert places(0) == places(0) != places(1)
    assert sorted(places(0)) == list(range(7))
    shares = [places(2, rank, 2) for rank in (0, 1)]
    assert [len(share) for share in shares] == [4, 4]
    assert set(shares[0]) | set(shares[1]) == set(range(7))


@pytest.mark.parametrize("workers", [0, 1])
def test_a_sample_that_cannot_be_read_is_named(films: Dataset, tmp_path: Path, workers: int) -> None:
    (tmp_path / "broken.mp4").write_text("no video")
    samples = [*films.samples[:1], Sample(path=tmp_path / "broken.mp4", label="run")]
    clips = FixedClips(films, samples, Uniform(length=2), SOURCE, CentreSquare(32))
    with pytest.raises(BadSample, match=r"^broken\.mp4: This is a text file"):
        list(Batches(clips, Order(2), batch=2, workers=workers))


def test_clips_of_two_sizes_make_no_batch(films: Dataset, tmp_path: Path) -> None:
    tall = Sample(path=film(tmp_path / "tall.mp4", range(9), rotation=90), label="run")
    clips = FixedClips(films, [films.samples[0], tall], Uniform(length=2), SOURCE, same)
    with pytest.raises(BadSample, match=r"\(3, 2, 64, 96\) and \(3, 2, 96, 64\) make no batch"):
        list(Batches(clips, Order(2), batch=2))
    squares = FixedClips(films, [films.samples[0], tall], Uniform(length=2), SOURCE, CentreSquare(40))
    (batch,) = Batches(squares, Order(2), batch=2)
    assert isinstance(batch, Clip)
    assert batch.x_CTHW.shape == (2, 3, 2, 40, 40)


def test_batches_of_nothing_are_refused(films: Dataset) -> None:
    clips = FixedClips(films, films.samples, Uniform(length=2), SOURCE, same)
    with pytest.raises(LearningError, match="Batches of 0 clips by 0 workers"):
        Batches(clips, Order(6), batch=0)


def test_a_pipeline_of_augment_is_a_change(films: Dataset) -> None:
    clips = DrawnClips(films, films.samples, Uniform(length=2), SOURCE, Changed(Pipeline("none")))
    x_CTHW = clips[0].x_CTHW
    assert x_CTHW.is_floating_point()
    assert 0.3 < float(x_CTHW.max()) <= 1
    with pytest.raises(LearningError, match="The pipeline mirrored changes labels as well"):
        Changed(Pipeline("mirrored", swaps=(("left", "right"),)))


@pytest.mark.footage
def test_real_recordings_make_batches(tmp_path: Path) -> None:
    if not OPEN.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no actions")
    dataset = read_dataset("labels_csv", OPEN, protocol="cross-subject-1-of-3")
    cache = FrameCache(tmp_path, FrameRecipe(short=64))
    clips = DrawnClips(dataset, dataset.train[:6], Uniform(length=4), cache, CentreSquare(56))
    batches = Batches(clips, Shuffled(6, seed=0), batch=3)
    first, second = (torch.cat([batch.x_CTHW for batch in batches]) for _ in range(2))
    assert first.shape == (6, 3, 4, 56, 56)
    assert torch.equal(first, second)
    assert len(list(tmp_path.rglob("*.safetensors"))) == 6
    for sample in clips.samples:
        assert len(cache.frames_of(sample)) == len(decode_pass(sample.path).index)
