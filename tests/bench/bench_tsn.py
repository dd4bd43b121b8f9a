"""TSN tested on 25 segments and one crop, against 25 segments and ten crops: memory and top-1.

`python -m tests.bench.bench_tsn [FOLDER --by COLUMN] [--json]`: FOLDER holds recordings and a labels.csv; a
third of the groups of COLUMN is tested. The network is TSN on MobileNetV2 with the weights of WEIGHTS_DIR,
whose head is fitted to the mean of 25 segments. Without a FOLDER only memory is measured, on drawn frames.

Activation memory is what all layers of the backbone give out together in one pass, which is what learning
holds; the rise of the process's memory is measured beside it, each pass in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.ml import weights
from training.ml.augment.clips import Clips
from training.ml.augment.pipeline import Pipeline
from training.ml.augment.presets import CENTRE, TEN_CROPS
from training.ml.bench.networks import Meter
from training.ml.datasets import read_dataset
from training.ml.datasets.base import Dataset, Sample
from training.ml.datasets.frames import FrameRecipe, range_of, read_video
from training.ml.models import create_model
from training.ml.models.tsn.network import TSN
from training.ml.models.tsn.streaming import chunks, streamed
from training.ml.sampling import Segments

SEGMENTS, SIDE = 25, 224
PROTOCOLS = {"25 x 1": CENTRE, "25 x 10": TEN_CROPS}
STREAMS = (25, 100)
"""Segments of the two clips whose memory is compared where they are given one by one."""
DECAY = 1e-4


def main() -> None:
    """Print what was measured, a line each, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--by", default="subject")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pass", dest="one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(_rise(args.one)))
        return
    found: dict[str, Any] = {
        "activation_mb": {name: _activations(pipeline) for name, pipeline in PROTOCOLS.items()}
    }
    passes = [*PROTOCOLS, *(f"streamed {segments}" for segments in STREAMS)]
    found["rise_mb"] = {name: _in_a_process(name) for name in passes}
    if args.folder is not None:
        found |= _measured(args.folder, args.by)
    if args.json:
        print(json.dumps(found))
        return
    for name, values in found.items():
        print(f"{name}: {', '.join(f'{key} {value}' for key, value in values.items())}")


def network(classes: int = 101) -> TSN:
    """TSN on MobileNetV2 as it is tested, the weights of WEIGHTS_DIR in its backbone."""
    net, _ = weights.load(_weights())
    made = create_model(
        "tsn",
        num_classes=classes,
        backbone="mobilenet_v2",
        segments=SEGMENTS,
        backbone_options={"flavour": net.flavour},
    )
    assert isinstance(made, TSN)
    made.learn_from_pictures(net.state_dict())
    return made.eval()


def _weights() -> Path | None:
    return Path(os.environ["WEIGHTS_DIR"]) if "WEIGHTS_DIR" in os.environ else None


def _drawn(views: int, segments: int = SEGMENTS) -> Tensor:
    return torch.rand(views, 3, segments, SIDE, SIDE, generator=torch.Generator().manual_seed(0))


def _activations(pipeline: Pipeline) -> float:
    """MB (10^6 bytes) that the layers of the network give out in one pass over a clip."""
    with torch.device("meta"):
        net = create_model("tsn", num_classes=101, backbone="mobilenet_v2", segments=SEGMENTS).eval()
    total = 0

    def count(module: nn.Module, inputs: Any, output: Any) -> None:
        nonlocal total
        if isinstance(output, Tensor) and not list(module.children()):
            total += output.numel() * output.element_size()

    for module in net.modules():
        module.register_forward_hook(count)
    net(torch.empty(pipeline.crops, 3, SEGMENTS, SIDE, SIDE, device="meta"))
    return round(total / 1e6, 1)


