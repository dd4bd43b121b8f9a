"""The laws of every pipeline: alike for all frames, alike alone and in a batch, and the same from a seed."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.augment.footage import flow, generators, pictures, skeletons, still
from training.ml.augment.clips import Clips, Kind, WrongKind, as_bytes
from training.ml.augment.holes import Cutout
from training.ml.augment.moves import Affine, Crop, Flip, MultiScaleCornerCrop, RandomResizedCrop, ResizeShort
from training.ml.augment.paint import Paint
from training.ml.augment.pipeline import BadPipeline, Pipeline
from training.ml.augment.presets import PRESETS
from training.ml.augment.rand_augment import RandAugment
from training.ml.augment.tint import ColourJitter, Tint
from training.ml.augment.warp import Warp

SMALL = {
    "pictures": Pipeline(
        "pictures",
        (
            ResizeShort(20, 28),
            Affine(shear=5),
            RandomResizedCrop(16, (0.3, 1)),
            Flip(),
            RandAugment(),
            ColourJitter(hue=0.1),
            Cutout(),
        ),
    ),
    "flow": Pipeline("flow", (MultiScaleCornerCrop(16), Affine(), Flip(), Cutout())),
    "skeleton": PRESETS["skeleton"],
}
CLIPS = {"pictures": pictures(), "flow": flow(), "skeleton": skeletons()}
EACH = pytest.mark.parametrize("name", SMALL)
SEEDS = st.integers(0, 10_000)


@EACH
@given(seed=SEEDS)
@settings(max_examples=25)
def test_a_worker_gives_what_a_batch_gives(name: str, seed: int) -> None:
    pipeline, clips = SMALL[name], CLIPS[name]
    batch = pipeline(clips, generators(seed))
    for n, generator in enumerate(generators(seed)):
        alone = pipeline(replace(clips, x=clips.x[n : n + 1], target_BK=None), [generator])
        assert torch.equal(alone.x[0], batch.x[n])


@pytest.mark.parametrize("name", ["pictures", "flow"])
@given(seed=SEEDS)
@settings(max_examples=25)
def test_frames_that_are_alike_stay_alike(name: str, seed: int) -> None:
    shown = SMALL[name](still(CLIPS[name]), generators(seed)).x
    assert torch.equal(shown, shown[:, :, :1].expand_as(shown))


@EACH
def test_a_seed_gives_the_same_clip_and_another_seed_another(name: str) -> None:
    first, again, other = (SMALL[name](CLIPS[name], generators(seed)).x for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@given(seed=SEEDS)
@settings(max_examples=25)
def test_pictures_stay_in_range_and_whole(seed: int) -> None:
    shown = SMALL["pictures"](CLIPS["pictures"], generators(seed)).x
    assert shown.shape == (2, 3, 3, 16, 16)
    assert 0 <= float(shown.min()) <= float(shown.max()) <= 1 + 1e-6


IDENTITY = Pipeline(
    "identity",
    (
        ResizeShort(24, 24),
        RandomResizedCrop(24, (1, 1), (1, 1)),
        Affine(0, 0, (1, 1)),
        Flip(0),
        Crop(24, "centre"),
    ),
)


def test_numbers_that_change_nothing_leave_every_bit() -> None:
    clips = pictures(height=24, width=24)
    shown = Pipeline("", (*IDENTITY.steps, ColourJitter(0, 0, 0), Cutout(chance=0))).show(
        clips, [Pipeline("", IDENTITY.steps).draw(np.random.default_rng(0), clips.shape)] * 2
    )
    assert torch.equal(as_bytes(shown.x, Kind.PICTURES), clips.x)
    floats = Clips(torch.rand(2, 3, 3, 24, 24))
    assert torch.equal(IDENTITY(floats, generators(0)).x, floats.x)
    bytes_ = flow(height=24, width=24)
    assert torch.equal(as_bytes(IDENTITY(bytes_, generators(0)).x, Kind.FLOW), bytes_.x)


@pytest.mark.parametrize("clips", [pictures(), flow(), skeletons()], ids=lambda clips: str(clips.kind))
def test_a_clip_flipped_twice_is_as_it_was(clips: Clips) -> None:
    once = Pipeline("once", (Flip(1.0),))(clips, generators(0)).x
    twice = Pipeline("twice", (Flip(1.0), Flip(1.0)))(clips, generators(0)).x
    assert not torch.equal(once, twice)
    assert torch.equal(twice, Pipeline("none")(clips, generators(0)).x)


def test_moves_that_follow_each_other_are_one() -> None:
    view = PRESETS["all"].draw(np.random.default_rng(0), pictures(height=360, width=640).shape)
    assert [type(each).__name__ for each in view.steps] == ["Moments", "Warp", "Tint", "Hole"]


def test_a_mirror_swaps_the_classes_that_differ_in_sides() -> None:
    clips = pictures(count=3)
    pipeline = Pipeline("sides", (Flip(1.0),), swaps=(("wave left", "wave right"),))
    target_BK = pipeline(clips, generators(0, 3)).target_BK
    assert target_BK is not None
    assert target_BK.argmax(1).tolist() == [1, 0, 2]
    twice = Pipeline("sides", (Flip(1.0), Flip(1.0)), swaps=pipeline.swaps)
    assert twice(clips, generators(0, 3)).target_BK is clips.target_BK


def test_only_mirrored_clips_of_a_batch_are_swapped() -> None:
    clips = pictures(count=2)
    pipeline = Pipeline("sides", (Flip(),), swaps=(("wave left", "wave right"),))
    views = [pipeline.draw(np.random.default_rng(seed), clips.shape) for seed in range(20)]
    plain = next(view for view in views if not view.mirrored)
    flipped = next(view for view in views if view.mirrored)
    target_BK = pipeline.show(clips, [flipped, plain]).target_BK
    assert target_BK is not None
    assert target_BK.argmax(1).tolist() == [1, 1]


def test_a_class_that_is_not_there_cannot_be_swapped() -> None:
    pipeline = Pipeline("sides", (Flip(1.0),), swaps=(("wave left", "wave rigth"),))
    with pytest.raises(BadPipeline, match="wave rigth"):
        pipeline(pictures(), generators(0))


def test_colours_of_flow_and_crops_of_skeletons_are_refused() -> None:
    with pytest.raises(WrongKind, match="colour_jitter changes pictures"):
        Pipeline("x", (ColourJitter(),))(flow(), generators(0))
    with pytest.raises(WrongKind, match="crop changes pictures and flow"):
        Pipeline("x", (Crop(),))(skeletons(), generators(0))


def test_a_clip_without_a_view_is_refused() -> None:
    with pytest.raises(WrongKind, match="2 clips and 1 views"):
        Pipeline("x").show(pictures(), [Pipeline("x").draw(np.random.default_rng(0), pictures().shape)])


def test_clips_of_wrong_axes_are_refused() -> None:
    with pytest.raises(WrongKind, match=r"\(B, C, T, H, W\) with 3"):
        Clips(torch.zeros(2, 4, 1, 8, 8))
    with pytest.raises(WrongKind, match="int32"):
        Clips(torch.zeros(2, 3, 1, 8, 8, dtype=torch.int32))


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "skeleton"])
def test_every_preset_shows_squares_of_site_footage(name: str) -> None:
    clips = pictures(count=1, frames=2, height=180, width=320)
    assert PRESETS[name].draw(np.random.default_rng(0), clips.shape).steps
    shown = PRESETS[name](clips, generators(0, 1)).x
    assert shown.shape[3] == shown.shape[4] in (160, 224, 256, 312)


def test_captions_say_what_was_drawn() -> None:
    shape = pictures(height=240, width=320).shape
    view = Pipeline("", (ResizeShort(300, 300), Crop(224, "left"), Flip(1.0))).draw(generators(0)[0], shape)
    assert view.caption == "short side 300 · crop left · flipped"
    assert Tint(1.1, 0.9).caption == "light x1.10, contrast x0.90"
    assert Paint((("posterise", 7),)).caption == "posterise 7"
    assert isinstance(view.steps[0], Warp)


def test_streams_are_seen_in_one_way_and_only_pictures_change_their_colours() -> None:
    colours, moving = pictures(), flow()
    both = replace(colours, x=torch.cat([colours.x, moving.x], 1), kind=Kind.STREAMS)
    shown = SMALL["pictures"](both, generators(3))
    views = [SMALL["pictures"].draw(each, colours.shape) for each in generators(3)]
    assert torch.equal(shown.x[:, :3], SMALL["pictures"].show(colours, views).x)
    assert torch.equal(shown.x[:, 3:], SMALL["pictures"].show(moving, [each.of_flow for each in views]).x)
    assert not any(isinstance(step, Tint | Paint) for view in views for step in view.of_flow.steps)
    assert shown.target_BK is not None


def test_a_hole_of_streams_is_grey_in_pictures_and_still_in_flow() -> None:
    both = Clips(torch.full((1, 5, 2, 8, 8), 255, dtype=torch.uint8), Kind.STREAMS)
    shown = Pipeline("hole", (Cutout(side=2.0),))(both, generators(0, 1)).x
    assert float(shown[:, :3].amin()) == pytest.approx(0.45)
    assert float(shown[:, 3:].amin()) == 0


def test_streams_are_worked_each_in_its_own_range() -> None:
    both = Clips(torch.full((1, 5, 2, 4, 4), 255, dtype=torch.uint8), Kind.STREAMS)
    half = replace(both, x=both.x // 2)
    shown = Pipeline("none")(half, generators(0, 1)).x
    assert shown[0, :, 0, 0, 0].tolist() == pytest.approx([127 / 255] * 3 + [-0.5 / 127.5] * 2)
    assert torch.equal(as_bytes(shown, Kind.STREAMS), half.x)
    with pytest.raises(WrongKind, match=r"Clips of streams are \(B, C, T, H, W\) with 5 channels"):
        replace(both, x=both.x[:, :4])
