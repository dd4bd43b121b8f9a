"""Clips a second of each pipeline, beside the plain way: frame by frame, one transform after the other.

`python -m tests.bench.bench_augment [--clips N] [--json]` changes clips of 16 frames of 320 x 240 px on one
thread. The plain way does what was drawn with OpenCV (crop, resize, flip, warp) and PIL (colours). Seconds
are the processor's own, rounds are interleaved, so other work disturbs little. Never a test's verdict.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import cv2
import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps

from training.ml.augment.clips import Clips
from training.ml.augment.holes import Hole
from training.ml.augment.moments import Moments
from training.ml.augment.paint import Paint
from training.ml.augment.pipeline import Drawn, Pipeline
from training.ml.augment.presets import PRESETS
from training.ml.augment.tint import Tint
from training.ml.augment.warp import Warp
from training.ml.sheets import Picture

NAMES = ("square", "tsn", "kinetics", "x3d_xs", "rand_augment", "all")
FRAMES, HEIGHT, WIDTH = 16, 240, 320


def clip(seed: int) -> Clips:
    """Smooth random pictures, as a decoder gives them: (T, H, W, C) in memory."""
    small = np.random.default_rng(seed).integers(0, 256, (FRAMES, 30, 40, 3), dtype=np.uint8)
    frames = np.stack([cv2.resize(each, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) for each in small])
    return Clips(torch.from_numpy(frames).permute(3, 0, 1, 2)[None])


def plainly(pipeline: Pipeline, clips: Clips, generator: np.random.Generator) -> torch.Tensor:
    """The clip x_CTHW with the same draws, each transform on each frame by itself."""
    frames = list(clips.x[0].permute(1, 2, 3, 0).numpy())
    shape = clips.shape
    for transform in pipeline.steps:
        for drawn in transform.draw(generator, shape):
            shape = drawn.after(shape)
            if isinstance(drawn, Moments):
                frames = [frames[place] for place in drawn.places]
            else:
                frames = [_changed(frame, drawn) for frame in frames]
    return torch.from_numpy(np.stack(frames)).permute(3, 0, 1, 2).to(torch.float32) / 255


def _changed(frame: Picture, drawn: Drawn) -> Picture:
    if isinstance(drawn, Warp):
        return _warped(frame, drawn)
    if isinstance(drawn, Hole):
        frame = frame.copy()
        frame[drawn.top : drawn.bottom, drawn.left : drawn.right] = round(255 * drawn.level)
        return frame
    strokes = drawn.strokes if isinstance(drawn, Paint) else ()
    if isinstance(drawn, Tint):
        names = ("brightness", drawn.brightness), ("contrast", drawn.contrast), ("colour", drawn.saturation)
        strokes = tuple(each for each in names if each[1] != 1)
    picture = Image.fromarray(frame)
    for name, amount in strokes:
        picture = _PIL[name](picture, amount)
    return np.asarray(picture, np.uint8)


def _warped(frame: Picture, warp: Warp) -> Picture:
    (a, _, left), (_, d, top) = warp.rows
    if not warp.upright:
        # OpenCV counts from the middle of the first pixel.
        half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        rows = (np.linalg.inv(half) @ warp.matrix @ half)[:2]
        size, how = (warp.width, warp.height), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(frame, rows, size, flags=how), np.uint8)
    if a < 0:
        return np.ascontiguousarray(frame[:, ::-1])
    right, bottom = round(left + a * warp.width), round(top + d * warp.height)
    part = frame[max(round(top), 0) : bottom, max(round(left), 0) : right]
    if part.shape[:2] == (warp.height, warp.width):
        return part
    return np.asarray(cv2.resize(part, (warp.width, warp.height), interpolation=cv2.INTER_LINEAR), np.uint8)


_PIL: dict[str, Callable[[Image.Image, float], Image.Image]] = {
    "brightness": lambda picture, amount: ImageEnhance.Brightness(picture).enhance(amount),
    "contrast": lambda picture, amount: ImageEnhance.Contrast(picture).enhance(amount),
    "colour": lambda picture, amount: ImageEnhance.Color(picture).enhance(amount),
    "sharpness": lambda picture, amount: ImageEnhance.Sharpness(picture).enhance(amount),
    "posterise": lambda picture, amount: ImageOps.posterize(picture, int(amount)),
    "solarise": lambda picture, amount: ImageOps.solarize(picture, round(255 * amount)),
    "autocontrast": lambda picture, _: ImageOps.autocontrast(picture),
    "equalise": lambda picture, _: ImageOps.equalize(picture),
}


def measured(name: str, rounds: int) -> dict[str, float]:
    """Clips a second of both ways, medians over as many draws."""
    pipeline, clips = PRESETS[name], clip(0)
    ways: dict[str, Callable[[np.random.Generator], object]] = {
        "ours": lambda generator: pipeline(clips, [generator]),
        "plain": lambda generator: plainly(pipeline, clips, generator),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for n in range(rounds + 1):
        for way, work in ways.items():
            start = time.process_time()
            work(np.random.default_rng(n))
            seconds[way].append(time.process_time() - start)
    # The first round warms caches.
    return {way: round(1 / statistics.median(times[1:]), 1) for way, times in seconds.items()}


def main() -> None:
    """Print a line a pipeline, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    found = {name: measured(name, arguments.clips) for name in NAMES}
    if arguments.json:
        print(json.dumps(found))
        return
    for name, each in found.items():
        ratio = each["ours"] / each["plain"]
        print(f"{name:14} {each['ours']:7.1f} clips/s, plainly {each['plain']:7.1f}: {ratio:.2f} times")


if __name__ == "__main__":
    main()
