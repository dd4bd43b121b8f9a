"""Flow without the camera's own motion, the fourth stream of TSN.

Wang, Schmid: "Action Recognition with Improved Trajectories" (ICCV 2013), section 3: what most of the picture
does is one homography, found by RANSAC. Here it is fitted to the flow itself, where the picture has texture.
"""

import cv2
import numpy as np
import numpy.typing as npt

from training.ml.flow.pictures import Floats, Grey

Matrix = npt.NDArray[np.float64]

_EVERY = 8
_WINDOW = 7
_TEXTURE = 1e-3
"""Least of the structure tensor's smaller eigenvalue for a point to tell anything of the camera."""
_NEAR = 0.5
"""Px that a point's flow may be off the homography and still belong to it."""
_LEAST_POINTS, _LEAST_SHARE = 16, 0.3


def camera_motion(before: Grey, flow_HW2: Floats) -> Matrix:
    """The homography (3, 3) that takes pixels of `before` to where the camera's motion puts them.

    The identity where the picture has too little texture, or no three tenths of it move as one plane:
    nothing is then known of the camera, and nothing may be taken off.
    """
    strength_HW = cv2.cornerMinEigenVal(before, _WINDOW)[::_EVERY, ::_EVERY]
    y_N, x_N = (places * _EVERY for places in np.nonzero(strength_HW > _TEXTURE))
    if len(x_N) < _LEAST_POINTS:
        return np.eye(3)
    from_N2 = np.stack([x_N, y_N], -1).astype(np.float64)
    found, inside = cv2.findHomography(from_N2, from_N2 + flow_HW2[y_N, x_N], cv2.RANSAC, _NEAR)
    if found is None or np.asarray(inside).mean() < _LEAST_SHARE:
        return np.eye(3)
    return np.asarray(found, np.float64)


def motion_of(homography_33: Matrix, shape: tuple[int, int]) -> Floats:
    """The flow (H, W, 2) in px that a homography gives to every pixel of a picture of that shape."""
    y_HW, x_HW = np.indices(shape, np.float64)
    pixels_HW2 = np.stack([x_HW, y_HW], -1)
    moved_HW2 = cv2.perspectiveTransform(pixels_HW2.reshape(1, -1, 2), homography_33).reshape(*shape, 2)
    return np.asarray(moved_HW2 - pixels_HW2, np.float32)


def without_camera(before: Grey, flow_HW2: Floats) -> Floats:
    """The flow (H, W, 2) in px that the camera's motion does not explain."""
    height, width = before.shape
    return flow_HW2 - motion_of(camera_motion(before, flow_HW2), (height, width))
