"""Embeddings are compared by the distances that they are said to be, and the nearest class is taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.errors import TooLittle
from training.ml.skeletons.matching import DISTANCES, Floats, Matcher, WrongMatching, distances, near_enough

A = np.array([[1.0, 0.0, 0.0], [0.0, 3.0, 4.0]])


def positive(seed: int, *shape: int) -> Floats:
    return np.random.default_rng(seed).uniform(0.01, 1, shape)


def test_cosine_is_of_the_angle() -> None:
    found = distances(A, [[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert found == pytest.approx(np.array([[0, 1, 2, 1], [1, 0.4, 1, 1]]))


def test_euclidean_is_the_length_between() -> None:
    assert distances(A, [[1.0, 0.0, 0.0]], "euclidean") == pytest.approx(np.array([[0], [26**0.5]]))


def test_jensen_shannon_is_that_of_the_distributions() -> None:
    """Both as scipy.spatial.distance.jensenshannon has them in its documentation."""
    found = distances(
        [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]], "jensen_shannon"
    )
    assert found[0] == pytest.approx([0.8325546111576977, 0.46450140402245893], rel=1e-12)
    scaled = distances([[3.0, 0.0, 0.0]], [[5.0, 5.0, 0.0]], "jensen_shannon")
    assert scaled[0, 0] == pytest.approx(0.46450140402245893, rel=1e-12)


@pytest.mark.parametrize("kind", DISTANCES)
@given(st.integers(0, 1000))
def test_nothing_is_nearer_than_the_same_and_both_ways_are_as_far(kind: str, seed: int) -> None:
    a, b = positive(seed, 4, 6), positive(seed + 1, 3, 6)
    assert distances(a, a, kind).diagonal() == pytest.approx(np.zeros(4), abs=1e-7)
    assert distances(a, b, kind) == pytest.approx(distances(b, a, kind).T)
    assert (distances(a, b, kind) > 0).all()


def test_what_is_no_distribution_is_refused() -> None:
    for bad in ([[-0.1, 1.0]], [[0.0, 0.0]]):
        with pytest.raises(WrongMatching, match="take the cosine"):
            distances(bad, [[0.5, 0.5]], "jensen_shannon")
    with pytest.raises(WrongMatching, match="no distance named manhattan; there are: cosine, euclid"):
        distances(A, A, "manhattan")
    with pytest.raises(WrongMatching, match=r"shapes \(2, 3\) and \(1, 2\)"):
        distances(A, [[1.0, 2.0]])


def test_few_examples_count_by_their_mean_or_the_nearest() -> None:
    anchors = np.array([[0.0], [10.0], [6.0]])
    query = np.array([[1.0]])
    mean = Matcher(anchors, ("far", "far", "near"), "euclidean", "mean")
    least = Matcher(anchors, ("far", "far", "near"), "euclidean", "min")
    assert mean.distances(query) == pytest.approx(np.array([[5.0, 5.0]]))
    assert least.distances(query) == pytest.approx(np.array([[1.0, 5.0]]))
    assert least.match(query) == ["far"]
    assert least.match(np.array([[5.9], [9.0]])) == ["near", "far"]


def test_a_matcher_needs_anchors_and_a_label_for_each() -> None:
    with pytest.raises(TooLittle, match="no anchor to match with"):
        Matcher(np.zeros((0, 3)), ())
    with pytest.raises(WrongMatching, match="2 anchors and 1 labels"):
        Matcher(A, ("a",))
    with pytest.raises(WrongMatching, match="not by median"):
        Matcher(A, ("a", "b"), several="median")  # type: ignore[arg-type]


def test_near_enough_is_what_stands_out_from_before() -> None:
    before = [1.0, 1.2, 0.8, 1.1, 0.9]
    assert near_enough([*before, 0.5])
    assert not near_enough([*before, 0.95])
    assert not near_enough([*before[:4], 0.1]), "too little is known"
    assert near_enough([*before, 0.95], deviations=0.1)
    assert not near_enough([*(each * 10 for each in before), 9.5]), "the threshold moves with the session"
