"""Processes that load clips beside the one that learns.

They are forked from a process that has no threads: forked from one that has, as torch's and OpenCV's are once
they have worked, a process may wait for ever for a lock that no thread of its own holds.
"""

import multiprocessing
import signal
from multiprocessing.context import ForkServerContext

import cv2
import torch

_LOADED = ["training.ml.fit.feeding", "training.ml.fit.reading"]
"""What the process that they are forked from loads once, as torch takes seconds."""


def context_of(workers: int) -> ForkServerContext | None:
    """How torch's loaders start so many processes; None for none."""
    if not workers:
        return None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def alone(worker: int) -> None:  # noqa: ARG001 - what torch calls in each
    """Workers share the machine: each takes one thread. Ctrl-C, which a shell sends to all, is not for them.

    The process that learns decides what becomes of it, and needs their clips to finish its step.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
