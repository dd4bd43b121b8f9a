"""Features that were made once and are not there any more, or not what they were."""

from collections.abc import Iterable

from training.models import FeatureTrack, TrackState

DAMAGED = "Its features were damaged or lost. The next run makes them again."


def features_lost(*, tracks: Iterable[FeatureTrack]) -> None:
    """Forget the files of these tracks: whoever needs them next has them made again."""
    ready = FeatureTrack.objects.ready().filter(pk__in=[track.pk for track in tracks])
    ready.update(state=TrackState.FAILED, sentence=DAMAGED)
