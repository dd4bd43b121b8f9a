"""Judging videos again by other thresholds, with new sprites of what is rejected then. Django-free.

    run({"videos": [video], "thresholds", "revision"}, out, report) -> {"revision", "videos", "files"}

A video comes as `{"name", "fps", "metrics", "proxy", "rejects", "decided"}`: a file stem, frames a second,
the local paths of its metrics.npz and its 720p proxy ("" where that is lost), what the manifest of its
present sprite says, and the spans that people decided, each `{"start", "end", "reasons"}`. Written under
`out`: `<name>/rejects.json` and its sheets, where other frames than before are to be shown.

Of each video is told `{"spans", "decided", "rejects"}`: the verdicts laid around the decisions, the bounds of
those, and what the manifest says that holds now: the new one, the old one or `{}`. Without a proxy that can
be read the old sprite stays: each of its pictures still shows the frame that it says. `files` is as the pass
over a new video gives it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from curation.media.errors import ProxyMismatch
from curation.media.rejects import write_rejects
from curation.onepass import files_made
from curation.quality.gate import laid_around
from curation.quality.samples import shown_frames
from curation.quality.score import Metrics
from curation.quality.verdict import Reason, Span, Thresholds, judge

Report = Callable[..., None]


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Judge every video; a damaged proxy costs its video the new sprite, and no other anything."""
    thresholds = Thresholds.from_json(params["thresholds"])
    told = {}
    for n, video in enumerate(params["videos"]):
        report(n / len(params["videos"]), "judging again", videos=n)
        told[video["name"]] = _judged(video, thresholds, out / video["name"])
    return {"revision": params["revision"], "videos": told, "files": files_made(out)}


def _judged(video: dict[str, Any], thresholds: Thresholds, folder: Path) -> dict[str, Any]:
    metrics = Metrics.load(Path(video["metrics"]))
    decided = [_span(one) for one in video["decided"]]
    bounds = [(span.start, span.end) for span in decided]
    spans = laid_around(metrics, judge(metrics, thresholds, video["fps"]), bounds)
    shown = shown_frames(metrics, [*spans, *decided])
    return {
        "spans": [span.to_json() for span in spans],
        "decided": bounds,
        "rejects": _pictured(video, shown, folder),
    }


def _pictured(video: dict[str, Any], shown: list[int], folder: Path) -> dict[str, Any]:
    old: dict[str, Any] = video["rejects"]
    if shown == old.get("frames", []) or not video["proxy"]:
        return old
    folder.mkdir()
    try:
        return write_rejects(Path(video["proxy"]), shown, folder) or {}
    except ProxyMismatch:
        shutil.rmtree(folder)
        return old


def _span(one: dict[str, Any]) -> Span:
    return Span(one["start"], one["end"], "rejected", tuple(Reason(**reason) for reason in one["reasons"]))
