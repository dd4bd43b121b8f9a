"""Rotations test every value once, and nobody is on two sides."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.ml.datasets.samples import grid
from training.ml.datasets.base import Dataset, Protocol, Sample, WrongProtocol
from training.ml.datasets.protocols import apart, fold, rotations, using, with_val

PEOPLE = [f"S{n:03}" for n in (1, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 20)]
DATASET = grid(PEOPLE, ["front", "left"], ["cough", "wave"])


def subjects(samples: tuple[Sample, ...]) -> set[str]:
    return {sample.subject for sample in samples}


@given(st.integers(2, 9), st.data())
def test_every_sample_is_tested_in_exactly_one_rotation(people: int, data: st.DataObject) -> None:
    folds = data.draw(st.integers(2, people))
    dataset = grid([f"p{n}" for n in range(people)], ["c1"], ["a", "b"])
    made = rotations(dataset.samples, "subject", folds)
    assert sorted(chain(*(each.test for each in made.values()))) == list(range(len(dataset.samples)))
    for each in made.values():
        assert sorted(each.train + each.test) == list(range(len(dataset.samples)))
        taught, tested = ({dataset.samples[n].subject for n in side} for side in (each.train, each.test))
        assert not taught & tested


def test_twelve_people_in_three_rotations_are_eight_and_four() -> None:
    tested = []
    for at in (1, 2, 3):
        parted = using(DATASET, f"cross-subject-{at}-of-3")
        assert (len(subjects(parted.train)), len(subjects(parted.test))) == (8, 4)
        tested.append(sorted(subjects(parted.test)))
    assert tested[0] == ["S001", "S009", "S012", "S017"], "dealt in turn, in the order of their numbers"


def test_chosen_values_are_tested() -> None:
    parted = using(DATASET, "cross-camera=left")
    assert {sample.camera for sample in parted.test} == {"left"}
    assert len(parted.train) == len(parted.test) == 24
    assert subjects(using(DATASET, "cross-subject=S001,S020").test) == {"S001", "S020"}


def test_a_protocol_of_its_own_is_taken_as_it_is() -> None:
    own = replace(DATASET, protocols={"official": Protocol((0,), (), (1,))})
    assert using(own, "official").train == DATASET.samples[:1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("split1", r"no protocol split1. There are: none of its own; or cross-COLUMN-K-of-N"),
        ("cross-colour-1-of-3", "no column colour to part by; there are: subject, view"),
        ("cross-view-1-of-3", "tell no view; they tell: subject, camera"),
        ("cross-subject-4-of-3", "no rotation 4 of 3: subject has 12 values"),
        ("cross-subject-1-of-13", "are 1 of 2 to 12 of 12"),
        ("cross-subject-1-of-1", "no rotation 1 of 1"),
        ("cross-subject=S999", "No sample has the subject S999; there are: S001"),
        ("cross-camera=left,front", "leaves one side without a sample"),
    ],
)
def test_what_cannot_be_parted_is_said(name: str, said: str) -> None:
    with pytest.raises(WrongProtocol, match=said):
        using(DATASET, name)


def test_a_sample_without_the_value_is_named() -> None:
    lost = replace(DATASET.samples[3], subject="")
    with pytest.raises(WrongProtocol, match=r"cough-S007-left\.mp4 tells no subject"):
        fold((*DATASET.samples[:3], lost), "subject", 1, 2)


def test_val_takes_whole_people_from_train() -> None:
    parted = with_val(using(DATASET, "cross-subject-1-of-3"))
    taught, chose, tested = subjects(parted.train), subjects(parted.val), subjects(parted.test)
    assert len(taught) + len(chose) == 8
    assert chose
    assert not (taught & chose) | (chose & tested) | (taught & tested)
    with pytest.raises(WrongProtocol, match="has a val side of its own"):
        with_val(parted)


def test_who_is_on_two_sides_is_said() -> None:
    dataset = Dataset(
        name="leaking",
        classes=("cough", "wave"),
        samples=DATASET.samples,
        protocols={"bad": Protocol((0,), (), (1, 2))},
    )
    found = apart(dataset, "bad", "subject")
    assert not found.holds
    assert found.sentence == "bad: 1 of 2 subjects are on two sides: S001."
    assert apart(dataset, "bad", "camera").sentence == "bad: 1 of 2 cameras are on two sides: front."
    assert apart(using(DATASET, "cross-camera=left"), "cross-camera=left", "camera").holds
