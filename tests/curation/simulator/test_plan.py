"""What the plan promises before anything is filmed."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.simulator.__main__ import PRESETS
from curation.simulator.actions import ACTIONS, BRIEF
from curation.simulator.faults import FAULTS
from curation.simulator.plan import Order, Shot, shots

ORDERS = st.builds(
    Order,
    seed=st.integers(0, 10_000),
    cameras=st.integers(1, 8),
    subjects=st.integers(1, 9),
    clips=st.integers(0, 9),
    hours=st.floats(0, 0.2),
    rates=st.lists(
        st.sampled_from([Fraction(12), Fraction(25), Fraction(30_000, 1001)]), min_size=1, max_size=3
    ).map(tuple),
)


def clips(plan: list[Shot]) -> list[Shot]:
    return [shot for shot in plan if shot.label]


def recordings(plan: list[Shot]) -> list[Shot]:
    return [shot for shot in plan if not shot.label]


@settings(max_examples=40)
@given(ORDERS)
def test_every_span_is_half_open_and_inside_its_file(order: Order) -> None:
    for shot in shots(order):
        spans = [(s.start, s.end) for s in shot.segments] + [(f.start, f.end) for f in shot.faults]
        assert all(0 <= start < end <= shot.frames for start, end in spans)
        assert len(shot.ticks) == shot.frames
        assert all(a < b for a, b in pairwise(shot.ticks))


@settings(max_examples=40)
@given(ORDERS)
def test_brief_actions_take_at_most_a_fifth_of_their_clip_and_lasting_ones_all(order: Order) -> None:
    for shot in clips(shots(order)):
        (segment,) = shot.segments
        assert segment.label == shot.label
        if shot.label in BRIEF:
            assert segment.end - segment.start <= 0.2 * shot.frames
        else:
            assert (segment.start, segment.end) == (0, shot.frames)


@settings(max_examples=20)
@given(ORDERS)
def test_no_fault_touches_the_brief_action_of_a_clip(order: Order) -> None:
    for shot in clips(shots(order)):
        for fault in shot.faults:
            for part in shot.segments:
                assert shot.label not in BRIEF or fault.end <= part.start or fault.start >= part.end


@settings(max_examples=20)
@given(ORDERS)
def test_segments_and_faults_of_a_recording_do_not_overlap_each_other(order: Order) -> None:
    for shot in recordings(shots(order)):
        assert all(a.end < b.start for a, b in pairwise(shot.segments))
        assert all(a.end < b.start for a, b in pairwise(shot.faults))
        assert all(part.who < shot.performers <= len(shot.people) for part in shot.segments)


@settings(max_examples=20)
@given(ORDERS)
def test_names_are_unique_and_say_nothing_about_the_label(order: Order) -> None:
    plan = shots(order)
    assert len({shot.file for shot in plan}) == len(plan)
    assert not any(action in shot.file for shot in plan for action in ACTIONS)


@settings(max_examples=15)
@given(ORDERS)
def test_recordings_last_as_long_as_asked(order: Order) -> None:
    seconds = sum(shot.frames / float(shot.encoding.rate) for shot in recordings(shots(order)))
    assert seconds == pytest.approx(order.hours * 3600, abs=2)


@pytest.mark.parametrize("order", [PRESETS["demo"], replace(PRESETS["demo"], seed=9), Order()])
def test_every_action_is_seen_on_every_camera_by_every_subject_by_day_and_night(order: Order) -> None:
    plan = clips(shots(order))
    for action in ACTIONS:
        mine = [shot for shot in plan if shot.label == action]
        assert len({shot.camera for shot in mine}) == order.cameras
        assert len({shot.people[0] for shot in mine}) == order.subjects
        assert {shot.night for shot in mine} == {True, False}


def test_the_demo_has_all_faults_and_all_kinds_of_files() -> None:
    plan = shots(PRESETS["demo"])
    assert 60 <= len(clips(plan)) <= 90
    assert 2 <= len(recordings(plan)) <= 3
    assert {fault.fault for shot in recordings(plan) for fault in shot.faults} == set(FAULTS)
    assert {shot.encoding.variable for shot in plan} == {True, False}
    assert {shot.encoding.bframes > 0 for shot in plan} == {True, False}
    assert {shot.encoding.late > 0 for shot in plan} == {True, False}


def test_the_same_order_gives_the_same_plan_and_another_seed_another() -> None:
    assert shots(Order(seed=3)) == shots(Order(seed=3))
    assert shots(Order(seed=3)) != shots(Order(seed=4))
