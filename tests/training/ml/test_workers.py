"""Clips are loaded by processes that no thread of the learning one can hold up."""

import os
import signal

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from training.ml.workers import alone, context_of

SIDE = 2000


class Working(Dataset[list[int]]):
    """Does with OpenCV and torch what threads are used for; tells by which process, and of whose."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, place: int) -> list[int]:
        work()
        return [os.getpid(), os.getppid(), torch.get_num_threads(), cv2.getNumThreads()]


def work() -> None:
    cv2.GaussianBlur(np.zeros((SIDE, SIDE), np.uint8), (0, 0), 3)
    torch.ones(SIDE, 64) @ torch.ones(64, SIDE)


def test_a_process_whose_threads_have_worked_can_have_workers() -> None:
    work()
    loader = DataLoader(
        Working(), batch_size=None, num_workers=2, multiprocessing_context=context_of(2), worker_init_fn=alone
    )
    told = list(loader)
    assert len({pid for pid, *_ in told}) == 2
    assert all(os.getpid() not in (pid, parent) for pid, parent, *_ in told), "they were forked from another"
    assert all(threads == [1, 1] for _, _, *threads in told)


class Stopped(Dataset[int]):
    """Hears a Ctrl-C while it reads."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, place: int) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return place


def test_ctrl_c_does_not_end_them_before_the_process_that_learns() -> None:
    loader = DataLoader(
        Stopped(), batch_size=None, num_workers=2, multiprocessing_context=context_of(2), worker_init_fn=alone
    )
    assert list(loader) == [0, 1, 2, 3]


def test_without_workers_there_is_no_other_process() -> None:
    assert context_of(0) is None
