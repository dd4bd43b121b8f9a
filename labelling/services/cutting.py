"""Cutting videos into clips, as often as verdicts change."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from core.services.jobs import job_enqueue
from curation.models import QualitySpan, Video, VideoState
from labelling.cuts import Stretch, cut, gaps, parting
from labelling.models import Clip, ClipOrigin

CUT = "labelling.cut"


@transaction.atomic
def clips_cut(*, video: Video) -> list[Clip]:
    """Make a ready video's clips what its standing rejections ask for; the clips that stand, in order.

    Every accepted frame is in exactly one clip, and of the rejected ones only blips are, but for clips that
    carry an annotation, and those whose frames came in with a table: they are never moved, hidden or
    deleted. They are flagged while some of their frames are rejected, and new clips are cut around them.
    Other clips that fit no more are withdrawn, and taken back when they fit again. Cutting twice changes
    nothing. A video that is not ready has none. All of them, withdrawn ones too, come to its camera.
    """
    # One cut of a video at a time; after this row, clips are only locked in the order of their ids.
    video = Video.objects.select_for_update(no_key=True).get(pk=video.pk)
    if video.state != VideoState.READY:
        return []
    clips = {
        (clip.start, clip.end): clip
        for clip in Clip.objects.filter(video=video).order_by("pk").select_for_update(no_key=True)
    }
    Clip.objects.filter(video=video).exclude(camera=video.camera_id).update(camera=video.camera_id)
    rejected = list(QualitySpan.objects.of_video(video).standing())
    kept = [bounds for bounds, clip in clips.items() if _stays(clip)]
    out = parting(((span.start, span.end) for span in rejected), frames=video.frames, fps=video.fps)
    free = gaps(video.frames, [*out, *kept])
    wanted = cut(free, frames=video.frames, fps=video.fps)
    _withdraw(clips, wanted)
    _bring(video, clips, wanted)
    _flag(clips, rejected)
    return list(Clip.objects.of_video(video).standing())


def cut_later(*, video_id: UUID, cause: str) -> None:
    """Ask for a video to be cut again when this transaction is through; `cause` is asked for once."""
    video = Video.objects.select_related("project").only("project").get(pk=video_id)
    job_enqueue(
        kind=CUT,
        dedupe_key=f"{CUT}:{video_id}:{cause}",
        params={"video": str(video_id)},
        project=video.project,
    )


def clip_keep(*, clip: Clip) -> None:
    """Let a clip whose frames somebody named stand as it is, also before anybody labels it."""
    if clip.origin != ClipOrigin.IMPORT or clip.withdrawn_at is not None:
        Clip.objects.filter(pk=clip.pk).update(withdrawn_at=None, origin=ClipOrigin.IMPORT)
        clip.withdrawn_at, clip.origin = None, ClipOrigin.IMPORT


def by_time(video: Video) -> float:
    """The place of a video's clips in the queue before any model looked at them: seconds since 1970."""
    return (video.recorded_at or video.created_at).timestamp()


def _stays(clip: Clip) -> bool:
    """Whether no cut may move the clip: it carries an annotation, or its frames came in with a table."""
    return clip.revision > 0 or (clip.origin == ClipOrigin.IMPORT and clip.withdrawn_at is None)


def _withdraw(clips: dict[Stretch, Clip], wanted: list[Stretch]) -> None:
    """Clips that nobody said anything about and that fit no more."""
    fitting = set(wanted)
    out = [clip.pk for bounds, clip in clips.items() if not _stays(clip) and bounds not in fitting]
    Clip.objects.filter(pk__in=out, withdrawn_at=None).update(withdrawn_at=Now())


def _bring(video: Video, clips: dict[Stretch, Clip], wanted: list[Stretch]) -> None:
    """New clips, and old ones that fit again."""
    back = [clips[bounds].pk for bounds in wanted if bounds in clips and clips[bounds].withdrawn_at]
    Clip.objects.filter(pk__in=back).update(withdrawn_at=None)
    Clip.objects.bulk_create(
        Clip(
            project_id=video.project_id,
            video=video,
            camera_id=video.camera_id,
            start=start,
            end=end,
            index_sha256=video.index_sha256,
            priority=by_time(video),
        )
        for start, end in wanted
        if (start, end) not in clips
    )


def _flag(clips: dict[Stretch, Clip], rejected: list[QualitySpan]) -> None:
    """Say of every annotated clip whether some of its frames are rejected now, and why."""
    for (start, end), clip in clips.items():
        if not _stays(clip):
            continue
        hit = next((span for span in rejected if span.start < end and start < span.end), None)
        reason = "" if hit is None else _reason(hit, start, end)
        if (clip.flagged, clip.flag_reason) != (hit is not None, reason):
            Clip.objects.filter(pk=clip.pk).update(flagged=hit is not None, flag_reason=reason)


def _reason(span: QualitySpan, start: int, end: int) -> str:
    first, last = max(span.start, start), min(span.end, end) - 1
    frames = f"Frame {first} is" if first == last else f"Frames {first} to {last} are"
    return f"{frames} rejected now: {span.reason.replace('_', ' ')}."
