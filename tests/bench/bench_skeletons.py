"""Skeleton networks on UTD-MHAD: top-1 on people who were never seen, and how long each learns.

`python -m tests.bench.bench_skeletons FOLDER [--test s4,s5] [--network NAME] [--threads 2] [--json]`: FOLDER
holds aN_sN_tN_skeleton.mat files. Each network learns from all other subjects for a number of passes that
was chosen beforehand, and is tested once, after the last; nothing is chosen by the subjects that are tested.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from training.ml.augment.bodies import RandomMove
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Dataset, Sample, read_dataset
from training.ml.datasets.skeletons import read_skeletons
from training.ml.errors import LearningError
from training.ml.models import create_model
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import ASGCN, FUTURE
from training.ml.models.skeleton.graphs import graph_named
from training.ml.models.skeleton.stages import ActionStage, LinkStage
from training.ml.skeletons.bodies import Array, fitted, main_bodies
from training.ml.skeletons.poses import centred

GRAPH, DATASET = "utd20", "utd_mhad"
LINK_RATE, LINK_EPOCHS = 5e-4, 1

MOVES = Pipeline("bench", (RandomMove(),))


@dataclass(frozen=True)
class Plan:
    """How a network learns."""

    network: str
    frames: int
    epochs: int
    rate: float
    batch: int = 16
    decay: float = 1e-2
    repeated: int = 0
    """Frames from the beginning that follow again, for AS-GCN to foretell: it learns from those before."""


PLANS = (
    Plan("st_gcn", frames=16, epochs=30, rate=2e-3),
    Plan("as_gcn", frames=16, epochs=10, rate=2e-3, repeated=FUTURE),
    Plan("tcn_one_shot", frames=32, epochs=60, rate=1e-3),
)


@dataclass(frozen=True)
class Result:
    """What one network reached."""

    network: str
    top1: float
    tested: int
    seconds: float
    """By the clock, learning and testing."""
    processor_seconds: float
    """Of all threads together: what the same takes by the clock on idle cores, times the threads."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a line a network or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--test", default="s4,s5", help="subjects who are tested")
    parser.add_argument("--network", action="append", choices=[plan.network for plan in PLANS])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, help="other passes than planned, to try the script")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    try:
        dataset = read_dataset(DATASET, asked.folder, protocol=f"cross-subject={asked.test}")
        results = [
            measured(replace(plan, epochs=asked.epochs or plan.epochs), dataset, asked.seed)
            for plan in PLANS
            if not asked.network or plan.network in asked.network
        ]
    except LearningError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    if asked.json:
        facts = {"test": asked.test, "seed": asked.seed, "threads": asked.threads}
        print(json.dumps({**facts, "results": [asdict(each) for each in results]}, indent=2))
    else:
        for each in results:
            print(f"{each.network}: {each.top1:.3f} of {each.tested} in {each.seconds:.0f} s")
    return 0


def measured(plan: Plan, dataset: Dataset, seed: int) -> Result:
    """One network, learnt and tested."""
    began, worked = time.perf_counter(), time.process_time()
    clips = [(upright(read_skeletons(sample).x_CTVM), dataset.number(sample)) for sample in dataset.train]
    net = learnt(plan, clips, len(dataset.classes), seed)
    top1 = tested(net, plan, dataset.test, dataset)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    return Result(plan.network, top1, len(dataset.test), round(seconds, 1), round(processor, 1))


def upright(x_CTVM: Array) -> Array:
    """The one body about its spine, in metres."""
    return centred(main_bodies(x_CTVM, keep=1), graph_named(GRAPH))


def learnt(plan: Plan, clips: list[tuple[Array, int]], classes: int, seed: int) -> nn.Module:
    """The network after its passes; AS-GCN's links first, without labels."""
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    net = create_model(plan.network, num_classes=classes, graph=GRAPH)
    if isinstance(net, ASGCN):
        aim = create_aim(graph=GRAPH)
        optimizer = torch.optim.Adam(aim.parameters(), LINK_RATE)
        stage = LinkStage(aim)
        for _ in tqdm(range(LINK_EPOCHS), desc="links", file=sys.stderr):
            for x_NCTVM, _ in batches(plan, clips, generator):
                descend(stage(x_NCTVM), optimizer)
        net.take_links(aim)
    loss = ActionStage(net) if isinstance(net, ASGCN) else None
    optimizer = torch.optim.AdamW(net.parameters(), plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * -(-len(clips) // plan.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, plan.rate, steps, pct_start=0.2)
    for _ in tqdm(range(plan.epochs), desc=plan.network, file=sys.stderr):
        for x_NCTVM, label_N in batches(plan, clips, generator):
            if loss is not None:
                descend(loss(x_NCTVM, label_N).whole, optimizer)
            else:
                descend(functional.cross_entropy(net(x_NCTVM), label_N), optimizer)
            schedule.step()
    return net.eval()


def batches(
    plan: Plan, clips: list[tuple[Array, int]], generator: np.random.Generator
) -> list[tuple[Tensor, Tensor]]:
    """All clips once, in random order and random views."""
    order = generator.permutation(len(clips))
    made = []
    for places in np.array_split(order, -(-len(order) // plan.batch)):
        views = [viewed(clips[place][0], plan, generator) for place in places]
        labels = [clips[place][1] for place in places]
        still = Clips(torch.from_numpy(np.stack(views)), Kind.SKELETON, graph=GRAPH)
        made.append((MOVES(still, [generator] * len(places)).x.float(), torch.tensor(labels)))
    return made


def viewed(x_CTVM: Array, plan: Plan, generator: np.random.Generator) -> Array:
    """At least three quarters of a clip, turned about what stands upright."""
    length = x_CTVM.shape[1]
    kept = int(generator.integers(-(-3 * length // 4), length + 1))
    start = int(generator.integers(0, length - kept + 1))
    angle = generator.uniform(-0.5, 0.5)
    turn_CC = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]], np.float32
    )
    turned_CTVM = np.einsum("dc,ctvm->dtvm", turn_CC, x_CTVM[:, start : start + kept])
    whole_CTVM = stretched(turned_CTVM, plan.frames)
    return np.concatenate([whole_CTVM, whole_CTVM[:, : plan.repeated]], 1).astype(np.float32)


def stretched(x_CTVM: Array, frames: int) -> Array:
    """So many evenly spread frames."""
    return fitted(x_CTVM, frames) if x_CTVM.shape[1] > frames else x_CTVM[:, spread(x_CTVM.shape[1], frames)]


def spread(length: int, frames: int) -> list[int]:
    """Evenly spread places, each as often as it must be."""
    return [n * length // frames for n in range(frames)]


def tested(net: nn.Module, plan: Plan, samples: tuple[Sample, ...], dataset: Dataset) -> float:
    """Top-1."""
    hits = 0
    for sample in samples:
        x_CTVM = stretched(upright(read_skeletons(sample).x_CTVM), plan.frames).astype(np.float32)
        with torch.inference_mode():
            logits_NC = net(torch.from_numpy(np.ascontiguousarray(x_CTVM))[None])
        hits += int(logits_NC.argmax()) == dataset.number(sample)
    return hits / len(samples)


def descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    """One step."""
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([each for group in optimizer.param_groups for each in group["params"]], 5.0)
    optimizer.step()


if __name__ == "__main__":
    raise SystemExit(main())
