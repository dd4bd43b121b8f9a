"""Steps of an epoch: which clips, read by whom, in parts of a size, the same for any number of workers.

All that is drawn hangs on the seed, the epoch and the clip's place: neither on the process nor on what was
read before. So two processes see together what one sees alone, and a run that goes on sees the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from curation.media.errors import MediaError
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.pipeline import Pipeline
from training.ml.engine.plan import drawing
from training.ml.errors import BadFile, LearningError
from training.ml.fit.orders import order_of, times_of
from training.ml.fit.recipe import FitRecipe, Sight, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.places import Places
from training.ml.workers import alone, context_of


@dataclass(frozen=True)
class Part:
    """Clips that are taken through the network at once: x (B, C, T, ...) and target_BK."""

    x: Tensor
    target_BK: Tensor
    mass: float
    """The share that these clips have in the mean over all of the step."""


@dataclass(frozen=True)
class _Asked:
    place: int
    view: int


class _Views(Dataset[tuple[Tensor, Tensor] | str]):
    """Random views of one epoch; a sentence in the place of one that cannot be read."""

    def __init__(self, side: Side, seed: int, epoch: int) -> None:
        self.side, self.seed, self.epoch = side, seed, epoch

    def __len__(self) -> int:
        return len(self.side)

    def __getitem__(self, asked: _Asked) -> tuple[Tensor, Tensor] | str:
        try:
            generator = drawing(self.seed, "clip", self.epoch, asked.place, asked.view)
            return self.side.learned(asked.place, generator)
        except (LearningError, MediaError) as error:
            return f"{self.side.samples[asked.place].name}: {error.sentence}"


def parts_of(
    recipe: FitRecipe, side: Side, team: Team, epoch: int, first: int, masses_K: Tensor, workers: int
) -> Iterator[list[Part]]:
    """The parts of this process of each step of an epoch, from step `first` on.

    `masses_K` is what a clip of each class weighs in the mean. Raises BadFile for a sample that cannot be
    read, and WrongRecipe where a step has too few clips for all processes and parts.
    """
    steps, shared = order_of(recipe, side, epoch), team.size * recipe.accumulate
    if recipe.loss.beside == "centre" and shared > 1:
        raise WrongRecipe(
            f"The centres of {recipe.name} follow whole steps: take one process, and no parts of a step."
        )
    # Clips of a class are compared with those of others: each part has two classes or more.
    least, what = (2 * shared, "classes") if recipe.clips_per_class else (shared, "clips")
    if len(steps[-1]) < least:
        raise WrongRecipe(
            f"A step of {recipe.name} has {len(steps[-1])} {what}, too few for {team.size} processes with "
            f"{recipe.accumulate} parts each: take a larger batch, or less of either."
        )
    views = 2 if recipe.loss.beside == "contrastive" else 1
    mine, times = ([_mine(step, shared, team) for step in each[first:]] for each in (steps, times_of(steps)))
    asked = [
        [
            _Asked(int(place), views * int(time) + view)
            for view in range(views)
            for place, time in zip(part, part_times, strict=True)
        ]
        for parts, parts_times in zip(mine, times, strict=True)
        for part, part_times in zip(parts, parts_times, strict=True)
    ]
    loader = DataLoader(
        _Views(side, recipe.seed, epoch),
        batch_sampler=asked,
        num_workers=workers,
        collate_fn=_together,
        worker_init_fn=alone,
        multiprocessing_context=context_of(workers),
        generator=torch.Generator().manual_seed(0),
    )
    mass_N = masses_K[side.label_N].double()
    held: list[Part] = []
    for number, batch in enumerate(loader):
        if isinstance(batch, str):
            raise BadFile(batch)
        step, at = divmod(number, recipe.accumulate)
        places, whole = mine[step][at], steps[first + step]
        mass = float(mass_N[places].sum() / mass_N[whole].sum())
        where = epoch, first + step, at * team.size + team.rank
        held.append(_mixed(recipe, side, batch, mass, where))
        if at == recipe.accumulate - 1:
            yield held
            held = []


def _mine(step: Places, shared: int, team: Team) -> list[Places]:
    """The parts of a step that are this process's; clips of a class stay together where it has K of each."""
    return [part.ravel() for part in np.array_split(step, shared)[team.rank :: team.size]]


def _mixed(
    recipe: FitRecipe, side: Side, batch: tuple[Tensor, Tensor], mass: float, where: Sequence[int]
) -> Part:
    x, target_BK = batch
    pipeline: Pipeline = recipe.sees.pipeline
    if pipeline.mixes:
        kind = recipe.sees.kind if isinstance(recipe.sees, Sight) else Kind.SKELETON
        clips = Clips(x, kind, target_BK, side.classes)
        clips = pipeline.mix(clips, drawing(recipe.seed, "mix", *where))
        assert clips.target_BK is not None  # noqa: S101 - they had one
        x, target_BK = clips.x, clips.target_BK
    return Part(x, target_BK, mass)


def _together(items: list[tuple[Tensor, Tensor] | str]) -> tuple[Tensor, Tensor] | str:
    """A batch, or a sentence why there is none: an error would lose its sentence on the way from a worker."""
    rows = []
    for each in items:
        if isinstance(each, str):
            return each
        rows.append(each)
    if len(sizes := {tuple(x.shape) for x, _ in rows}) > 1:
        said = " and ".join(str(size) for size in sorted(sizes))
        return f"Clips of {said} make no batch: let the recipe's pipeline bring them to one size."
    return torch.stack([x for x, _ in rows]), torch.stack([target for _, target in rows])
