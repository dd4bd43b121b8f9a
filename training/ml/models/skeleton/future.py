"""Future poses: what of a clip is observed and what is to be foretold, and how far a foretelling is off.

A person is seen in a frame where not all of their numbers are zero; zeros pad short clips and absent persons.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from training.ml.errors import TooLittle


class Split(NamedTuple):
    """A clip cut where its last frames begin; C coordinates, F future poses."""

    observed_NCTVM: Tensor
    """T - F frames; those of the future that a short clip had among them are zeros."""
    last_NCVM: Tensor
    """The last observed pose."""
    future_NCFVM: Tensor
    valid_NFM: Tensor
    """Where the person is seen in the future frame and in the last observed one."""


def seen(x_NCTVM: Tensor) -> Tensor:
    """Whether each person is there in each frame, (N, T, M)."""
    return (x_NCTVM != 0).any(3).any(1)


def ended(x_NCTVM: Tensor) -> Tensor:
    """Frames of each clip up to the last in which anybody is seen, (N,) int64; 0 where nobody ever is."""
    number_T = torch.arange(x_NCTVM.shape[2], device=x_NCTVM.device)
    return (seen(x_NCTVM).any(2) * (number_T + 1)).amax(1)


def last_pose(x_NCTVM: Tensor) -> tuple[Tensor, Tensor]:
    """The last pose that is seen of each person, (N, C, V, M), and whether there is one, (N, M)."""
    seen_NTM = seen(x_NCTVM)
    number_T = torch.arange(x_NCTVM.shape[2], device=x_NCTVM.device)
    at_NM = (seen_NTM * number_T[None, :, None]).amax(1)
    n, c, _, v, m = x_NCTVM.shape
    at_NC1VM = at_NM[:, None, None, None, :].expand(n, c, 1, v, m)
    return x_NCTVM.gather(2, at_NC1VM)[:, :, 0], seen_NTM.any(1)


def split_future(x_NCTVM: Tensor, future: int) -> Split:
    """Every clip's last `future` frames apart from those before, counted from the last in which anybody is.

    Clips of all T frames are cut at T - future as in the public code of AS-GCN; padded ones at their own end.
    Raises TooLittle unless T is greater than `future`.
    """
    frames = x_NCTVM.shape[2]
    if frames <= future:
        raise TooLittle(f"To foretell {future} frames a clip needs at least {future + 1}, not {frames}.")
    number_T = torch.arange(frames, device=x_NCTVM.device)
    cut_N = ended(x_NCTVM).clamp(min=future + 1) - future
    future_NCFVM = _taken(x_NCTVM, cut_N[:, None] + number_T[:future])
    last_NC1VM = _taken(x_NCTVM, cut_N[:, None] - 1)
    kept_NT = number_T[: frames - future] < cut_N[:, None]
    observed_NCTVM = x_NCTVM[:, :, : frames - future] * kept_NT[:, None, :, None, None]
    valid_NFM = seen(future_NCFVM) & seen(last_NC1VM)
    return Split(observed_NCTVM, last_NC1VM[:, :, 0], future_NCFVM, valid_NFM)


def _taken(x_NCTVM: Tensor, at_NF: Tensor) -> Tensor:
    n, c, _, v, m = x_NCTVM.shape
    return x_NCTVM.gather(2, at_NF[:, None, :, None, None].expand(n, c, at_NF.shape[1], v, m))


def pose_error(predicted_NCFVM: Tensor, true_NCFVM: Tensor, valid_NFM: Tensor) -> Tensor:
    """Mean squared error over coordinates and joints of the valid poses of all persons; 0 where none is."""
    error_NFM = (predicted_NCFVM - true_NCFVM).square().mean((1, 3))
    return (error_NFM * valid_NFM).sum() / valid_NFM.sum().clamp(min=1)


def mpjpe(predicted_NCFVM: Tensor, true_NCFVM: Tensor, valid_NFM: Tensor, *, dims: int = 3) -> float:
    """Mean per-joint position error: the mean distance of joints of valid poses, in their unit.

    `dims` is the graph's: of 2-D poses the third channel is a confidence and no position. Raises TooLittle
    where no pose is valid.
    """
    if not bool(valid_NFM.any()):
        raise TooLittle("No person is seen both before and after the cut, so no foretold pose can be judged.")
    off_NFVM = (predicted_NCFVM - true_NCFVM)[:, :dims].square().sum(1).sqrt()
    return float(off_NFVM.mean(2)[valid_NFM].mean())
