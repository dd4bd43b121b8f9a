"""AS-GCN's first stage: which joints move together is learned from the clips alone, without a label."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from training.ml.engine.checkpoints import Slot
from training.ml.engine.data import Sample
from training.ml.engine.loop import Line, fit
from training.ml.engine.network.learning import Course, Stepped
from training.ml.engine.plan import drawing, torch_drawing
from training.ml.engine.progress import number
from training.ml.models.skeleton.aim import AIM, create_aim
from training.ml.models.skeleton.stages import LinkStage
from training.ml.optim import Adam, Descent, plain_groups

NUMBERS = Adam(rate=5e-4)
"""The public code's; the project's reference, section 6."""


def links_learned(
    course: Course,
    samples: Sequence[Sample],
    slot: Slot,
    stepped: Stepped,
    passed: Callable[[int], None],
) -> AIM:
    """AIM after the recipe's `link_epochs` passes over the clips; the same for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch_drawing(course.seed, "links").initial_seed())
        aim = create_aim(graph=course.recipe.options["graph"])
    stage = LinkStage(aim)
    descent = Descent(stage, NUMBERS.over(plain_groups(aim, NUMBERS)))

    def run_epoch(epoch: int) -> Line:
        generator = drawing(course.seed, "links", epoch)
        torch.manual_seed(int(generator.integers(2**63)))
        parts = np.array_split(
            generator.permutation(len(samples)), math.ceil(len(samples) / course.recipe.batch)
        )
        total = 0.0
        stage.train()
        for step, places in enumerate(parts):
            clips = [course.viewer.load(samples[n].path, samples[n].clip.name) for n in places]
            loss = stage(course.viewer.batch([course.viewer.training(clip, generator) for clip in clips]))
            descent.add(loss)
            descent.step()
            total += float(loss.detach()) * len(clips)
            stepped(step + 1, len(parts))
        return {"train_loss": number(total / len(samples))}

    fit(
        stage,
        descent.optimizer,
        run_epoch,
        epochs=course.recipe.link_epochs,
        slot=slot,
        save_every=1,
        tell=lambda history, _best: passed(len(history)),
    )
    return aim
