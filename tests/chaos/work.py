"""The work of the kill suite: a small but real encode."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.chaos.gates import hold

FRAMES = 24


def encode(params: dict[str, Any], out: Path, report: Callable[..., None]) -> dict[str, Any]:
    """Encode FRAMES frames of noise; half of them are written when the gate `encode` is reached."""
    rng = np.random.default_rng(params["seed"])
    path = out / "video" / "clip.mp4"
    path.parent.mkdir()
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for n in range(FRAMES):
            image = rng.integers(0, 255, (64, 96, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            if n == FRAMES // 2:
                report(0.5, "encoding", frames=n)
                hold(params, "encode", frames=n)
        container.mux(stream.encode(None))
    data = path.read_bytes()
    (out / "notes.txt").write_text(f"{params['job']} {params['token']}")
    report(1.0, "encoded")
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