def _in_a_process(name: str) -> float:
    command = [sys.executable, "-m", "tests.bench.bench_tsn", "--pass", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _rise(name: str) -> float:
    """MB by which one pass raises the process's memory, its input left out."""
    net = network()
    if name in PROTOCOLS:
        x_BCTHW = _drawn(PROTOCOLS[name].crops)
        work: Callable[[], None] = partial(_whole, net, x_BCTHW)
    else:
        work = partial(_one_by_one, net, _drawn(1, int(name.split()[1])))
    return round(Meter("cpu").of(work, 1)[1], 1)


def _whole(net: TSN, x_BCTHW: Tensor) -> None:
    with torch.inference_mode():
        net(x_BCTHW)


def _one_by_one(net: TSN, x_BCTHW: Tensor) -> None:
    streamed(net, chunks(x_BCTHW, 1, segments=1), segments=x_BCTHW.shape[2])


def _measured(folder: Path, by: str) -> dict[str, Any]:
    """Top-1 of both protocols on the same clips, and on how many of them they say the same."""
    dataset = read_dataset("labels_csv", folder, protocol=f"cross-{by}-1-of-3")
    net = network(len(dataset.classes))
    seen = [_segments_of(net, sample, CENTRE)[0] for sample in tqdm(dataset.train, "train", leave=False)]
    _fit_head(net, torch.stack([each.mean(0) for each in seen]), _labels(dataset, dataset.train))
    truth_N, said = _labels(dataset, dataset.test), {}
    for name, pipeline in PROTOCOLS.items():
        rows = [
            net.new_fc(_segments_of(net, sample, pipeline).mean(1)).mean(0)
            for sample in tqdm(dataset.test, name, leave=False)
        ]
        said[name] = torch.stack(rows).argmax(1)
    one, ten = said.values()
    return {
        "top1": {name: round(float((said_N == truth_N).float().mean()), 4) for name, said_N in said.items()},
        "clips": {"train": len(dataset.train), "test": len(dataset.test), "same": int((one == ten).sum())},
    }


def _labels(dataset: Dataset, samples: Sequence[Sample]) -> Tensor:
    return torch.tensor([dataset.number(sample) for sample in samples])


@torch.inference_mode()
def _segments_of(net: TSN, sample: Sample, pipeline: Pipeline) -> Tensor:
    """Features (V, K, D) of the segments of each view, before the head."""
    frames = read_video(sample.path, FrameRecipe())
    inside = range_of(sample, frames)
    (place_T,) = Segments(segments=SEGMENTS).fixed(len(inside))
    x_TCHW = torch.from_numpy(frames.at(inside.start + place_T)).permute(0, 3, 1, 2)
    mean_C, deviation_C = (
        torch.tensor(each) for each in (net.normalisation.mean, net.normalisation.deviation)
    )
    rows = []
    clips = Clips(x_TCHW.transpose(0, 1)[None])
    for view in pipeline.every(clips.shape):
        x_CTHW = pipeline.show(clips, [view]).x[0]
        normal_TCHW = (x_CTHW.transpose(0, 1) - mean_C[:, None, None]) / deviation_C[:, None, None]
        rows.append(net.base_model(normal_TCHW))
    return torch.stack(rows)


def _fit_head(net: TSN, x_ND: Tensor, label_N: Tensor) -> None:
    """Softmax regression with weight decay, by L-BFGS."""
    mean_D, deviation_D = x_ND.mean(0), x_ND.std(0) + 1e-6
    z_ND = ((x_ND - mean_D) / deviation_D).clone()
    linear = nn.Linear(z_ND.shape[1], net.new_fc.out_features)
    nn.init.zeros_(linear.weight)
    nn.init.zeros_(linear.bias)
    descent = torch.optim.LBFGS(linear.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        descent.zero_grad()
        loss = nn.functional.cross_entropy(linear(z_ND), label_N) + DECAY * linear.weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    descent.step(closure)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        net.new_fc.weight.copy_(linear.weight / deviation_D)
        net.new_fc.bias.copy_(linear.bias - (linear.weight / deviation_D) @ mean_D)


if __name__ == "__main__":
    main()
