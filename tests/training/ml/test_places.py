"""Places rise, each equal part gives one, and stretching leaves none out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.ml.places import spread, stretched


@given(there=st.integers(1, 60), wanted=st.integers(1, 40), seed=st.integers(0, 9))
def test_places_rise_and_each_part_gives_one(there: int, wanted: int, seed: int) -> None:
    for generator in (None, np.random.default_rng(seed)):
        found = spread(there, wanted, generator)
        assert len(found) == wanted
        assert (np.diff(found) >= 0).all()
        part = np.arange(wanted)
        assert (found >= part * there // wanted).all()
        assert (found <= ((part + 1) * there - 1) // wanted).all()


@given(there=st.integers(1, 30), more=st.integers(0, 30))
def test_stretching_shows_everything_in_order(there: int, more: int) -> None:
    found = stretched(there, there + more)
    assert sorted(set(found.tolist())) == list(range(there))
    assert (np.diff(found) >= 0).all()
