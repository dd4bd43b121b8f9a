"""Flow as a picture: the hue tells where something moves to, the strength how fast.

The colour wheel of Baker et al.: "A Database and Evaluation Methodology for Optical Flow" (IJCV 2011),
section 4.4, in even steps of hue.
"""

import cv2
import numpy as np

from training.ml.flow.pictures import Floats, Grey
from training.ml.flow.storage import restored
from training.ml.places import spread
from training.ml.sheets import tiled

_TILES, _ACROSS, _TILE_WIDTH = 12, 4, 320


def coloured(flow_HW2: Floats, fastest: float) -> Grey:
    """RGB (H, W, 3): black where nothing moves, full colours from `fastest` px on; red is to the right."""
    angle_HW = np.arctan2(flow_HW2[..., 1], flow_HW2[..., 0])
    share_HW = np.minimum(np.hypot(flow_HW2[..., 0], flow_HW2[..., 1]) / max(fastest, 1e-6), 1)
    hsv_HW3 = np.stack(
        [np.mod(np.degrees(angle_HW), 360) / 2, np.full_like(share_HW, 255), share_HW * 255], -1
    )
    return np.asarray(cv2.cvtColor(np.rint(hsv_HW3).astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)


def sheet(flow_THW2: Grey) -> Grey:
    """Twelve fields, or as many as there are, spread over a recording's stored flow, as one RGB picture.

    All have one scale: the speed that one pixel in two hundred is faster than.
    """
    chosen_K = spread(len(flow_THW2), min(_TILES, len(flow_THW2)))
    fields = [restored(flow_THW2[k]) for k in chosen_K]
    speeds = np.concatenate([np.hypot(each[..., 0], each[..., 1]).ravel() for each in fields])
    fastest = max(1.0, float(np.quantile(speeds, 0.995)))
    height, width = flow_THW2.shape[1:3]
    across = min(_TILE_WIDTH, width)
    size = across, max(1, round(height * across / width))
    tiles = [cv2.resize(coloured(each, fastest), size, interpolation=cv2.INTER_AREA) for each in fields]
    return tiled([np.asarray(tile, np.uint8) for tile in tiles], _ACROSS)
