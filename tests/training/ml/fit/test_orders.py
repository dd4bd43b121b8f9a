"""A step has P classes with K clips each, the same for any number of processes."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.ml.fit.small import CLASSES, RECIPE, Drawn, recipe
from training.ml.datasets import Sample
from training.ml.fit.feeding import parts_of
from training.ml.fit.orders import order_of, small_classes, steps_of, times_of
from training.ml.fit.recipe import FitRecipe, LossRecipe, WrongRecipe
from training.ml.fit.run import fit
from training.ml.fit.stock import Side, Stock
from training.ml.fit.team import Team

pytestmark = pytest.mark.usefixtures("small")

PK = recipe(batch=6, clips_per_class=3)
"""Two classes, three clips of each."""


def side(*counts: int, classes: tuple[str, ...] = CLASSES) -> Side:
    """So many clips of each class."""
    labels = [n for n, count in enumerate(counts) for _ in range(count)]
    samples = tuple(Sample(path=Path(f"{at}"), label=classes[n]) for at, n in enumerate(labels))
    return Side(samples, torch.tensor(labels), classes, RECIPE.sees, Drawn())


def labels_of(found: Side, of: FitRecipe = PK, epoch: int = 1) -> list[list[list[int]]]:
    return [found.label_N[torch.from_numpy(step)].tolist() for step in order_of(of, found, epoch)]


def test_a_step_has_k_clips_of_each_of_p_classes() -> None:
    found = side(9, 9, 9)
    steps = labels_of(found)
    assert len(steps) == steps_of(PK, 27) == 5
    for step in steps:
        assert np.shape(step) == (2, 3)
        assert all(len(set(row)) == 1 for row in step)
        assert step[0][0] != step[1][0]
    assert all(len(set(row)) == 3 for step in order_of(PK, found, 1) for row in step.tolist())


def test_classes_come_in_turn_and_all_clips_of_one_before_one_comes_again() -> None:
    found, of = side(6, 6, 12), replace(PK, epochs=1)
    shown = Counter(place for step in order_of(of, found, 1) for place in step.ravel().tolist())
    assert sum(shown.values()) == 24
    per_class = [[shown[place] for place in range(*ends)] for ends in ((0, 6), (6, 12), (12, 24))]
    assert all(max(each) - min(each) <= 1 for each in per_class)
    assert sum(per_class[2]) >= 9, "the larger class comes oftener"


def test_it_hangs_on_seed_and_epoch_alone() -> None:
    found = side(9, 9, 9)

    def places(of: FitRecipe, epoch: int) -> list[list[list[int]]]:
        return [step.tolist() for step in order_of(of, found, epoch)]

    assert places(PK, 1) == places(PK, 1)
    assert places(PK, 1) != places(PK, 2)
    assert places(PK, 1) != places(replace(PK, seed=6), 1)


@pytest.mark.parametrize("beside", ["none", "contrastive"])
def test_two_processes_see_together_what_one_sees_alone(beside: str) -> None:
    of = recipe(batch=12, clips_per_class=3, loss=LossRecipe(beside=beside))  # type: ignore[arg-type]
    found = side(6, 6, 6, 6, classes=(*CLASSES, "red again"))
    found = replace(found, samples=tuple(replace(each, label="red") for each in found.samples))

    def seen(*teams: Team, accumulate: int = 1, workers: int = 0) -> list[torch.Tensor]:
        given = replace(of, accumulate=accumulate)
        parts = [list(parts_of(given, found, team, 1, 0, torch.ones(4), workers)) for team in teams]
        steps = []
        for shares in zip(*parts, strict=True):
            rows = torch.cat([part.x.flatten(1) for share in shares for part in share])
            steps.append(rows[np.lexsort(rows.T.numpy()[:9])])
            for part in (part for share in shares for part in share):
                alike = Counter(part.target_BK.argmax(1).tolist())
                assert len(alike) > 1
                assert set(alike.values()) == {6 if beside == "contrastive" else 3}
        return steps

    alone = seen(Team())
    for others in (seen(Team(0, 2), Team(1, 2)), seen(Team(), accumulate=2), seen(Team(), workers=1)):
        assert all(torch.equal(one, other) for one, other in zip(alone, others, strict=True))


def test_a_clip_that_comes_again_is_seen_in_another_way() -> None:
    found = side(1, 3, 0)
    (first,) = order_of(replace(PK, batch=6), found, 1)
    assert sorted(Counter(first.ravel().tolist()).values()) == [1, 1, 1, 3]
    assert sorted(times_of([first, first])[1].ravel().tolist()) == [1, 1, 1, 3, 4, 5]
    ((part,),) = parts_of(PK, found, Team(), 1, 0, torch.ones(3), 0)
    assert len({tuple(x.flatten().tolist()) for x in part.x}) == 6


def test_small_classes_are_told(tmp_path: Path) -> None:
    assert small_classes(PK, side(3, 5, 3)) == []
    assert small_classes(RECIPE, side(1, 1, 1)) == []
    stock = Stock(CLASSES, side(3, 1, 2), side(1, 1, 1), side(1, 1, 1))
    (note,) = fit(replace(PK, epochs=1), stock, tmp_path, Team())["notes"]
    assert note.startswith(
        "A step has 3 clips of each of its classes. Fewer are there of green (1), blue (2)"
    )


def test_what_cannot_be_is_told() -> None:
    with pytest.raises(WrongRecipe, match="has 2 classes with 3 clips each, and only 1 classes have clips"):
        order_of(PK, side(5, 0, 0), 1)
    with pytest.raises(WrongRecipe, match="has 2 classes, too few for 2 processes with 1 parts each"):
        next(parts_of(PK, side(6, 6, 6), Team(0, 2), 1, 0, torch.ones(3), 0))
    for batch, each in ((4, 3), (3, 3), (6, 1)):
        with pytest.raises(WrongRecipe, match=r"clips of each class of a step.*a batch of 2, 3 or more"):
            replace(PK, batch=batch, clips_per_class=each)
