"""What a run can read of its frozen clips, and when too little of them is left to learn from."""

from uuid import UUID

from training.ml.manifest import ManifestClip
from training.models import FeatureTrack, ModelVersion, TrackState, TrainingRun
from training.selectors.recipes import recipe_named
from training.selectors.runs import ROWS
from training.services.batches import batched
from training.services.datasets import manifest_of
from training.services.features import Stretch

MOST_UNREAD = 0.1
"""A larger share of a dataset's clips than this is not left out: the model would be of other labels."""


def run_features(*, run: TrainingRun) -> tuple[dict[str, FeatureTrack], dict[str, str]]:
    """By a manifest line's clip: the features that are there, and why the others are not."""
    recipe = recipe_named(run.recipe)
    tracks = {track.key: track for track in run.tracks.iterator(chunk_size=ROWS)}
    ready: dict[str, FeatureTrack] = {}
    missing: dict[str, str] = {}
    for clip in manifest_of(run.dataset).clips:
        track = tracks.get(stretch_of(clip).key(recipe))
        if track is None:
            missing[clip.clip] = "Its frames were read by another recipe. Start a new run."
        elif track.state == TrackState.READY:
            ready[clip.clip] = track
        else:
            missing[clip.clip] = track.sentence or "Its frames were not read."
    return ready, missing


def champion_features(*, run: TrainingRun, champion: ModelVersion) -> dict[str, FeatureTrack]:
    """By a test clip: what is read of it for a champion of another recipe, where that is there already."""
    if champion.run.recipe == run.recipe:
        return {}
    recipe = recipe_named(champion.run.recipe)
    keys = {stretch_of(clip).key(recipe): clip.clip for clip in manifest_of(run.dataset).side("test")}
    found: dict[str, FeatureTrack] = {}
    for some in batched(sorted(keys), ROWS):
        tracks = FeatureTrack.objects.in_project(run.project).keyed(some).filter(state=TrackState.READY)
        found |= {keys[track.key]: track for track in tracks}
    return found


def run_unread(*, run: TrainingRun) -> str:
    """Why a run must not go on with what was read of its clips; empty where it may.

    A few clips may be left out and are told; many of them may not, nor all that a class could be learned
    from: the model would look like any other and never suggest that class.
    """
    if not run.tracks.filter(state=TrackState.FAILED).exists():
        return ""
    manifest = manifest_of(run.dataset)
    ready, missing = run_features(run=run)
    train = manifest.side("train")
    lost = {clip.label for clip in train} - {clip.label for clip in train if clip.clip in ready}
    if not lost and len(missing) <= MOST_UNREAD * len(manifest.clips):
        return ""
    names = [each.name for each in manifest.classes if each.id in lost]
    whole = f", and without them there is nothing to learn {_listed(names)} from" if names else ""
    return (
        f"{len(missing)} of {len(manifest.clips)} labelled clips could not be read{whole}. Read them again; "
        "if that does not help, remove their recordings and train on the rest."
    )


def stretch_of(clip: ManifestClip) -> Stretch:
    """The frames of a manifest's line."""
    named = UUID(clip.video), clip.content_sha256, clip.index_sha256
    return Stretch(*named, clip.start, clip.end, clip.rejected)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
