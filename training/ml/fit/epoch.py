"""One pass over the clips: steps of parts, over all processes, that can stop between two of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from training.ml.engine.loop import BrokenOff, Halfway, Line
from training.ml.engine.plan import torch_drawing
from training.ml.engine.progress import number
from training.ml.fit.asking import Asked
from training.ml.fit.feeding import Part, parts_of
from training.ml.fit.lesson import Lesson, Taught
from training.ml.fit.orders import steps_of
from training.ml.fit.recipe import FitRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.optim import Descent, set_rates

Stepped = Callable[[int, int], None]
"""Told the steps of an epoch that are done, and how many it has."""


@dataclass
class Course:
    """What the epochs of one stage share: who learns from what, and how it goes down."""

    recipe: FitRecipe
    team: Team
    lesson: nn.Module
    """Lesson or LinkLesson: x and targets to Taught."""
    descent: Descent
    side: Side
    asked: Asked
    history: list[Line] = field(default_factory=list)
    halfway: Halfway = field(default_factory=Halfway)
    stepped: Stepped | None = None
    workers: int = 0
    most_steps: int = 0
    """Of an epoch; 0 for all."""

    def __post_init__(self) -> None:
        self.wrapped: nn.Module = DistributedDataParallel(self.lesson) if self.team.size > 1 else self.lesson

    @property
    def steps(self) -> int:
        """Of an epoch."""
        every = steps_of(self.recipe, len(self.side))
        return min(every, self.most_steps) if self.most_steps else every


def run_epoch(course: Course, epoch: int, epochs: int) -> Line:
    """Learn from every clip once; the loss and the share of hits. Raises BrokenOff if asked to stop.

    Random numbers hang on the seed, the epoch, the step and the process alone.
    """
    team, told = course.team, course.halfway.facts
    first = int(told.get("step", 0))
    # What the steps before have counted is the leader's: in the sum over all it comes once.
    sums = list(told.get("sums", (0.0, 0.0, 0.0))) if team.leads else [0.0, 0.0, 0.0]
    course.wrapped.train()
    for step, parts in enumerate(_parts(course, epoch, first), first):
        if step == course.steps:
            break
        moment = epoch - 1 + step / course.steps
        factor = course.recipe.schedule.factor(moment, epochs, course.history)
        set_rates(course.descent.optimizer, factor)
        torch.manual_seed(torch_drawing(course.recipe.seed, "step", epoch, step, team.rank).initial_seed())
        for place, part in enumerate(parts):
            _take(course, part, sums, last=place == len(parts) - 1)
        course.descent.step()
        if course.stepped:
            course.stepped(step + 1, course.steps)
        if team.summed([float(course.asked.stop)])[0] and step + 1 < course.steps:
            course.halfway.facts = {"step": step + 1, "sums": team.summed(sums)}
            raise BrokenOff
    loss, hits, clips = team.summed(sums)
    return {"train_loss": number(loss / course.steps), "train_top1": number(hits / clips)}


def _parts(course: Course, epoch: int, first: int) -> Iterator[list[Part]]:
    classes = len(course.side.classes)
    masses_K = torch.ones(classes)
    if isinstance(course.lesson, Lesson) and course.lesson.loss.weight_C is not None:
        masses_K = torch.tensor([course.lesson.loss.mass(torch.tensor([c])) for c in range(classes)])
        if course.recipe.loss.kind == "soft_target":
            masses_K = torch.ones(classes)
    return parts_of(course.recipe, course.side, course.team, epoch, first, masses_K, course.workers)


def _take(course: Course, part: Part, sums: list[float], *, last: bool) -> None:
    """Add the gradient of one part. DDP means over processes, so its share is multiplied by their number."""
    team = course.team
    x, target_BK = part.x.to(team.device, non_blocking=True), part.target_BK.to(team.device)
    with _quiet(course.wrapped, last):
        with course.descent.computing():
            taught: Taught = course.wrapped(x, target_BK)
        course.descent.add(taught.loss * (part.mass * team.size))
    label_B: Tensor = target_BK.argmax(1)
    if isinstance(course.lesson, Lesson):
        course.lesson.follow(label_B)
    sums[0] += float(taught.loss.detach()) * part.mass
    sums[1] += int((taught.logits_BC.argmax(1) == label_B).sum())
    sums[2] += len(label_B)


def _quiet(wrapped: nn.Module, last: bool) -> AbstractContextManager[None]:
    """Processes exchange gradients with the last part of a step."""
    if isinstance(wrapped, DistributedDataParallel) and not last:
        return wrapped.no_sync()
    return nullcontext()
