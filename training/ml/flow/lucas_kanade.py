"""Flow after Lucas and Kanade: on a grid of points, or at every pixel.

Lucas, Kanade: "An Iterative Image Registration Technique with an Application to Stereo Vision" (IJCAI 1981);
pyramids as in Bouguet: "Pyramidal Implementation of the Lucas Kanade Feature Tracker" (2000). The dense one
sums the structure tensor with a box, and smooths the flow with a box of half the side after each step, which
keeps neighbours from drifting apart where one of them sees no texture.
"""

import cv2
import numpy as np

from training.ml.flow.pictures import Floats, Grey, Plane

STEP = 4
"""Px from one point of the grid to the next."""
_GRID_WINDOW, _GRID_LEVELS = 21, 4
_STOP = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 0.003)

_WINDOW, _SMOOTH = 15, 7
_ROUNDS = 6
_TOP_SIDE = 24
"""The pyramid's smallest picture has at least this side, in px."""
_FLAT = 4.0
"""Is added to the structure tensor's diagonal, in squared grey levels a px: noise has about as much."""


def lucas_kanade_grid(before: Grey, after: Grey) -> Floats:
    """Flow (H, W, 2) in px of points STEP px apart, bilinear between them; lost ones ask their neighbours.

    A pair in which every point is lost has no flow.
    """
    height, width = before.shape
    rows, columns = -(-height // STEP), -(-width // STEP)
    # In the middles of cells: enlarging the grid by STEP puts every value back where it was measured.
    middle = (STEP - 1) / 2
    y_RC, x_RC = np.indices((rows, columns), np.float32) * STEP + middle
    points_N12 = np.stack([x_RC, y_RC], -1).reshape(-1, 1, 2)
    moved_N12, found_N1, _ = cv2.calcOpticalFlowPyrLK(
        before,
        after,
        points_N12,
        points_N12.copy(),
        winSize=(_GRID_WINDOW, _GRID_WINDOW),
        maxLevel=_GRID_LEVELS,
        criteria=_STOP,
    )
    measured_RC2 = np.asarray(moved_N12 - points_N12).reshape(rows, columns, 2)
    flow_RC2 = _filled(measured_RC2, np.asarray(found_N1).reshape(rows, columns) > 0)
    large = cv2.resize(flow_RC2, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(large[:height, :width], np.float32)


def lucas_kanade(before: Grey, after: Grey) -> Floats:
    """Flow (H, W, 2) in px at every pixel, from the coarsest picture of a pyramid to the whole one."""
    pairs = [(before.astype(np.float32), after.astype(np.float32))]
    while min(pairs[-1][0].shape) >= 2 * _TOP_SIDE:
        pairs.append((cv2.pyrDown(pairs[-1][0]), cv2.pyrDown(pairs[-1][1])))  # type: ignore[arg-type]
    flow_HW2: Floats = np.zeros((*pairs[-1][0].shape, 2), np.float32)
    for one_HW, other_HW in reversed(pairs):
        flow_HW2 = _refined(one_HW, other_HW, _enlarged(flow_HW2, one_HW))
    return flow_HW2


def _refined(before_HW: Plane, after_HW: Plane, flow_HW2: Floats) -> Floats:
    """Gauss-Newton steps of the flow: what is still left between `before` and `after` moved back."""
    x_HW = cv2.Scharr(before_HW, cv2.CV_32F, 1, 0, scale=1 / 32)
    y_HW = cv2.Scharr(before_HW, cv2.CV_32F, 0, 1, scale=1 / 32)
    xx_HW, yy_HW = _mean(x_HW * x_HW) + _FLAT, _mean(y_HW * y_HW) + _FLAT
    xy_HW = _mean(x_HW * y_HW)
    determinant_HW = xx_HW * yy_HW - xy_HW * xy_HW
    rows_HW, columns_HW = np.indices(before_HW.shape, np.float32)
    for _ in range(_ROUNDS):
        moved_HW = cv2.remap(
            after_HW,
            columns_HW + flow_HW2[..., 0],
            rows_HW + flow_HW2[..., 1],
            cv2.INTER_LANCZOS4,  # OpenCV's cubic pulls subpixel flow 0.05 px off
            borderMode=cv2.BORDER_REPLICATE,
        )
        left_HW = before_HW - moved_HW
        a_HW, b_HW = _mean(x_HW * left_HW), _mean(y_HW * left_HW)
        step_HW2 = np.stack([yy_HW * a_HW - xy_HW * b_HW, xx_HW * b_HW - xy_HW * a_HW], -1)
        step_HW2 /= determinant_HW[..., None]
        flow_HW2 = np.asarray(cv2.blur(flow_HW2 + step_HW2, (_SMOOTH, _SMOOTH)), np.float32)
    return flow_HW2


def _mean(plane_HW: Plane) -> Plane:
    return np.asarray(cv2.boxFilter(plane_HW, cv2.CV_32F, (_WINDOW, _WINDOW)))


def _enlarged(flow_HW2: Floats, like_HW: Plane) -> Floats:
    """The flow of a picture half as large, brought to the size of `like_HW` and doubled."""
    if flow_HW2.shape[:2] == like_HW.shape:
        return flow_HW2
    height, width = like_HW.shape
    # pyrDown keeps pixels 0, 2, 4, ..., so pixel k of the small picture lies on pixel 2 k of the large one.
    rows_HW, columns_HW = np.indices((height, width), np.float32) / 2
    large = cv2.remap(flow_HW2, columns_HW, rows_HW, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(2 * large, np.float32)


def _filled(flow_RC2: Plane, known_RC: Plane) -> Floats:
    """Unknown points as the mean of the known ones around them, outwards until all are known."""
    weight_RC = known_RC.astype(np.float32)
    flow_RC2 = np.where(known_RC[..., None], flow_RC2, 0).astype(np.float32)
    while 0 < weight_RC.sum() < weight_RC.size:
        around_RC = cv2.blur(weight_RC, (3, 3), borderType=cv2.BORDER_CONSTANT)
        sums_RC2 = cv2.blur(flow_RC2, (3, 3), borderType=cv2.BORDER_CONSTANT)
        fresh_RC = (weight_RC == 0) & (around_RC > 1e-3)
        flow_RC2[fresh_RC] = sums_RC2[fresh_RC] / around_RC[fresh_RC][:, None]
        weight_RC[fresh_RC] = 1
    return flow_RC2
