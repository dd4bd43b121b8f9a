"""Steps are the same whoever reads them; clips of any kind are mixed where the pipeline says so."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from curation.media.decode import decode_pass
from tests.training.ml.datasets.films import film, numbers_of
from tests.training.ml.fit.small import CLASSES, recipe
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.mixing import Mixup
from training.ml.augment.moves import Crop
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Sample, read_dataset
from training.ml.datasets.cache import FrameCache
from training.ml.datasets.frames import FrameRecipe
from training.ml.errors import BadFile
from training.ml.fit.feeding import Part, parts_of
from training.ml.fit.recipe import Bodies, FitRecipe, LossRecipe, Sight
from training.ml.fit.stock import Side, stocked
from training.ml.fit.team import Team
from training.ml.fit.videos import VideoReader
from training.ml.sampling import Dense

pytestmark = pytest.mark.usefixtures("small")

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
OPEN = SHARED / "data/biisc_actions/open"
AS_IT_IS = Sight(
    sampler=Dense(length=2), tested=Dense(length=2), pipeline=Pipeline("as it is"), test_pipeline=Pipeline()
)


@dataclass(frozen=True)
class Standing:
    """Each class's person stands at its own place."""

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        x_NCTVM = torch.full((1, 3, 4, 14, 1), float(CLASSES.index(sample.label)))
        return Clips(x_NCTVM, Kind.SKELETON, graph="cpm14")

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        yield self.drawn(sample, np.random.default_rng(0))


def test_bodies_are_mixed_in_the_shares_of_their_targets() -> None:
    sees = Bodies(graph="cpm14", frames=4, upright=False, pipeline=Pipeline("mixed", mixes=(Mixup(1.0),)))
    of = recipe(network="st_gcn", sees=sees, loss=LossRecipe(kind="soft_target"), batch=6)
    samples = tuple(Sample(path=Path(str(n)), label=CLASSES[n % 3]) for n in range(6))
    side = Side(samples, torch.arange(6) % 3, CLASSES, sees, Standing())
    ((part,),) = parts_of(of, side, Team(), 1, 0, torch.ones(3), 0)
    torch.testing.assert_close(part.target_BK.sum(1), torch.ones(6))
    torch.testing.assert_close(part.x[:, 0, 0, 0, 0], part.target_BK @ torch.arange(3.0))
    assert (part.target_BK.amax(1) < 0.99).any()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sample, ...]:
    """Six recordings; frame n of recording k tells 100 k + n."""
    root = tmp_path_factory.mktemp("films")
    return tuple(
        Sample(path=film(root / f"{k}.mp4", range(100 * k, 100 * k + 20)), label=CLASSES[k % 3])
        for k in range(6)
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> FrameCache:
    return FrameCache(tmp_path_factory.mktemp("cache"), FrameRecipe(short=0, coding="png"))


def fed(
    samples: tuple[Sample, ...], cache: FrameCache, of: FitRecipe, epoch: int = 1, workers: int = 0
) -> list[Part]:
    assert isinstance(of.sees, Sight)
    label_N = torch.tensor([CLASSES.index(each.label) for each in samples])
    side = Side(samples, label_N, CLASSES, of.sees, VideoReader(of.sees, cache))
    return [part for parts in parts_of(of, side, Team(), epoch, 0, torch.ones(3), workers) for part in parts]


def numbers(parts: list[Part]) -> list[int]:
    """Of the first frame of each clip."""
    firsts = [(255 * x_CTHW[:, 0]).round().byte() for part in parts for x_CTHW in part.x]
    return numbers_of(torch.stack(firsts).permute(0, 2, 3, 1).numpy())


def test_workers_change_nothing(films: tuple[Sample, ...], cache: FrameCache) -> None:
    of = recipe(sees=AS_IT_IS)
    alone, helped = (fed(films, cache, of, workers=workers) for workers in (0, 2))
    assert [part.x.shape for part in alone] == [(3, 3, 2, 64, 96)] * 2
    for one, other in zip(alone, helped, strict=True):
        assert torch.equal(one.x, other.x)
        assert torch.equal(one.target_BK, other.target_BK)


def test_every_clip_comes_once_an_epoch_and_what_is_drawn_hangs_on_seed_and_epoch(
    films: tuple[Sample, ...], cache: FrameCache
) -> None:
    of = recipe(sees=AS_IT_IS)
    first = numbers(fed(films, cache, of))
    assert sorted(number // 100 for number in first) == list(range(6))
    assert len({number % 100 for number in first}) > 1
    assert numbers(fed(films, cache, of)) == first
    assert numbers(fed(films, cache, of, epoch=2)) != first
    assert numbers(fed(films, cache, replace(of, seed=6))) != first


@pytest.mark.parametrize("workers", [0, 1])
def test_a_sample_that_cannot_be_read_is_named(
    films: tuple[Sample, ...], cache: FrameCache, tmp_path: Path, workers: int
) -> None:
    (tmp_path / "broken.mp4").write_text("no video")
    samples = (films[0], Sample(path=tmp_path / "broken.mp4", label="red"))
    with pytest.raises(BadFile, match=r"^broken\.mp4: This is a text file"):
        fed(samples, cache, recipe(sees=AS_IT_IS), workers=workers)


def test_clips_of_two_sizes_make_no_batch(
    films: tuple[Sample, ...], cache: FrameCache, tmp_path: Path
) -> None:
    tall = Sample(path=film(tmp_path / "tall.mp4", range(9), rotation=90), label="red")
    with pytest.raises(BadFile, match=r"^Clips of \(3, 2, 64, 96\) and \(3, 2, 96, 64\) make no batch"):
        fed((films[0], tall), cache, recipe(sees=AS_IT_IS))
    squares = replace(AS_IT_IS, pipeline=Pipeline("square", (Crop(40),)))
    (part,) = fed((films[0], tall), cache, recipe(sees=squares))
    assert part.x.shape == (2, 3, 2, 40, 40)


@pytest.mark.footage
def test_real_recordings_make_steps(tmp_path: Path) -> None:
    if not OPEN.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no actions")
    dataset = read_dataset("labels_csv", OPEN, protocol="cross-subject-1-of-3")
    cache = FrameCache(tmp_path, FrameRecipe(short=64))
    sees = replace(AS_IT_IS, pipeline=Pipeline("square", (Crop(56),)))
    side = stocked(dataset, (), sees, VideoReader(sees, cache)).train.some(6)
    of = recipe(sees=sees, batch=3)
    masses_K = torch.ones(len(side.classes))
    first, second = (
        torch.cat([parts[0].x for parts in parts_of(of, side, Team(), 1, 0, masses_K, 0)]) for _ in range(2)
    )
    assert first.shape == (6, 3, 2, 56, 56)
    assert torch.equal(first, second)
    assert len(list(tmp_path.rglob("*.safetensors"))) == 6
    for sample in side.samples:
        assert len(cache.frames_of(sample)) == len(decode_pass(sample.path).index)
