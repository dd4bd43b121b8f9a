"""What the ingest job leaves in the database when it has won: called inside its one transaction."""

from collections.abc import Sequence
from typing import Any

from core.services.state import advance
from core.services.storage import stage
from curation.models import FrameMetrics, QualityProfile, QualitySpan, Video, VideoState
from curation.quality.parts import usual_among, usual_of
from curation.quality.score import Metrics
from curation.quality.verdict import Thresholds, judge
from curation.services.artifacts import artifacts_made, sprite_told
from curation.services.gate import rejudge_later
from curation.services.verdicts import verdicts_settle

Span = dict[str, Any]

LATEST = 200
"""How many videos tell what is usual for a camera."""

FACTS = (
    "frames",
    "fps",
    "seconds",
    "width",
    "height",
    "rotation",
    "codec",
    "had_audio",
    "time_base",
    "runs",
    "last_duration",
    "proxy_runs",
    "proxy_last_duration",
    "index_sha256",
    "decoder",
    "damage",
)


class LostVideoError(RuntimeError):
    """The video is not where its ingest job left it."""


def video_ingested(*, video: Video, result: dict[str, Any], files: dict[str, str]) -> None:
    """Make a video ready with what `curation.onepass` returned and published.

    Where the camera's quality profile has changed since the pass began, the new one judges again.
    Raises LostVideoError where the video is no longer being worked on.
    """
    with stage(files["metrics.npz"], result["files"]["metrics.npz"]["sha256"]) as path:
        metrics = Metrics.load(path)
    profile = QualityProfile.objects.select_for_update().get(pk=video.camera_id)
    spans: Sequence[Span] = result["spans"]
    if profile.revision != result["revision"]:
        thresholds = Thresholds.from_json(profile.thresholds)
        spans = [span.to_json() for span in judge(metrics, thresholds, result["fps"])]
    FrameMetrics.objects.update_or_create(
        video=video, defaults={name: metrics[name].astype("<f4").tobytes() for name in metrics}
    )
    _replace_spans(video, spans, profile.revision)
    won = advance(
        video,
        to=VideoState.READY,
        from_=[VideoState.WORKING],
        damaged=bool(result["damage"]),
        sentence=" ".join([*(damage["sentence"] for damage in result["damage"]), *result["notes"]]),
        artifacts=artifacts_made(made=result["files"], keys=files),
        rejects=sprite_told(made=result["files"], keys=files),
        usual=usual_of(metrics.columns, [(span["start"], span["end"]) for span in spans]),
        **{name: result[name] for name in FACTS},
    )
    if not won:
        raise LostVideoError(f"{video.name} is no longer being worked on.")
    verdicts_settle(videos=[video.pk], cause="ready")
    if profile.revision != result["revision"]:  # its sprites show what the earlier gate rejected
        rejudge_later(videos=[video.pk], cause=f"ingest at revision {profile.revision}")
    usual_learn(profile=profile)


def usual_learn(*, profile: QualityProfile) -> None:
    """Work out again what a camera's good frames look like, from its latest videos; its row is locked."""
    latest = Video.objects.from_camera(profile.camera_id).kept().ready().order_by("-created_at")
    rows = latest.exclude(usual={}).values_list("usual", "frames")[:LATEST]
    profile.usual = usual_among([(usual, frames) for usual, frames in rows])
    profile.save(update_fields=["usual"])


def _replace_spans(video: Video, spans: Sequence[Span], revision: int) -> None:
    video.quality_spans.all().delete()
    QualitySpan.objects.bulk_create(
        QualitySpan(
            video=video,
            start=span["start"],
            end=span["end"],
            reason=span["reasons"][0]["reason"],
            reasons=span["reasons"],
            profile_revision=revision,
        )
        for span in spans
    )
