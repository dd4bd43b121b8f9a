"""Several processes that learn one network, as torchrun starts them; or one, alone."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed

from training.ml.errors import LearningError


class NoDevice(LearningError):  # noqa: N818
    """A device was asked for that is not here."""


@dataclass(frozen=True)
class Team:
    """This process among all, and the device that is its own."""

    rank: int = 0
    size: int = 1
    device: str = "cpu"

    @property
    def leads(self) -> bool:
        """Whether it is this one that writes and tells."""
        return self.rank == 0

    @property
    def kind(self) -> str:
        """Of the device: cpu or cuda."""
        return self.device.partition(":")[0]

    def summed(self, numbers: Sequence[float]) -> list[float]:
        """The sums of these numbers over all processes."""
        if self.size == 1:
            return list(numbers)
        whole = torch.tensor(list(numbers), dtype=torch.float64, device=self.device)
        distributed.all_reduce(whole)
        told: list[float] = whole.tolist()
        return told

    def joined(self, rows: Tensor) -> Tensor:
        """The rows of all processes, (N, ...) on the CPU, those of the first process first."""
        if self.size == 1:
            return rows.cpu()
        parts: list[Tensor | None] = [None] * self.size
        distributed.all_gather_object(parts, rows.cpu())
        there = [part for part in parts if part is not None]
        return torch.cat([part for part in there if len(part)] or there[:1])

    def together(self) -> None:
        """Wait for the others."""
        if self.size > 1:
            distributed.barrier()


@contextmanager
def team(device: str = "") -> Iterator[Team]:
    """The team that torchrun's environment tells of: gloo on the CPU, NCCL on GPUs; alone without it.

    `device` is cpu or cuda; "" takes a GPU where there is one. Raises NoDevice.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise NoDevice("There is no GPU here that torch can use: leave --device out, or ask for cpu.")
    kind = device or ("cuda" if torch.cuda.is_available() else "cpu")
    size = int(os.environ.get("WORLD_SIZE", "1"))
    own = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if kind == "cuda" else "cpu"
    if size == 1:
        yield Team(0, 1, own)
        return
    if kind == "cuda":
        torch.cuda.set_device(own)
    distributed.init_process_group("nccl" if kind == "cuda" else "gloo")
    try:
        yield Team(distributed.get_rank(), size, own)
    finally:
        distributed.destroy_process_group()
