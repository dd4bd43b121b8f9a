"""`python -m curation.quality FILE... --json`: score pictures and videos without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.errors import MediaError
from curation.media.frames import StreamInfo, luma
from curation.media.sniff import printable, refuse_no_file
from curation.quality.score import METRICS, FrameScorer, Metrics
from curation.quality.still import UnreadablePictureError, is_picture, read_luma, score_picture
from curation.quality.verdict import BadThresholdsError, Span, Thresholds, judge

EPILOG: Final = """
Each line: path, kind (image or video), every metric (the median for a video), blur_score, dark_score and
bright_score (0 fine .. 1 worst, to rank by), light (low, normal or high: a description, not a fault),
verdict (ok or rejected), reasons, error (null or a sentence), spans (rejected stretches [start, end) with
the numbers that led there). A video also has frames, rejected_frames and fps, and is rejected when more
than half of its frames are.

A file that cannot be read gets its error and the run goes on. Exit status: 0; 1 if any file had an error; 2
for a wrong call.
"""
LOW_LIGHT: Final = 90.0
"""Mean luma that parts day from night on fixed webcams (AUC 1.00 on the open pictures)."""
HIGH_LIGHT: Final = 170.0


class LumaSink:
    """Hands the luma of decoded frames to a scorer."""

    def __init__(self) -> None:
        self.scorer = FrameScorer()

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        self.scorer.open(stream.width, stream.height, fps=float(stream.fps), full_range=stream.full_range)

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002
        """Measure one frame."""
        self.scorer.take(ordinal, luma(frame))

    def close(self) -> None:
        """Nothing to finish: the caller asks the scorer."""


def report(path: Path, thresholds: Thresholds) -> dict[str, Any]:
    """The JSON line of one file; never raises for what is wrong with the file."""
    line: dict[str, Any] = {"path": str(path), "kind": None}
    try:
        refuse_no_file(path)
        if is_picture(path):
            line["kind"] = "image"
            metrics = score_picture(read_luma(path))
            return line | _facts(metrics, judge(metrics, thresholds, 1.0))
        line["kind"] = "video"
        sink = LumaSink()
        result = decode_pass(path, [sink])
        metrics, fps = sink.scorer.finish(), float(result.stream.fps)
        return line | _facts(metrics, judge(metrics, thresholds, fps)) | {"fps": fps}
    except (MediaError, UnreadablePictureError) as error:
        sentence = str(error)
    except OSError as error:
        sentence = f"{path.name} cannot be opened: {error.strerror or error}."
    blank = dict.fromkeys((*METRICS, "blur_score", "dark_score", "bright_score", "light", "verdict"))
    return line | blank | {"reasons": [], "spans": [], "error": sentence}


def _facts(metrics: Metrics, spans: Sequence[Span]) -> dict[str, Any]:
    frames = len(metrics)
    rejected = sum(span.end - span.start for span in spans)
    counts: Counter[str] = Counter()
    for span in spans:
        for reason in span.reasons:
            counts[reason.reason] += reason.frames
    middle = {name: round(float(np.median(metrics[name])), 5) for name in METRICS}
    blur = np.maximum(metrics["defocus"], metrics["motion_blur"])
    bad = rejected * 2 > frames
    return {
        **middle,
        "blur_score": round(float(np.median(blur)), 5),
        "dark_score": middle["dark"],
        "bright_score": middle["bright"],
        "light": "low" if middle["luma"] < LOW_LIGHT else "high" if middle["luma"] > HIGH_LIGHT else "normal",
        "verdict": "rejected" if bad else "ok",
        "reasons": [reason for reason, _ in counts.most_common()],
        "error": None,
        "frames": frames,
        "rejected_frames": rejected,
        "spans": [span.to_json() for span in spans],
    }


def _sentence(line: dict[str, Any]) -> str:
    """The line for a terminal."""
    path = printable(line["path"])
    if line["error"]:
        return f"{path}: {line['error']}"
    why = f" ({', '.join(line['reasons'])})" if line["reasons"] else ""
    judged = f"{line['rejected_frames']} of {line['frames']} frames rejected"
    numbers = f"sharpness {line['sharpness']:.2f}, luma {line['luma']:.0f}"
    return f"{path}: {line['verdict']}{why}, {judged}, {numbers}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m curation.quality",
        description="Score pictures and videos frame by frame and say which frames are unusable, and why.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--thresholds", default="{}", metavar="JSON", help='such as {"too_dark": 0.8, "noise": null}'
    )
    options = parser.parse_args(arguments)
    try:
        thresholds = Thresholds.from_json(json.loads(options.thresholds))
    except (BadThresholdsError, ValueError, TypeError) as error:
        parser.error(str(error))
    failed = False
    for path in options.files:
        line = report(path, thresholds)
        failed = failed or line["error"] is not None
        sys.stdout.write((json.dumps(line, allow_nan=False) if options.json else _sentence(line)) + "\n")
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
