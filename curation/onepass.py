"""One decode of a video feeds everything: index, metrics, proxies, filmstrip, poster. Django-free.

    run({"path", "thresholds"?, "revision"?, "heights"?}, out, report) -> the dict below

Written under `out`: proxy720.mp4, proxy360.mp4, the filmstrip, poster.jpg, index.json, metrics.npz, and
where something is rejected rejects.json with its sprite sheets.
Returned: `frames`, `fps`, `seconds`, `width`, `height` (upright, in square pixels), `rotation`, `codec`,
`had_audio`, `time_base`, `runs`, `last_duration`, `proxy_runs`, `proxy_last_duration`, `index_sha256`,
`decoder`, `damage` and `notes`, `spans` (judged by profile `revision`), `metrics` (the columns' names),
`files` (path under `out` -> name, type, bytes, sha256).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from av.video.frame import VideoFrame

from curation.media.decode import DecodeResult, decode_pass
from curation.media.filmstrip import FilmstripSink, PosterSink
from curation.media.frames import FrameSink, StreamInfo, luma
from curation.media.proxies import ProxyLadder
from curation.media.rejects import write_rejects
from curation.media.verify import verify_proxy
from curation.quality.samples import shown_frames
from curation.quality.score import METRICS, FrameScorer, Metrics
from curation.quality.verdict import Thresholds, judge

HEIGHTS = (720, 360)
TYPES = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".npz": "application/octet-stream",
}
DECODED = 0.97
"""The fraction of the work that is over when the last frame is decoded; the rest is proving and hashing."""
PROVEN = 0.99

Report = Callable[..., None]


class ScorerSink:
    """Feeds the luma of every frame to the scorer; `metrics` is there after `close`."""

    def __init__(self) -> None:
        self.metrics = Metrics.empty()
        self._scorer = FrameScorer()

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        self._scorer.open(stream.width, stream.height, fps=float(stream.fps), full_range=stream.full_range)

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002 - FrameSink
        """Score one frame."""
        self._scorer.take(ordinal, luma(frame))

    def close(self) -> None:
        """Finish the columns that need neighbours."""
        self.metrics = self._scorer.finish()


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Do the pass. Raises MediaError (a sentence for a person) for a file that cannot become footage."""
    thresholds = Thresholds.from_json(params.get("thresholds", {}))
    heights: Sequence[int] = params.get("heights", HEIGHTS)
    scorer = ScorerSink()
    proxies = {height: out / f"proxy{height}.mp4" for height in heights}
    sinks: list[FrameSink] = [
        ProxyLadder(proxies),
        scorer,
        FilmstripSink(out / "filmstrip.json"),
        PosterSink(out / "poster.jpg"),
    ]

    def decoded(fraction: float, frames: int) -> None:
        report(DECODED * fraction, "decoding and scoring", frames=frames)

    report(0.0, "opening the file")
    result = decode_pass(Path(params["path"]), sinks, report=decoded)
    report(DECODED, "checking every frame of the copies", frames=len(result.index))
    for path in proxies.values():
        verify_proxy(path, result.index)
    scores = scorer.metrics
    if len(scores) != len(result.index):
        raise RuntimeError(f"{len(scores)} frames were scored where {len(result.index)} were decoded")
    scores.save(out / "metrics.npz")
    (out / "index.json").write_text(json.dumps(result.index.to_json()))
    spans = judge(scores, thresholds, result.index.fps)
    if shown := shown_frames(scores, spans):
        report(PROVEN, "picturing what was rejected")
        write_rejects(proxies[max(heights)], shown, out)
    return {
        **_facts(result),
        "spans": [span.to_json() for span in spans],
        "revision": params.get("revision", 0),
        "metrics": list(METRICS),
        "files": files_made(out),
    }


def _facts(result: DecodeResult) -> dict[str, Any]:
    index, proxy = result.index, result.index.for_proxy()
    return {
        "frames": len(index),
        "fps": index.fps,
        "seconds": float(index.duration),
        "width": result.stream.display_width,
        "height": result.stream.display_height,
        "rotation": result.stream.rotation,
        "codec": result.probe.codec,
        "had_audio": result.probe.has_audio,
        "time_base": f"{index.time_base.numerator}/{index.time_base.denominator}",
        "runs": index.runs,
        "last_duration": index.last_duration,
        "proxy_runs": proxy.runs,
        "proxy_last_duration": proxy.last_duration,
        "index_sha256": index.hash,
        "decoder": result.decoder_version,
        "damage": [damage.to_json() for damage in result.damage],
        "notes": result.notes,
    }


def files_made(out: Path) -> dict[str, dict[str, Any]]:
    """What was made for people and for later jobs: path -> name, type, bytes, sha256."""
    made = {}
    for path in sorted(out.rglob("*")):
        if path.suffix in TYPES:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            made[path.relative_to(out).as_posix()] = {
                "name": path.stem,
                "type": TYPES[path.suffix],
                "bytes": path.stat().st_size,
                "sha256": digest,
            }
    return made
