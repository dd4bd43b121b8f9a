"""Mixed clips have mixed targets, in the shares that are really seen."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.augment.footage import pictures, skeletons
from training.ml.augment.clips import Clips, Kind, Shape, WrongKind, worked
from training.ml.augment.mixing import Blend, CutMix, Mix, Mixup, mixed
from training.ml.augment.pipeline import Pipeline

MIXES: dict[str, Mix] = {"mixup": Mixup(), "tube": CutMix(), "cuboid": CutMix(form="cuboid")}
EACH = pytest.mark.parametrize("name", MIXES)


def levels() -> Clips:
    """Three clips, each of one level: 0, 0.25 and 0.5."""
    x_BCTHW = torch.arange(3).div(4).view(3, 1, 1, 1, 1).expand(3, 3, 4, 10, 12)
    return Clips(x_BCTHW).labelled(torch.arange(3), ("a", "b", "c"))


@EACH
@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_targets_sum_to_one_and_say_what_is_seen(name: str, seed: int) -> None:
    clips = levels()
    shown = Pipeline("", mixes=(MIXES[name],)).mix(clips, np.random.default_rng(seed))
    assert shown.target_BK is not None
    assert shown.target_BK.sum(1).tolist() == pytest.approx([1, 1, 1])
    assert (shown.target_BK >= 0).all()
    # The mean level of a clip is what its target says of the three levels.
    said_B = shown.target_BK @ torch.tensor([0.0, 0.25, 0.5])
    assert shown.x.mean((1, 2, 3, 4)).tolist() == pytest.approx(said_B.tolist(), abs=1e-5)


@given(
    seed=st.integers(0, 10_000), frames=st.integers(1, 9), height=st.integers(1, 40), width=st.integers(1, 40)
)
@settings(max_examples=60)
def test_boxes_lie_inside_and_their_area_is_the_share(
    seed: int, frames: int, height: int, width: int
) -> None:
    shape = Shape(Kind.PICTURES, frames, height, width)
    for mix in (CutMix(), CutMix(form="cuboid")):
        for blend in mix.draw(np.random.default_rng(seed), shape, 4):
            assert blend.box is not None
            t0, t1, y0, y1, x0, x1 = blend.box
            assert 0 <= t0 <= t1 <= frames
            assert 0 <= y0 <= y1 <= height
            assert 0 <= x0 <= x1 <= width
            assert blend.kept == pytest.approx(
                1 - (t1 - t0) * (y1 - y0) * (x1 - x0) / (frames * height * width)
            )
            assert mix.form == "cuboid" or (t0, t1) == (0, frames)


def test_a_cuboid_is_seen_in_some_frames_only() -> None:
    shape = Shape(Kind.PICTURES, 8, 20, 20)
    blends = CutMix(form="cuboid").draw(np.random.default_rng(0), shape, 20)
    assert any(blend.box is not None and blend.box[:2] != (0, 8) for blend in blends)


def test_a_box_shows_the_partner_and_nothing_else() -> None:
    clips = levels()
    shown = mixed(
        clips, [Blend(1, 0.5, (1, 3, 2, 4, 5, 9)), Blend(0, 1, (0, 0, 0, 0, 0, 0)), Blend(2, 1, (0,) * 6)]
    )
    expected = clips.x.clone()
    expected[0, :, 1:3, 2:4, 5:9] = 0.25
    assert torch.equal(shown.x, expected)
    assert shown.target_BK is not None
    assert shown.target_BK[0].tolist() == [0.5, 0.5, 0]


def test_a_sum_is_weighed_by_its_share() -> None:
    shown = mixed(levels(), [Blend(2, 0.75), Blend(1, 0.3), Blend(0, 1.0)])
    assert shown.x[:, 0, 0, 0, 0].tolist() == pytest.approx([0.125, 0.25, 0.5])
    assert shown.target_BK is not None
    assert shown.target_BK[0].tolist() == pytest.approx([0.75, 0, 0.25])


@EACH
def test_what_is_not_mixed_stays_as_it_was(name: str) -> None:
    clips = pictures(count=4)
    rng = np.random.default_rng(0)
    shown = Pipeline("", mixes=(replace(MIXES[name], chance=0.0),)).mix(clips, rng)
    assert torch.equal(shown.x, worked(clips.x, clips.kind))
    assert torch.equal(shown.target_BK, clips.target_BK)  # type: ignore[arg-type]


def test_shares_of_mixup_follow_beta() -> None:
    shape = Shape(Kind.PICTURES, 1, 4, 4)
    kept_B = np.array([blend.kept for blend in Mixup(0.8).draw(np.random.default_rng(0), shape, 4000)])
    # The variance of Beta(a, a) is 1 / (4 · (2a + 1)).
    assert kept_B.mean() == pytest.approx(0.5, abs=0.02)
    assert kept_B.var() == pytest.approx(1 / (4 * 2.6), rel=0.05)


def test_one_of_several_mixes_is_done_to_a_batch() -> None:
    both = Pipeline("", mixes=(Mixup(), CutMix()))
    cuts = [both.draw_mix(np.random.default_rng(seed), levels())[0].box is not None for seed in range(40)]
    assert 8 < sum(cuts) < 32
    assert Pipeline("").mix(levels(), np.random.default_rng(0)).x.shape == (3, 3, 4, 10, 12)


def test_skeletons_are_added_and_not_cut() -> None:
    clips = skeletons().labelled(torch.tensor([0, 1]), ("a", "b"))
    shown = Pipeline("", mixes=(Mixup(),)).mix(clips, np.random.default_rng(1))
    assert shown.x.shape == clips.x.shape
    with pytest.raises(WrongKind, match="cut_mix changes pictures and flow"):
        Pipeline("", mixes=(CutMix(),)).mix(clips, np.random.default_rng(1))


def test_clips_without_targets_are_not_mixed() -> None:
    with pytest.raises(WrongKind, match="together with their targets"):
        mixed(Clips(levels().x), [Blend(0, 1.0)] * 3)


def test_a_caption_names_the_partner() -> None:
    assert Blend(2, 0.75).caption == "mixed with 3, of which 25%"
    assert Blend(2, 0.75, (0,) * 6).caption == "cut with 3, of which 25%"
    assert Blend(2, 1.0).caption == ""
