"""Pictures made for these tests: structure at all scales like a photograph, and the faults of cameras."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality.score import FrameScorer, Metrics

Luma = NDArray[np.uint8]


def scene(seed: int = 0, height: int = 270, width: int = 480) -> Luma:
    """A picture of overlapping blocks and discs of many sizes (dead leaves), mean near 120."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, width), 120, dtype=np.uint8)
    sizes = height * 0.012 / rng.uniform(0.03, 1.0, 900)
    for size in np.sort(sizes.astype(int))[::-1].tolist():
        x, y = int(rng.integers(width)), int(rng.integers(height))
        level = int(rng.integers(30, 215))
        if rng.random() < 0.5:
            cv2.circle(picture, (x, y), size, level, -1)
        else:
            cv2.rectangle(picture, (x - size, y - size // 2), (x + size, y + size // 2), level, -1)
    return picture


def defocused(picture: Luma, sigma: float) -> Luma:
    return _luma(cv2.GaussianBlur(picture, (0, 0), sigma)) if sigma > 0 else picture


def smeared(picture: Luma, length: int) -> Luma:
    """Moved sideways by `length` pixels while the shutter was open."""
    return _luma(cv2.blur(picture, (length, 1)))


def noisy(picture: Luma, sigma: float, seed: int = 0) -> Luma:
    grain = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return _luma(np.clip(picture + grain, 0, 255))


def lit(picture: Luma, gain: float, offset: float = 0.0) -> Luma:
    return _luma(np.clip(picture.astype(np.float64) * gain + offset, 0, 255))


def with_glare(picture: Luma) -> Luma:
    """A lamp that looks into the lens, with its halo."""
    height, width = picture.shape
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(x - width * 0.6, y - height * 0.4) / height
    return _luma(np.clip(picture + 700 * np.exp(-distance / 0.13), 0, 255))


def covered(picture: Luma, share: float) -> Luma:
    """A hand over the left `share` of the lens: dark, smooth."""
    result = picture.copy()
    edge = round(picture.shape[1] * share)
    result[:, :edge] = np.linspace(25, 50, max(1, edge)).astype(np.uint8)[None, :]
    return result


def footage(frames: int, seed: int = 0) -> list[Luma]:
    """A fixed camera with a little sensor noise and something walking through."""
    still = scene(seed)
    pictures = []
    for n in range(frames):
        picture = still.copy()
        cv2.rectangle(picture, (4 * n % 440, 120), (4 * n % 440 + 30, 210), 60, -1)
        pictures.append(noisy(picture, 2.0, seed=n))
    return pictures


def measured(pictures: Iterable[Luma], fps: float = 25.0) -> Metrics:
    scorer = FrameScorer()
    for ordinal, picture in enumerate(pictures):
        if ordinal == 0:
            scorer.open(picture.shape[1], picture.shape[0], fps=fps)
        scorer.take(ordinal, picture)
    return scorer.finish()


def _luma(picture: Any) -> Luma:
    return np.asarray(np.round(picture), dtype=np.uint8)
