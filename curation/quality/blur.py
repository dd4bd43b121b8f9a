"""How blurred a picture is, and whether the blur has a direction.

Blur along a direction takes the fine structure along it away first. The energy of the second difference one
pixel apart (fine structure) is compared with the energy of the difference eight pixels apart (coarse
structure), along four directions; the direction that lost most decides, so a picture smeared one way counts
as blurred however crisp it is the other way. A ratio of energies does not move with contrast or exposure.
It is taken on 3 x 3 tiles and averaged by their contrast, so that a burned-in clock or one bright lamp does
not speak for the whole picture.

On the labelled photographs this had the highest AUC of the measures tried at this size (variance of
Laplacian 0.91, Tenengrad 0.87, spectrum slope 0.89, Crete's re-blur 0.96, this 0.97), and one threshold
held for photographs and for webcams by day and night.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from curation.quality.baseline import score, usual
from curation.quality.structure import Structure, blur_loss

DIRECTIONS: Final = ((1, 0), (0, 1), (1, 1), (1, -1))
TILES: Final = 3
COARSE: Final = 8
LAGS: Final = (1, 2, COARSE)
ROW_STEP: Final = 3
"""Every third row is measured: the same AUC for a third of the time."""
FLOOR: Final = 0.5
"""Energy (levels squared) at which structure is not told from quantisation: flat tiles read as neutral, not
blurred."""
STILL_LIMIT: Final = 2.45
"""Loss at which a photograph is blurred: the best F1 on the open photographs, flat from 2.3 to 2.47. Above,
the F1 falls; below, webcam pictures by night are called blurred."""
VIDEO_LIMIT: Final = 4.2
"""Mean loss over the directions at which a video is blurred whatever is usual for its camera. Real footage,
soft CCTV included, stays under 3.7; a defocus of 3 pixels of 480 brings it to 5. The mean, because a scene
may have next to no structure along one direction (floor boards)."""
WORSE_THAN_USUAL: Final = 1.4
"""Loss beyond the camera's usual, along any one direction, at which a frame is blurred: people moving close
by make 0.5 (95 %), a smear of 15 pixels of 480 makes 1.5 and more, a defocus of 1.5 pixels 2, of 3 pixels
2.5."""
SOFTNESS: Final = 0.3
USUAL_QUANTILE: Final = 0.2
"""The camera's usual sharpness is the sharper fifth of its frames: it holds while most of them are
blurred."""
DIRECTED: Final = 1.0
"""Difference of the losses between two perpendicular directions at which a blur counts as motion. (Axis and
diagonal do not compare: a diagonal step is longer.)"""

COARSE_LIMIT: Final = 0.45
"""Loss of the coarse structure of most of the picture at which a frame is blurred though it may be full of
fine noise. Of real frames 0.1 % are above 0.27; the weakest smear of the simulator, at night, makes 0.6."""
COARSE_DIRECTED: Final = 0.4
"""Share of that loss by which across and down differ where a blur counts as motion."""

Losses = NDArray[np.float32]
"""Lost fine structure along DIRECTIONS, in natural-log units of energy: about 1 crisp, 2.5 soft, 5 gone."""


def loss(work: NDArray[np.uint8]) -> Losses:
    """Lost fine structure of a working copy (H, W) along the four directions, shape (4,).

    A picture too small to hold the tiles (under 25 x 19 pixels) is not judged: zeros.
    """
    rows = (work.shape[0] - 2 * COARSE) // (TILES * ROW_STEP) * (TILES * ROW_STEP)
    columns = (work.shape[1] - 2 * COARSE) // TILES * TILES
    if rows <= 0 or columns <= 0:
        return np.zeros(len(DIRECTIONS), dtype=np.float32)
    # Rows 0, 3, 6 .., rows 1, 4, 7 .. and rows 2, 5, 8 ..: a shifted picture is a stretch of one of these,
    # so differences run over memory without a gap. What they make beside the tiles is not read.
    height, width = rows // ROW_STEP, work.shape[1]
    thirds = [work[first::ROW_STEP].astype(np.float32).ravel() for first in range(ROW_STEP)]
    stretch = height * width - COARSE

    def shifted(across: int, down: int) -> NDArray[np.float32]:
        row, third = divmod(COARSE + down, ROW_STEP)
        start = row * width + across
        return thirds[third][start : start + stretch]

    centre = shifted(0, 0)
    difference = np.zeros((height, width), dtype=np.float32)
    flat = difference.ravel()[:stretch]
    tiles = difference[:, COARSE : COARSE + columns].reshape(height, TILES, -1)
    energy = np.empty((len(DIRECTIONS), len(LAGS), height, TILES), dtype=np.float32)
    for along, (across, down) in enumerate(DIRECTIONS):
        for step, lag in enumerate(LAGS):
            np.subtract(centre, shifted(across * lag, down * lag), out=flat)
            np.vecdot(tiles, tiles, out=energy[along, step])
    energy = energy.reshape(len(DIRECTIONS), len(LAGS), TILES, -1, TILES).sum(axis=3)
    near, next_, far = np.moveaxis(
        energy.reshape(len(DIRECTIONS), 3, -1) / (height * columns / TILES**2), 1, 0
    )
    fine = np.maximum(0.0, 4 * near - next_)  # = the energy of the second difference
    structure = far.mean(axis=0)
    weight = np.sqrt(structure + 1e-3)
    return np.asarray(np.log((structure + FLOOR) / (fine + FLOOR)) @ weight / weight.sum(), dtype=np.float32)


def sharpness(losses: Losses) -> NDArray[np.float32]:
    """1 crisp .. 0 no fine structure: the share of amplitude left in the worst direction. (n, 4) gives
    (n,)."""
    return np.asarray(np.minimum(1.0, np.exp(-losses.max(axis=1) / 2)), dtype=np.float32)


def blurred(losses: Losses, places: Structure, fps: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scores (defocus, motion blur) in 0..1 for the frames of one camera; one of the two is 0. (n, 4) gives
    2 x (n,).

    One frame alone is judged as a photograph. Frames of a video are blurred when clearly worse than usual,
    in fine or in coarse structure (`places`: (n, 144)), or when next to nothing is left.
    """
    worst = losses.max(axis=1)
    coarse, lean = blur_loss(places, fps)
    if len(losses) == 1:
        margin, profile = worst - STILL_LIMIT, losses
    else:
        profile = losses - usual(losses, fps, USUAL_QUANTILE)
        relative = np.minimum(profile.max(axis=1) - WORSE_THAN_USUAL, worst - STILL_LIMIT)
        margin = np.maximum(np.maximum(relative, coarse - COARSE_LIMIT), losses.mean(axis=1) - VIDEO_LIMIT)
    blur = score(margin, SOFTNESS)
    apart = np.maximum(np.abs(profile[:, 0] - profile[:, 1]), np.abs(profile[:, 2] - profile[:, 3]))
    directed = (apart > DIRECTED) | ((coarse > COARSE_LIMIT) & (np.abs(lean) > COARSE_DIRECTED * coarse))
    return np.where(directed, np.float32(0), blur), np.where(directed, blur, np.float32(0))
