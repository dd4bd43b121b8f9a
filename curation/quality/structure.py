"""How much of the camera's usual structure a frame still shows, place by place.

Fine detail says little about blur where a night's noise is as fine as it, and the folds of a tarpaulin have
contrast too. So the edges of a small copy are compared with those that are usual at the same place of the
same camera: a defocused frame has lost them almost everywhere while its light is where it was; behind
something that hangs before the lens they are gone and the light has changed.

On real recordings, people close by included, the losses here stay under the limits in 99.9 % of the frames;
defocus, smear and covers of the simulator lie above them in day and night scenes alike.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality.baseline import usual

CELLS: Final = (8, 6)
"""Cells across and down; four of them make a tile for blur, which is to be seen in most of a picture."""
TILES: Final = 12
TEXTURED: Final = 1e-4
"""Energy relative to the light from which a cell says anything."""
ENOUGH_CELLS: Final = 12
LOST: Final = 0.9
"""Natural log of the loss of energy at which the structure of a cell is gone: three fifths."""
RELIT: Final = 0.2
"""Natural log of the change of light at which a cell shows something else, or is lit otherwise."""
BLURRED_SHARE: Final = 0.6
"""So many tiles have lost at least what is said to be lost of a frame."""
BLACK: Final = 4.0
"""Levels added to the light, so that energy relative to it stays what it is while a scene grows darker and
quantisation is no structure."""
_LEAST: Final = 1e-6

Structure = NDArray[np.float16]
"""Energy across, energy down, light: three times CELLS, row by row. Energies are relative to the light
squared."""


def structure(small: NDArray[np.uint8]) -> Structure:
    """What each cell of a small copy (H, W) shows: second differences, relative to the light; (144,)."""
    if min(small.shape) < 3:
        return np.ones(3 * CELLS[0] * CELLS[1], dtype=np.float16)
    picture = small.astype(np.float32)
    light = cv2.resize(picture, CELLS, interpolation=cv2.INTER_AREA) + BLACK
    across = picture[:, :-2] - 2 * picture[:, 1:-1] + picture[:, 2:]
    down = picture[:-2] - 2 * picture[1:-1] + picture[2:]
    energies = [
        cv2.resize(part * part, CELLS, interpolation=cv2.INTER_AREA) / light**2 for part in (across, down)
    ]
    return np.asarray(np.concatenate([*energies, light], axis=None), dtype=np.float16)


def blur_loss(cells: Structure, fps: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What most tiles have lost beside what is usual there, and by how much more across than down.

    `cells`: (n, 144). Both (n,), in natural-log units of energy; 0 where the light has changed, which is no
    blur.
    """
    across, down, light = (_tiles(part) for part in _parts(cells))
    lost_across, lost_down, lost = (_lost(energy, fps) for energy in (across, down, across + down))
    same = np.abs(np.log(light / usual(light, fps, 0.5))) <= RELIT
    place = int(TILES * (1 - BLURRED_SHARE))
    loss = np.sort(np.where(same, lost, 0), axis=1)[:, place]
    lean = np.median(lost_across - lost_down, axis=1)
    return np.asarray(loss, dtype=np.float32), np.asarray(lean, dtype=np.float32)


def covered_share(cells: Structure, fps: float) -> NDArray[np.float32]:
    """Share 0..1 of the textured cells whose structure is gone and whose light is another. (n, 144) gives
    (n,)."""
    across, down, light = _parts(cells)
    energy = across + down
    gone = _lost(energy, fps) > LOST
    gone &= np.abs(np.log(light / usual(light, fps, 0.5))) > RELIT
    textured = usual(energy, fps, 0.5) >= TEXTURED
    told = textured.sum(axis=1)
    share = (gone & textured).sum(axis=1) / np.maximum(told, 1)
    return np.asarray(np.where(told >= ENOUGH_CELLS, share, 0), dtype=np.float32)


def _parts(cells: Structure) -> list[NDArray[np.float32]]:
    return np.split(cells.astype(np.float32), 3, axis=1)


def _tiles(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of two by two cells; (n, 48) gives (n, 12)."""
    wide, tall = CELLS
    parted = cells.reshape(-1, tall // 2, 2, wide // 2, 2)
    return np.asarray(parted.mean(axis=(2, 4)).reshape(-1, TILES), dtype=np.float32)


def _lost(energy: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    """Natural log of how many times less energy there is than usual."""
    lost: NDArray[np.float32] = np.log((usual(energy, fps, 0.5) + _LEAST) / (energy + _LEAST))
    return lost
