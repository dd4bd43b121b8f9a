"""Glare: a light that looks into the lens, a burnt-out patch whose halo lies over the picture around it.

A bright sky or a white wall is burnt out too, but it spans the picture or ends at an edge; glare is compact
and fades.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality.baseline import usual

BURNT_OUT: Final = 240
SMALLEST: Final = 0.004
"""Share of the picture from which a burnt-out patch is looked at."""
FULL: Final = 0.02
"""Share of the picture at which its size counts fully."""
WIDEST: Final = 0.7
"""Share of the width or height from which a patch is sky or wall and not a light."""
USUAL_CAP: Final = 0.3
"""A camera that looks into glare all the time is forgiven no more than this."""
STILL_SHARE: Final = 0.5
"""A photograph's glare ranks but does not reject at the default threshold: with no usual picture, lamps and
suns that belong into it are not told apart (7 of 37 good ones would go)."""


def strength(small: NDArray[np.uint8]) -> float:
    """0 none .. 1 strong, of a small copy (H, W), about 120 x 67."""
    burnt = cv2.threshold(small, BURNT_OUT - 1, 255, cv2.THRESH_BINARY)[1]
    least = max(4.0, SMALLEST * small.size)
    if cv2.countNonZero(burnt) < least:
        return 0.0
    count, patches, facts, _ = cv2.connectedComponentsWithStats(burnt)
    found = 0.0
    for patch in range(1, count):
        _, _, width, height, area = facts[patch].tolist()
        if area < least or width > WIDEST * small.shape[1] or height > WIDEST * small.shape[0]:
            continue
        found = max(found, min(1.0, area / (FULL * small.size)) * _halo(small, patches == patch, area))
    return found


def _halo(small: NDArray[np.uint8], patch: NDArray[np.bool_], area: float) -> float:
    """How much light lies around the patch and fades outwards: 0 a sharp edge, 1 a veil."""
    reach = max(2, round(0.5 * float(np.sqrt(area / np.pi))))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    core = patch.astype(np.uint8)
    edge = cv2.dilate(core, np.ones((3, 3), np.uint8))  # the blend of patch and background is no halo
    near = cv2.dilate(edge, disc)
    far = cv2.dilate(near, disc)
    ring, beyond, rest = near - edge, far - near, 1 - far
    if not ring.any() or not beyond.any() or not rest.any():
        return 0.0
    levels = [float(small[mask > 0].mean()) for mask in (ring, beyond, rest)]
    if not levels[0] > levels[1] > levels[2]:
        return 0.0
    room = max(1.0, 255.0 - levels[2])
    return min(1.0, (levels[0] - levels[2]) / room * 1.5)


def beyond_usual(strengths: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    """Strength minus what the camera always has, (n,); one frame alone is halved."""
    if len(strengths) == 1:
        return strengths * np.float32(STILL_SHARE)
    always = np.minimum(USUAL_CAP, usual(strengths[:, None], fps, 0.5)[:, 0])
    return np.asarray(np.maximum(0.0, strengths - always), dtype=np.float32)
