"""The squares of the test: where they lie, how many, and which way flow goes in mirrored ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.training.ml.augment.footage import flow, pictures, skeletons
from training.ml.augment.clips import Clips, Kind, Shape, WrongKind, worked
from training.ml.augment.crops import Count, Crops
from training.ml.augment.moves import Crop, ResizeShort
from training.ml.augment.pipeline import Pipeline
from training.ml.augment.presets import CENTRE, TEN_CROPS, THREE_CROPS

WIDE, TALL = Shape(Kind.PICTURES, 90, 256, 340), Shape(Kind.PICTURES, 90, 340, 256)


def shown(side: int, count: Count, clips: Clips) -> list[Tensor]:
    """All views of the first clip, x_CTHW."""
    pipeline, one = Pipeline("test", (Crops(side, count),)), replace(clips, x=clips.x[:1], target_BK=None)
    return [pipeline.show(one, [view]).x[0] for view in pipeline.every(one.shape)]


def test_the_named_tests_have_as_many_views_as_they_say() -> None:
    for pipeline, count in ((CENTRE, 1), (THREE_CROPS, 3), (TEN_CROPS, 10)):
        assert len(pipeline.every(WIDE)) == pipeline.crops == count


def test_three_crops_lie_along_the_longer_side() -> None:
    clips = pictures(count=1, height=8, width=13)
    whole = worked(clips.x, Kind.PICTURES)[0]
    for found, left in zip(shown(8, 3, clips), (0, 3, 5), strict=True):
        assert torch.equal(found, whole[..., left : left + 8])
    assert [view.caption.split(" · ")[-1] for view in THREE_CROPS.every(TALL)] == [
        *("crop top", "crop centre", "crop bottom")
    ]


def test_ten_crops_are_corners_and_middle_and_their_mirrors() -> None:
    clips = pictures(count=1, height=8, width=11)
    found, whole = shown(6, 10, clips), worked(clips.x, Kind.PICTURES)[0]
    corners = [whole[..., :6, :6], whole[..., :6, 5:], whole[..., 2:, :6], whole[..., 2:, 5:]]
    for n, expected in enumerate([*corners, whole[..., 1:7, 3:9]]):
        assert torch.equal(found[n], expected)
        assert torch.equal(found[n + 5], expected.flip(-1))


def test_mirrored_crops_of_flow_go_the_other_way() -> None:
    found = shown(8, 10, flow(count=1, height=8, width=8))
    assert torch.allclose(found[5][0].flip(-1), -found[0][0])
    assert torch.equal(found[5][1].flip(-1), found[0][1])


def test_the_crop_of_one_is_that_of_the_middle() -> None:
    clips = pictures(count=1, height=9, width=12)
    middle = Pipeline("middle", (Crop(6, "centre"),))
    (expected,) = (middle.show(clips, [view]).x[0] for view in middle.every(clips.shape))
    assert torch.equal(shown(6, 1, clips)[0], expected)


def test_a_resize_before_the_crops_is_one_resampling_with_each() -> None:
    clips = pictures(count=1, height=30, width=40)
    both = Pipeline("both", (ResizeShort(16, 16), Crops(12, 3)))
    first = Pipeline("first", (ResizeShort(16, 16),))
    small = replace(clips, x=first.show(clips, list(first.every(clips.shape))).x)
    for view, expected in zip(both.every(clips.shape), shown(12, 3, small), strict=True):
        assert len(view.steps) == 1
        assert torch.allclose(both.show(clips, [view]).x[0], expected, atol=1 / 255)


def test_to_learn_from_any_of_them_is_drawn() -> None:
    crops = Crops(224, 10)
    drawn = {crops.draw(np.random.default_rng(n), WIDE)[0] for n in range(200)}
    assert drawn == set(crops.every(WIDE))


def test_crops_that_cannot_be_are_refused() -> None:
    with pytest.raises(WrongKind, match="300 px does not fit in a picture of 340 x 256: put resize_short"):
        Crops(300).every(WIDE)
    with pytest.raises(WrongKind, match="crops changes pictures and flow"):
        Crops().every(skeletons().shape)
    with pytest.raises(WrongKind, match="1, 3 or 10 squares, not on 5"):
        Crops(224, 5)  # type: ignore[arg-type]
