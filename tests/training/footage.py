"""Small recordings with two actions in them, and their proxies in storage, as ingest leaves them."""

from pathlib import Path

import numpy as np

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from curation.models import Camera, Video
from tests.curation.factories import Frame, make_ready_video, write_video
from tests.training.factories import stored

WIDTH, HEIGHT, FRAMES = 96, 72, 5


def picture(action: int, person: int, n: int) -> Frame:
    """A square that goes right (action 0) or down (1), over a texture of its own for each person."""
    rng = np.random.default_rng(person)
    frame = np.repeat(rng.integers(60, 200, (HEIGHT, WIDTH, 1), dtype=np.uint8), 3, axis=2)
    x, y = (10 + 9 * n, 24) if action == 0 else (40, 4 + 9 * n)
    frame[y : y + 20, x : x + 20] = (250, 240, 20)
    return frame


def filmed(camera: Camera, folder: Path, *, action: int, person: int) -> Video:
    """A ready video whose 720p proxy is there to be read."""
    name = f"{action}-{person}.mp4"
    source = write_video(folder / name, [picture(action, person, n) for n in range(FRAMES)])
    decode_pass(source, [ProxySink(folder / f"proxy-{name}", 720)])
    proxy = stored((folder / f"proxy-{name}").read_bytes(), f"proxies/{name}")
    return make_ready_video(
        camera,
        name=name,
        frames=FRAMES,
        width=WIDTH,
        height=HEIGHT,
        artifacts={"proxy720": {**proxy, "type": "video/mp4"}},
    )
