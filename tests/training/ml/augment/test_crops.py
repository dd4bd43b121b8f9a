"""The views of the test: where they lie, when, and how many."""

import pytest
import torch

from tests.training.ml.augment.footage import flow, pictures, skeletons
from training.ml.augment.clips import Kind, Shape, WrongKind, worked
from training.ml.augment.crops import CENTRE, TEN_CROPS, THIRTY_VIEWS, THREE_CROPS, Crops, averaged
from training.ml.augment.moments import Moments

WIDE, TALL = Shape(Kind.PICTURES, 90, 256, 340), Shape(Kind.PICTURES, 90, 340, 256)


def test_the_named_views_are_as_many_as_they_say() -> None:
    counts = [len(crops.of(WIDE)) for crops in (CENTRE, THREE_CROPS, TEN_CROPS, THIRTY_VIEWS)]
    assert counts == [1, 3, 10, 30]


def test_three_crops_lie_along_the_longer_side() -> None:
    x = pictures(count=1, height=8, width=13).x
    left, middle, right = Crops(8, 8, "three").show(pictures(count=1, height=8, width=13)).x
    whole = worked(x, Kind.PICTURES)[0]
    assert torch.equal(left, whole[..., :8])
    assert torch.equal(middle, whole[..., 3:11])
    assert torch.equal(right, whole[..., 5:])
    captions = [view.caption for view in Crops(256, 256, "three").of(TALL)]
    assert captions == ["top", "centre", "bottom"]


def test_ten_crops_are_corners_and_middle_and_their_mirrors() -> None:
    clips = pictures(count=1, height=8, width=11)
    shown = Crops(8, 6, "ten").show(clips).x
    whole = worked(clips.x, Kind.PICTURES)[0]
    corners = [whole[..., :6, :6], whole[..., :6, 5:], whole[..., 2:, :6], whole[..., 2:, 5:]]
    for n, expected in enumerate([*corners, whole[..., 1:7, 3:9]]):
        assert torch.equal(shown[n], expected)
        assert torch.equal(shown[n + 5], expected.flip(-1))


def test_mirrored_crops_of_flow_go_the_other_way() -> None:
    shown = Crops(8, 8, "ten").show(flow(count=1, height=8, width=8)).x
    assert torch.allclose(shown[5, 0].flip(-1), -shown[0, 0])
    assert torch.equal(shown[5, 1].flip(-1), shown[0, 1])


def test_times_are_spread_from_the_clips_beginning_to_its_end() -> None:
    views = Crops(times=3, frames=4, step=2).of(WIDE)
    moments = [view.steps[0] for view in views]
    assert all(isinstance(each, Moments) for each in moments)
    assert [each.places for each in moments] == [(0, 2, 4, 6), (42, 44, 46, 48), (83, 85, 87, 89)]  # type: ignore[attr-defined]
    (middle,) = Crops(frames=4, step=2).of(WIDE)
    assert middle.steps[0].places == (41, 43, 45, 47)  # type: ignore[attr-defined]


def test_a_short_clip_repeats_its_last_frame() -> None:
    (view,) = Crops(frames=4, step=2).of(Shape(Kind.PICTURES, 3, 256, 256))
    assert view.steps[0].places == (0, 2, 2, 2)  # type: ignore[attr-defined]


def test_targets_are_repeated_for_every_view() -> None:
    shown = Crops(8, 8, "three").show(pictures(count=2, height=8, width=13))
    assert len(shown) == 6
    assert shown.target_BK is not None
    assert shown.target_BK.argmax(1).tolist() == [0, 0, 0, 1, 1, 1]


def test_what_is_said_of_a_clip_is_the_mean_of_its_views() -> None:
    logits_VC = torch.log(torch.tensor([[0.2, 0.8], [0.4, 0.6], [0.9, 0.1], [0.7, 0.3]]))
    assert averaged(logits_VC, 2).flatten().tolist() == pytest.approx([0.3, 0.7, 0.8, 0.2])


def test_views_that_cannot_be_are_refused() -> None:
    with pytest.raises(WrongKind, match="300 px does not fit in a short side of 256"):
        Crops(side=300).of(WIDE)
    with pytest.raises(WrongKind, match="give `frames`"):
        Crops(times=10).of(WIDE)
    with pytest.raises(WrongKind, match="crops changes pictures and flow"):
        CENTRE.of(skeletons().shape)
