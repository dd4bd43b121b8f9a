"""Bodies obey anatomy and gravity, and each action moves in its own way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.simulator import body
from curation.simulator.actions import ACTIONS, BRIEF
from curation.simulator.actors import Act, Script, Track, perform
from curation.simulator.camera import Floats

TIMES = np.arange(0, 6, 1 / 20, dtype=np.float32)
ROOM = (-4.0, 4.0, 6.0, 10.0)


def played(action: str, seed: int, person: int = 0, to_end: bool = False) -> Track:
    whole = action not in BRIEF
    act = Act(action, 0.0 if whole else 2.4, 6.0 if whole or to_end else 3.6, whole, to_end)
    return perform(Script(body.subject(person, 1), (act,), ROOM, seed), TIMES)


def lengths(track: Track, a: int, b: int) -> Floats:
    return np.asarray(np.linalg.norm(track.joints[:, a] - track.joints[:, b], axis=-1) / track.style.height)


@settings(max_examples=25)
@given(st.sampled_from(ACTIONS), st.integers(0, 10_000), st.integers(0, 9))
def test_limbs_never_stretch_and_nothing_sinks_into_the_ground(action: str, seed: int, person: int) -> None:
    track = played(action, seed, person)
    assert np.isfinite(track.joints).all()
    if action != "falling":
        for i in (0, 1):
            assert np.allclose(lengths(track, body.HIPS[i], body.KNEES[i]), body.THIGH, atol=1e-3)
            assert np.allclose(lengths(track, body.SHOULDERS[i], body.ELBOWS[i]), body.UPPER, atol=1e-3)
    assert track.joints[..., 2].min() > -0.16


@settings(max_examples=25)
@given(st.sampled_from(ACTIONS), st.integers(0, 10_000))
def test_nobody_jumps_from_one_frame_to_the_next(action: str, seed: int) -> None:
    track = played(action, seed)
    step = np.linalg.norm(np.diff(track.joints[:, body.PELVIS], axis=0), axis=-1)
    assert step.max() < 0.35


def test_planted_feet_do_not_slide() -> None:
    track = played("walking", 3)
    foot = track.joints[:, body.ANKLES[0]]
    low = (foot[:-1, 2] < 0.085) & (foot[1:, 2] < 0.085)
    slip = np.linalg.norm(np.diff(foot[:, :2], axis=0), axis=-1)[low]
    stride = np.linalg.norm(np.diff(track.joints[:, body.PELVIS, :2], axis=0), axis=-1)
    assert np.median(slip) < 0.6 * np.median(stride)


@pytest.mark.parametrize("seed", range(3))
def test_what_sets_the_actions_apart(seed: int) -> None:
    def of(action: str, joint: int) -> Floats:
        return played(action, seed).joints[:, joint]

    assert np.ptp(of("climbing", body.PELVIS)[:, 2]) > 0.6
    assert of("falling", body.HEAD)[:, 2].min() < 0.5
    assert (
        of("signalling", body.HANDS[0])[:, 2].max() > 1.5 or of("signalling", body.HANDS[1])[:, 2].max() > 1.5
    )
    assert of("lifting", body.HANDS[0])[:, 2].min() < 0.4
    assert of("hammering", body.HANDS[0])[:, 2].max() > 1.4
    assert (
        np.ptp(of("digging", body.PELVIS)[:, 0])
        < 0.5
        < np.ptp(of("walking", body.PELVIS)[:, :2], axis=0).max()
    )


def test_a_fall_to_the_end_stays_down_and_another_gets_up() -> None:
    assert played("falling", 1, to_end=True).joints[-1, body.HEAD, 2] < 0.6
    assert played("falling", 1).joints[-1, body.HEAD, 2] > 1.2


def test_a_box_rests_before_and_after_it_is_lifted() -> None:
    (box,) = played("lifting", 2).props
    height = box.points[:, 0, 2]
    assert height[0] == height[-1] == 0
    assert height.max() > 0.5


def test_subjects_differ_and_stay_the_same_people() -> None:
    people = [body.subject(i, 7) for i in range(8)]
    assert people == [body.subject(i, 7) for i in range(8)]
    assert len({round(person.height, 3) for person in people}) == 8
    assert {person.lead for person in people} == {0, 1}
    assert len({(person.jacket, person.helmet) for person in people}) > 5
