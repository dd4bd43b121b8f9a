"""Features of clips: who makes which, and what became of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from core.models import Job, JobState, Project
from core.services.jobs import job_enqueue
from curation.selectors.rejections import Stretches
from training.ml.features.keys import feature_key
from training.models import FeatureTrack, TrackState
from training.selectors.clips import Footage
from training.selectors.recipes import Recipe
from training.services.batches import batched

FEATURES = "training.features"
BATCH = 16
"""Clips a job, at most: a kill loses the work of so many."""
LEAST_BATCH = 4
GONE = "The recording's files are gone."
SHARED_BY = 8
"""Few clips are parted into about so many jobs, so that every worker gets some."""
ROWS = 5000
ALIVE = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames `[start, end)` of a video, named by content too; what the gate rejected of them is not read."""

    video: UUID
    content_sha256: str
    index_sha256: str
    start: int
    end: int
    rejected: Stretches = ()

    def key(self, recipe: Recipe) -> str:
        """What its features follow from, as 64 hex digits: the same on every machine."""
        named = self.content_sha256, self.index_sha256, self.start, self.end
        return feature_key(*named, recipe.fingerprint, self.rejected)


def stretch_read(footage: Footage) -> Stretch:
    """The frames that are read of a clip."""
    named = footage.video, footage.content_sha256, footage.index_sha256
    return Stretch(*named, footage.start, footage.end, footage.rejected)


@transaction.atomic
def tracks_ensure(*, project: Project, stretches: Sequence[Stretch], recipe: Recipe) -> list[FeatureTrack]:
    """See that every stretch has features or gets them; its track, in the same order.

    What is there, or being made for somebody else, is not made again. What failed before, or lost its job,
    is tried again.
    """
    rows = dict(_rows(project, stretches, recipe))
    _make_rows(rows)
    found: dict[str, FeatureTrack] = {}
    todo: list[FeatureTrack] = []
    for some in batched(sorted(rows), ROWS):
        tracks = FeatureTrack.objects.in_project(project).keyed(some)
        found |= {track.key: track for track in tracks}
        open_ = tracks.exclude(state=TrackState.READY).order_by("pk").select_for_update(of=("self",))
        dead = ~Q(job__state__in=ALIVE) | Q(job=None) | Q(job__cancel_requested=True)
        todo += open_.filter(Q(state=TrackState.FAILED) | dead).select_related("job")
    for track in todo:
        track.video_id = rows[track.key].video_id  # the same recording may have come in again since
        found[track.key] = track
    _enqueue(project, todo)
    return [found[stretch.key(recipe)] for stretch in stretches]


@transaction.atomic
def tracks_found(*, project: Project, stretches: Sequence[Stretch], recipe: Recipe) -> list[FeatureTrack]:
    """A row for every stretch, in the same order, without asking anybody to make what is missing."""
    rows = dict(_rows(project, stretches, recipe))
    _make_rows(rows)
    found: dict[str, FeatureTrack] = {}
    for some in batched(sorted(rows), ROWS):
        found |= {track.key: track for track in FeatureTrack.objects.in_project(project).keyed(some)}
    return [found[stretch.key(recipe)] for stretch in stretches]


def tracks_to_make(*, job: Job) -> list[FeatureTrack]:
    """The tracks of a feature job that still wait, with their videos, in the order of the frames."""
    tracks = FeatureTrack.objects.waiting().filter(pk__in=job.params["tracks"])
    return list(tracks.select_related("video").order_by("video_id", "start", "end"))


def tracks_refuse(*, tracks: Iterable[FeatureTrack], sentence: str) -> None:
    """Say why these cannot be made."""
    waiting = FeatureTrack.objects.waiting().filter(pk__in=[track.pk for track in tracks])
    waiting.update(state=TrackState.FAILED, sentence=sentence)


def tracks_record(*, tracks: Iterable[FeatureTrack], made: dict[str, Any], files: dict[str, str]) -> None:
    """Note what `training.ml` made of these: `made` by key, as `{"bytes", "sha256", ...}` or `{"error"}`.

    `files` maps names of files to storage keys. What was left out of `made` is left as it is.
    """
    changed = []
    for track in tracks:
        facts = made.get(track.key)
        if facts is None:
            continue
        if "error" in facts:
            track.state, track.sentence = TrackState.FAILED, facts["error"]
        else:
            track.state, track.sentence = TrackState.READY, ""
            track.file_key = files[f"{track.key}.safetensors"]
            track.sha256, track.bytes = facts["sha256"], facts["bytes"]
        changed.append(track)
    fields = ["state", "sentence", "file_key", "sha256", "bytes"]
    changed.sort(key=lambda track: track.pk)  # rows are always locked in this order
    FeatureTrack.objects.bulk_update(changed, fields, batch_size=ROWS)


def _rows(
    project: Project, stretches: Sequence[Stretch], recipe: Recipe
) -> Iterator[tuple[str, FeatureTrack]]:
    for one in stretches:
        key = one.key(recipe)
        row = FeatureTrack(project=project, key=key, video_id=one.video, recipe=recipe.name)
        row.start, row.end, row.rejected = one.start, one.end, one.rejected
        yield key, row


def _make_rows(rows: dict[str, FeatureTrack]) -> None:
    """Those that are missing; always in the same order, so that two who do it at once do not block."""
    FeatureTrack.objects.bulk_create(
        (rows[key] for key in sorted(rows)), ignore_conflicts=True, batch_size=ROWS
    )


def _enqueue(project: Project, tracks: Sequence[FeatureTrack]) -> None:
    """A job for every few of these; neighbours in a video go together, so that its proxy is staged once."""
    size = min(BATCH, max(LEAST_BATCH, ceil(len(tracks) / SHARED_BY)))
    for some in batched(sorted(tracks, key=lambda track: (track.video_id, track.start, track.end)), size):
        job = job_enqueue(
            kind=FEATURES,
            dedupe_key=f"{FEATURES}:{uuid4().hex}",
            params={"tracks": [track.pk for track in some], "recipe": some[0].recipe},
            project=project,
        )
        for track in some:
            track.job, track.state, track.sentence = job, TrackState.WAITING, ""
        FeatureTrack.objects.bulk_update(
            sorted(some, key=lambda track: track.pk), ["job", "state", "sentence", "video_id"]
        )
