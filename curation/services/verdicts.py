"""What follows from a change of verdicts: the sums kept beside the videos, and a word to the apps above.

Whoever changes spans locks their videos first (`videos_lock`), so that two who do never meet halfway.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from curation.models import QualitySpan, Video, VideoState, VideoTally
from curation.selectors.quality import rejected_over_time
from curation.services.videos import videos_follow_up

LIGHT = ("id", "name", "project", "camera", "state", "frames", "fps", "rejected_frames", "rejected_over_time")


def videos_lock(*, videos: Iterable[UUID]) -> list[Video]:
    """Lock videos against other changes of their verdicts, in the order of their ids; the rows, in it.

    They come with their projects and without what is long. Call it inside a transaction.
    """
    rows = Video.objects.filter(pk__in=set(videos)).order_by("pk")
    rows = rows.select_for_update(of=("self",), no_key=True).select_related("project")
    return list(rows.only(*LIGHT, "project__slug", "project__name"))


@transaction.atomic
def verdicts_settle(*, videos: Iterable[UUID], cause: str) -> None:
    """Bring `rejected_frames` and `rejected_over_time` in line with the videos' standing spans.

    The apps above are asked to look at every one of them (`videos_follow_up`; the same `cause` once a video).
    Call it in the transaction that changed the spans. The number of statements does not grow with the videos.
    """
    rows = videos_lock(videos=videos)
    out: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    standing = QualitySpan.objects.filter(video__in=[video.pk for video in rows]).standing()
    for video_id, start, end in standing.values_list("video", "start", "end"):
        out[video_id].append((start, end))
    changed = [video for video in rows if _settle(video, out[video.pk])]
    _lock_tallies(changed)
    _write(changed)
    videos_follow_up(videos=rows, cause=cause)


def _settle(video: Video, ranges: list[tuple[int, int]]) -> bool:
    """Set a video's sums; whether they were others."""
    before = video.rejected_frames, video.rejected_over_time
    video.rejected_frames = sum(end - start for start, end in ranges)
    video.rejected_over_time = rejected_over_time(ranges, video.frames)
    return before != (video.rejected_frames, video.rejected_over_time)


def _lock_tallies(videos: list[Video]) -> None:
    """Take the tallies that the trigger will write to in its own order, whatever that of the videos is.

    By their ids, and these rows alone: ordered by the objects, the names of projects and cameras would
    decide, and their rows would be locked with them.
    """
    cameras = {video.camera_id for video in videos}
    tallies = VideoTally.objects.filter(camera__in=cameras, state=VideoState.READY)
    tallies = tallies.order_by("project_id", "camera_id", "state")
    list(tallies.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _write(videos: list[Video]) -> None:
    """Store the sums in one statement; a bulk update by CASE would compare every row with every other."""
    sums = [(str(video.pk), video.rejected_frames, json.dumps(video.rejected_over_time)) for video in videos]
    if sums:
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, [list(column) for column in zip(*sums, strict=True)])


_SUMS = """
UPDATE curation_video AS v SET rejected_frames = s.frames, rejected_over_time = s.parts::jsonb
FROM unnest(%s::uuid[], %s::int[], %s::text[]) AS s(id, frames, parts) WHERE v.id = s.id
"""
