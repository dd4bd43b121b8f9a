from uuid import uuid4

import pytest

from core.models import Job, JobState, Project
from core.services.jobs import job_enqueue
from curation.models import SpanState
from labelling.models import Clip, LabelClass, Suggestion
from labelling.services.cutting import CUT, cut_later
from labelling.services.label_sets import class_change
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_span
from tests.training.conftest import work_off
from tests.training.factories import film, make_model, make_open_clips, stored
from training.models import FeatureTrack, ModelState, ModelVersion, TrackState
from training.services import suggesting
from training.services.models import model_promote
from training.services.suggesting import SUGGEST, SUGGEST_ALL, suggestions_ask, suggestions_for_video

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick")]


def champion_for(project: Project) -> ModelVersion:
    """A champion that says one class, 75 %, of everything."""
    label = make_class(project)
    files = {"model.safetensors": stored(str(label.pk).encode())}
    return make_model(project, state=ModelState.CHAMPION, files=files)


def test_every_open_clip_gets_a_suggestion_and_its_features_are_kept() -> None:
    clips = make_open_clips(project_make(), 3)
    annotate(clips[2])
    model = champion_for(clips[0].project)
    suggestions_ask(model=model)
    assert work_off() == [SUGGEST_ALL, SUGGEST]
    said = Suggestion.objects.open()
    assert {row.clip_id for row in said} == {clip.pk for clip in clips[:2]}
    assert {row.model_version for row in said} == {model.name}
    assert FeatureTrack.objects.ready().count() == 2
    suggestions_ask(model=model)
    work_off()
    assert Suggestion.objects.count() == 4, "asked again it looks again"
    assert Suggestion.objects.open().count() == 2


def test_what_cannot_be_read_is_left_without_one_and_said_in_the_job() -> None:
    clips = make_open_clips(project_make(), 2)
    film(clips[0], broken=True)
    suggestions_ask(model=champion_for(clips[0].project))
    work_off()
    assert [row.clip_id for row in Suggestion.objects.open()] == [clips[1].pk]
    job = Job.objects.get(kind=SUGGEST)
    assert job.facts["left_out"] == {str(clips[0].pk): "The proxy is damaged."}
    assert FeatureTrack.objects.get(state=TrackState.FAILED).sentence == "The proxy is damaged."


def test_a_clip_labelled_in_the_meantime_is_left_alone() -> None:
    clips = make_open_clips(project_make(), 2)
    suggestions_ask(model=champion_for(clips[0].project))
    fan_out = Job.objects.get(kind=SUGGEST_ALL)
    suggesting.suggestions_fan_out(job=fan_out)
    annotate(clips[0])
    work_off()
    assert [row.clip_id for row in Suggestion.objects.open()] == [clips[1].pk]


def test_a_great_many_clips_are_asked_for_in_waves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "AT_ONCE", 1)
    monkeypatch.setattr(suggesting, "BATCH", 4)
    clips = make_open_clips(project_make(), 9)
    suggestions_ask(model=champion_for(clips[0].project))
    work_off()
    assert Suggestion.objects.open().count() == 9
    assert Job.objects.filter(kind=SUGGEST_ALL).count() == 3
    assert sorted(len(job.params["clips"]) for job in Job.objects.filter(kind=SUGGEST)) == [1, 4, 4]


def test_a_model_that_was_replaced_says_no_more() -> None:
    clips = make_open_clips(project_make(), 1)
    first = champion_for(clips[0].project)
    suggestions_ask(model=first)
    suggesting.suggestions_fan_out(job=Job.objects.get(kind=SUGGEST_ALL))
    second = make_model(first.project, files=first.files)
    model_promote(model=second, actor=None)
    work_off()
    assert [row.model_version for row in Suggestion.objects.all()] == [second.name]
    waiting = Job.objects.filter(kind=SUGGEST, params__model=str(first.pk))
    assert {job.state for job in waiting} <= {JobState.CANCELLED, JobState.DONE}


def test_scores_of_classes_that_nobody_can_give_are_left_out() -> None:
    clips = make_open_clips(project_make(), 1)
    model = champion_for(clips[0].project)
    class_change(label_class=LabelClass.objects.get(name__startswith="Class"), actor=None, archived=True)
    suggestions_ask(model=model)
    work_off()
    assert not Suggestion.objects.exists()


def test_a_video_that_was_cut_gets_suggestions_for_its_new_clips() -> None:
    (clip,) = make_open_clips(project_make(), 1)
    model = champion_for(clip.project)
    cut_later(video_id=clip.video_id, cause="test")
    assert work_off() == [CUT, "training.suggest_video", SUGGEST]
    assert Suggestion.objects.get().model_version == model.name
    suggestions_for_video(video_id=clip.video_id, cause=uuid4().hex)
    assert work_off() == [], "it has looked at all of them"


def test_without_a_champion_a_cut_asks_for_nothing() -> None:
    (clip,) = make_open_clips(project_make(), 1)
    make_model(clip.project)
    cut_later(video_id=clip.video_id, cause="test")
    assert work_off() == [CUT, "training.suggest_video"]
    assert not Suggestion.objects.exists()


def test_a_video_whose_files_are_gone_does_not_stop_the_others() -> None:
    clips: list[Clip] = make_open_clips(project_make(), 2)
    clips[0].video.artifacts = {}
    clips[0].video.save()
    suggestions_ask(model=champion_for(clips[0].project))
    work_off()
    assert [row.clip_id for row in Suggestion.objects.open()] == [clips[1].pk]


def test_a_batch_of_which_nothing_is_open_ends_well() -> None:
    project = project_make()
    model = champion_for(project)
    params = {"model": str(model.pk), "clips": []}
    job_enqueue(kind=SUGGEST, dedupe_key="nobody", params=params, project=project)
    assert work_off() == [SUGGEST]
    assert Job.objects.get().state == JobState.DONE


def test_rejected_frames_are_not_read_and_a_restored_span_is_read_anew() -> None:
    [clip] = make_open_clips(project_make(), 1)
    span = make_span(clip.video, 5, 8)
    model = champion_for(clip.project)
    suggestions_ask(model=model)
    work_off()
    assert [track.rejected for track in FeatureTrack.objects.ready()] == [[[5, 8]]]
    span.state = SpanState.RESTORED
    span.save()
    suggestions_ask(model=model)
    work_off()
    tracks = FeatureTrack.objects.ready().order_by("pk")
    assert [track.rejected for track in tracks] == [[[5, 8]], []]
