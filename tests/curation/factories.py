"""Rows and files for the tests of curation."""

import hashlib
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from core.models import Project
from curation.models import (
    Camera,
    FrameMetrics,
    QualityProfile,
    QualitySpan,
    Site,
    SpanState,
    Video,
    VideoState,
)
from curation.quality.score import METRICS
from curation.quality.verdict import METRIC_OF
from tests.factories import project_make

_numbers = itertools.count(1)

Frame = NDArray[np.uint8]


def make_camera(project: Project | None = None, name: str = "", site: str = "Yard") -> Camera:
    place, _ = Site.objects.get_or_create(project=project or project_make(), name=site)
    camera = Camera.objects.create(site=place, name=name or f"Camera {next(_numbers)}")
    QualityProfile.objects.create(camera=camera)
    return camera


def make_video(camera: Camera | None = None, **fields: Any) -> Video:
    """A row alone, without files or a job."""
    camera = camera or make_camera()
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"video-{number}.mp4",
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "bytes": 1000 + number,
        "source_key": f"sources/{number}",
        **fields,
    }
    return Video.objects.create(project=camera.site.project, camera=camera, **values)


def make_ready_video(camera: Camera | None = None, *, frames: int = 50, **fields: Any) -> Video:
    """A row of a ready video at 25 frames a second, without files."""
    facts: dict[str, Any] = {
        "state": VideoState.READY,
        "frames": frames,
        "fps": 25.0,
        "seconds": frames / 25,
        "width": 320,
        "height": 240,
        "codec": "h264",
        "time_base": "1/12800",
        "runs": [[0, 512, frames]],
        "last_duration": 512,
        "proxy_runs": [[0, 3600, frames]],
        "proxy_last_duration": 3600,
        "index_sha256": "0" * 64,
    }
    return make_video(camera, **facts | fields)


def make_span(
    video: Video,
    start: int = 0,
    end: int = 10,
    state: SpanState = SpanState.PENDING,
    *,
    reason: str = "defocus",
    value: float = 0.9,
) -> QualitySpan:
    """A rejected stretch for one reason that holds on all of its frames."""
    said = {"reason": reason, "metric": METRIC_OF[reason], "value": value, "threshold": 0.5}
    return QualitySpan.objects.create(
        video=video,
        start=start,
        end=end,
        reason=reason,
        reasons=[{**said, "frames": end - start}],
        state=state,
        profile_revision=1,
    )


def make_metrics(video: Video, **columns: Any) -> FrameMetrics:
    """Columns of a video; 0 a frame where nothing is said."""
    values = {
        name: np.broadcast_to(np.asarray(columns.get(name, 0.0), "<f4"), video.frames) for name in METRICS
    }
    return FrameMetrics.objects.create(
        video=video, **{name: column.tobytes() for name, column in values.items()}
    )


def scene(number: int, width: int = 320, height: int = 240) -> Frame:
    """A textured picture with a square that moves: (height, width, 3) uint8. It is sharp and well lit."""
    texture = np.random.default_rng(1).integers(60, 200, (height // 4, width // 4), dtype=np.uint8)
    picture = np.repeat(np.kron(texture, np.ones((4, 4), np.uint8))[:, :, None], 3, axis=2)
    left = (number * 5) % (width - 40)
    picture[40:80, left : left + 40] = (250, 240, 20)
    return picture


def write_video(path: Path, frames: int | Iterable[Frame] = 40, *, fps: int = 25, salt: str = "") -> Path:
    """An H.264 MP4 with B-frames. `salt` makes the bytes differ where the pictures do not."""
    pictures = [scene(number) for number in range(frames)] if isinstance(frames, int) else list(frames)
    with av.open(str(path), "w") as container:
        if salt:
            container.metadata["comment"] = salt
        stream = container.add_stream("libx264", rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "bf": "2", "crf": "20"}
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def write_audio(path: Path) -> Path:
    """An MP4 with one second of sound and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        samples = np.zeros((1, 1024), np.float32)
        for _ in range(43):
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate = 44_100
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
