"""What a network costs: operations, and seconds and memory on this machine, each in a process of its own.

A process of its own, because the memory that one network took must not be counted for the next.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import nn

from training.ml.bench.operations import PUBLISHED, gmacs
from training.ml.errors import LearningError
from training.ml.models import NETWORKS, create_model
from training.ml.models.contract import Takes
from training.ml.models.example import example

_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class NotMeasured(LearningError):  # noqa: N818 - named after what happened
    """A network whose cost could not be measured here."""


@dataclass(frozen=True)
class Cost:
    """Of one network on one device. Times are medians in seconds of a batch; memory is in MB, 10^6 bytes."""

    network: str
    device: str
    batch: int
    takes: str
    parameters: int
    gmacs: float
    """10^9 multiply-adds of one input."""
    published_gmacs: float | None
    """What the reference says, of convolutions and linear layers; None where it is not known."""
    forward_seconds: float
    forward_mb: float
    """Most memory beyond that of the parameters, in evaluation."""
    step_seconds: float
    """Forward, backward and one step of SGD."""
    step_mb: float
    """Most memory beyond that of the parameters, gradients and momenta included."""


def measured(name: str, *, batch: int = 1, device: str = "cpu", repeats: int = 3, threads: int = 2) -> Cost:
    """The cost of a network, in a process of its own. Raises NotMeasured with what that process said last."""
    request = {"name": name, "batch": batch, "device": device, "repeats": repeats, "threads": threads}
    command = [sys.executable, "-m", "training.ml.bench.networks", json.dumps(request)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
        raise NotMeasured(f"{NETWORKS[name].title} could not be measured on {device}: {last}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def measure(name: str, batch: int, device: str, repeats: int, threads: int) -> Cost:
    """The same in this process: memory that it took before hides what the network takes."""
    torch.set_num_threads(threads)
    network = NETWORKS[name]
    with torch.device("meta"):
        empty = create_model(name, num_classes=network.classes)
    counted = gmacs(network, empty)
    torch.manual_seed(0)
    model = create_model(name, num_classes=network.classes).to(device)
    inputs: Any = example(network, batch=batch, device=device)
    meter = Meter(device)

    def forward() -> None:
        with torch.inference_mode():
            model.eval()(inputs)

    forward_seconds, forward_mb = meter.of(forward, repeats)
    step_seconds, step_mb = meter.of(_step(model, inputs, batch, network.classes, device), repeats)
    return Cost(
        network=name,
        device=torch.cuda.get_device_name() if device == "cuda" else device,
        batch=batch,
        takes=_shape(inputs, network.takes),
        parameters=sum(each.numel() for each in model.parameters()),
        gmacs=round(counted, 3),
        published_gmacs=PUBLISHED.get(name),
        forward_seconds=round(forward_seconds, 5),
        forward_mb=round(forward_mb, 1),
        step_seconds=round(step_seconds, 5),
        step_mb=round(step_mb, 1),
    )


def _step(model: nn.Module, inputs: Any, batch: int, classes: int, device: str) -> Callable[[], None]:
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6, momentum=0.9)
    truth_B = torch.zeros(batch, dtype=torch.long, device=device) % classes

    def step() -> None:
        optimizer.zero_grad()
        said = model.train()(inputs)
        logits_BC = said[0] if isinstance(said, tuple) else said
        nn.functional.cross_entropy(logits_BC, truth_B).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


class Meter:
    """Times what is done, and tells how far memory rose meanwhile."""

    def __init__(self, device: str) -> None:
        self._cuda = device == "cuda"

    def of(self, work: Callable[[], None], repeats: int) -> tuple[float, float]:
        """Median seconds of `repeats` after one that warms up, and MB of the highest rise."""
        before = self._forget()
        seconds = []
        for _ in range(repeats + 1):
            began = time.perf_counter()
            work()
            if self._cuda:
                torch.cuda.synchronize()
            seconds.append(time.perf_counter() - began)
        return median(seconds[1:]), (self._highest() - before) / 1e6

    def _forget(self) -> int:
        """Begin to look for the highest from here; the bytes in use now."""
        if self._cuda:
            torch.cuda.reset_peak_memory_stats()
            return torch.cuda.memory_allocated()
        try:
            _FORGET.write_text("5")  # proc(5): sets the highest back to what is in use
        except OSError as error:
            raise NotMeasured(f"Memory can be measured on Linux only: {error}.") from error
        return _status("VmRSS")

    def _highest(self) -> int:
        return torch.cuda.max_memory_allocated() if self._cuda else _status("VmHWM")


def _status(field: str) -> int:
    line = next(each for each in _STATUS.read_text().splitlines() if each.startswith(field))
    return int(line.split()[1]) * 1024


def _shape(inputs: Any, takes: Takes) -> str:
    parts = inputs if isinstance(inputs, list) else [inputs]
    return f"{takes} {' + '.join('x'.join(map(str, part.shape)) for part in parts)}"


if __name__ == "__main__":
    print(json.dumps(asdict(measure(**json.loads(sys.argv[1])))))
