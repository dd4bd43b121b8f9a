"""Recordings are mended and cut as the one-shot network takes them, and actions found as they come."""

import numpy as np
import pytest

from training.ml.errors import TooLittle
from training.ml.models.skeleton.graphs import graph_named
from training.ml.skeletons.bodies import Array
from training.ml.skeletons.matching import Floats, Matcher
from training.ml.skeletons.one_shot import fixed_views, middle_view, random_view, whole_frames
from training.ml.skeletons.online import Online

NTU = graph_named("ntu25")


def recording(frames: int, bodies: int = 1) -> Array:
    return np.random.default_rng(0).normal(size=(3, frames, 25, bodies))


def numbered(frames: int) -> Array:
    return np.arange(1.0, frames + 1).reshape(1, -1, 1, 1)


def test_frames_without_anybody_go() -> None:
    x = recording(5, 2)
    x[:, [0, 3]] = 0
    assert np.array_equal(whole_frames(x, NTU), x[:, [1, 2, 4]])
    with pytest.raises(TooLittle, match="Nobody is seen"):
        whole_frames(x * 0, NTU)


def test_a_collapsed_body_is_put_between_its_neighbours() -> None:
    x = recording(4, 2)
    x[:, 1, :, 0] = 0.5
    x[:, 3, :, 1] = -2.0
    mended = whole_frames(x, NTU)
    assert np.array_equal(mended[:, 1, :, 0], (x[:, 0, :, 0] + x[:, 2, :, 0]) / 2)
    assert np.array_equal(mended[:, 3, :, 1], x[:, 2, :, 1]), "at the end there is one neighbour"
    assert np.array_equal(mended[:, 1, :, 1], x[:, 1, :, 1])


def test_every_second_frame_and_the_middle_of_long_ones() -> None:
    assert middle_view(numbered(7)).ravel().tolist() == [1, 3, 5, 7]
    assert middle_view(numbered(12), frames=2).ravel().tolist() == [5, 7]
    assert middle_view(numbered(100)).shape[1] == 32


def test_several_views_reach_from_the_first_frame_to_the_last() -> None:
    found = fixed_views(numbered(12), 3, frames=2)
    assert [each.ravel().tolist() for each in found] == [[1, 3], [5, 7], [9, 11]]
    assert len(fixed_views(numbered(7), 3)) == 1, "all of it is seen at once"


def test_random_views_are_zoomed_cut_and_in_order() -> None:
    lengths = set()
    for seed in range(40):
        view = random_view(numbered(40), np.random.default_rng(seed)).ravel()
        assert (np.diff(view) >= 0).all()
        lengths.add(len(view))
        again = random_view(numbered(40), np.random.default_rng(seed)).ravel()
        assert np.array_equal(view, again)
    assert min(lengths) == 16
    assert max(lengths) == 24
    assert random_view(numbered(500), np.random.default_rng(0)).shape[1] == 32
    assert random_view(numbered(1), np.random.default_rng(0)).shape[1] == 1


def where(x_CTVM: Array) -> Floats:
    """The first coordinate of the window's mean pose, as an embedding."""
    mean = float(x_CTVM[0].mean())
    return np.array([mean, 1.0])


def test_an_action_is_found_when_its_window_stands_out() -> None:
    matcher = Matcher(np.array([[5.0, 1.0], [-5.0, 1.0]]), ("right", "left"), "euclidean")
    online = Online(matcher, where, window=4, stride=2)
    stream = [0.0, 0.1] * 12 + [5.0] * 4 + [0.0] * 4
    found = [online.push(np.full((3, 25, 1), each)) for each in stream]
    named = [each for each in found if each is not None]
    assert named
    assert {each.label for each in named} == {"right"}
    assert min(each.frame for each in named) >= 24
    assert found[27] is not None
    assert found[27].distance == pytest.approx(0, abs=1e-9)


def test_nothing_is_looked_at_before_a_window_is_full_nor_between_strides() -> None:
    looked = []

    def embed(x_CTVM: Array) -> Floats:
        looked.append(x_CTVM.shape)
        return np.ones(2)

    online = Online(Matcher(np.ones((1, 2)), ("a",)), embed, window=5, stride=3)
    for _ in range(12):
        assert online.push(np.zeros((3, 25, 2))) is None
    assert looked == [(3, 5, 25, 2)] * 3
