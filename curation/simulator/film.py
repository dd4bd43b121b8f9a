"""Films one shot: frames drawn, faults applied, overlay and code burned in, written as H.264."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from curation.simulator import code, faults, osd
from curation.simulator.actors import Act, Room, Script, slices
from curation.simulator.body import subject
from curation.simulator.plan import CLOCK, Shot
from curation.simulator.scenes import Scene
from curation.simulator.stage import Stage

Planes = NDArray[np.uint8]


def scripts(shot: Shot, scene: Scene) -> list[Script]:
    """Return what everybody in a shot does: the performers their parts of the room, the others its back."""
    x0, x1, _, y1 = scene.room
    back: Room = (x0 * 0.9, x1 * 0.9, y1, y1 + 1.4)
    rooms = list(slices(scene.room, shot.performers)) + [back] * (len(shot.people) - shot.performers)
    times = shot.times
    roles = []
    for i, (who, room) in enumerate(zip(shot.people, rooms, strict=True)):
        acts = []
        if any(part.who == i and part.label == "falling" for part in shot.segments):
            # Room to lie down in front without leaving the picture.
            room = (*room[:2], min(room[2] + 1.2, room[3]), room[3])
        for segment in shot.segments:
            if segment.who != i:
                continue
            ends = segment.end >= shot.frames
            end = float(times[-1]) if ends else float(times[segment.end])
            whole = segment.start == 0 and ends
            acts.append(Act(segment.label, float(times[segment.start]), end, whole, ends and not whole))
        roles.append(Script(subject(who, shot.world), tuple(acts), room, shot.seed + 7919 * i))
    return roles


def planes(shot: Shot, scene: Scene) -> Iterator[Planes]:
    """Yield every frame of a shot as I420 planes (H * 3 / 2, W), ready to encode."""
    stage = Stage(scene, scripts(shot, scene), shot.times, litter=shot.litter, seed=shot.seed)
    width, height = shot.size
    rng = np.random.default_rng([shot.seed, 3])
    grain = rng.standard_normal((height + 64, width + 64)).astype(np.float32)
    grain = (cv2.GaussianBlur(grain, (0, 0), 0.6) * (9.0 if shot.night else 3.2)).round().astype(np.int16)
    shifts = rng.integers(0, 64, (shot.frames, 2))
    running = {n: fault for fault in shot.faults for n in range(fault.start, fault.end)}
    held: Planes | None = None
    for n, second in enumerate(shot.times):
        fault = running.get(n)
        if fault is not None and fault.fault == "freeze" and held is not None:
            frame = held.copy()
        else:
            image: Planes = np.asarray(cv2.convertScaleAbs(stage.frame(n), alpha=shot.gain), np.uint8)
            if fault is not None:
                image = faults.apply(image, fault, n)
            frame = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420), np.uint8)
            dy, dx = shifts[n]
            luma = frame[:height]
            cv2.add(luma, grain[dy : dy + height, dx : dx + width], dst=luma, dtype=cv2.CV_8U)
            osd.draw(luma, shot.camera, shot.when + timedelta(seconds=float(second)))
            held = frame
        if shot.codes:
            frame = frame.copy()
            code.draw(frame[:height], n)
            _grey(frame, width, height)
        yield frame


def _grey(frame: Planes, width: int, height: int) -> None:
    """Take the colour out of the strip of the code."""
    rows = (height - code.strip_top(height)) // 2 + 1
    chroma = frame[height:].reshape(2, height // 2, width // 2)
    chroma[:, height // 2 - rows :] = 128


def write(shot: Shot, scene: Scene, folder: Path) -> Path:
    """Film a shot into ``folder / shot.file``; one thread, so that the same shot gives the same bytes."""
    path = folder / shot.file
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    encoding = shot.encoding
    tick = Fraction(1, CLOCK)
    with av.open(str(part), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=encoding.rate)
        stream.width, stream.height = shot.size
        stream.pix_fmt = "yuv420p"
        stream.time_base = tick
        context = stream.codec_context
        context.time_base = tick
        context.thread_count = 1
        context.gop_size = encoding.gop
        context.max_b_frames = encoding.bframes
        matrix = "colormatrix=smpte170m:colorprim=smpte170m:transfer=smpte170m"
        stream.options = {
            "preset": "superfast",
            "crf": str(encoding.crf),
            "bf": str(encoding.bframes),
            "x264-params": f"threads=1:{matrix}",
        }
        for tick_at, image in zip(shot.ticks, planes(shot, scene), strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="yuv420p")
            frame.pts, frame.time_base = tick_at + encoding.late, tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    part.replace(path)
    return path
