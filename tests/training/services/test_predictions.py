import hashlib
import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, Invalid
from core.models import Job, Project
from core.services.jobs import job_cancel
from labelling.models import Clip
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class
from tests.training.conftest import work_off
from tests.training.factories import film, make_model, make_open_clips, stored
from training.models import ModelVersion, PredictionSet, PredictionState
from training.services.predictions import prediction_start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick")]


def a_model(project: Project) -> ModelVersion:
    label = make_class(project)
    return make_model(project, files={"model.safetensors": stored(str(label.pk).encode())})


def predict(clips: list[Clip], **more: Any) -> PredictionSet:
    project = clips[0].project
    videos = [clip.video_id for clip in clips]
    model = more.pop("model", None) or a_model(project)
    return prediction_start(project=project, model=model, name="held out", videos=videos, **more)


def test_every_clip_of_the_videos_is_named_whatever_its_state() -> None:
    clips = make_open_clips(project_make(), 3)
    annotate(clips[0])
    found = predict(clips[:2], methods=["smart", "uniform"], budgets=[1, 8])
    assert work_off() == ["training.features", "training.predict"]
    found.refresh_from_db()
    with default_storage.open(found.file_key) as file:
        data = file.read()
    assert (found.state, found.sha256) == (PredictionState.DONE, hashlib.sha256(data).hexdigest())
    rows = {row["clip"]: row for row in json.loads(data)}
    assert set(rows) == {str(clip.pk) for clip in clips[:2]} == set(found.clips)
    assert {method: set(said) for method, said in rows[str(clips[0].pk)]["grid"].items()} == {
        "smart": {"1", "8"},
        "uniform": {"1", "8"},
    }


def test_no_label_is_read_for_it() -> None:
    clips = make_open_clips(project_make(), 1)
    annotate(clips[0])
    model = a_model(clips[0].project)
    with CaptureQueriesContext(connection) as caught:
        predict(clips, model=model)
        work_off()
    for query in caught.captured_queries:
        assert "labelling_annotation" not in query["sql"]
        assert '"labelling_clip"."label_id"' not in query["sql"]


def test_what_cannot_be_read_is_an_error_and_no_prediction() -> None:
    clips = make_open_clips(project_make(), 3)
    film(clips[0], broken=True)
    clips[1].video.artifacts = {}
    clips[1].video.save()
    found = predict(clips)
    work_off()
    found.refresh_from_db()
    assert found.errors == {
        str(clips[0].pk): "The proxy is damaged.",
        str(clips[1].pk): "The recording's files are gone.",
    }


def test_a_name_is_taken_once() -> None:
    clips = make_open_clips(project_make(), 1)
    predict(clips)
    with pytest.raises(Conflict, match="called held out"):
        predict(clips)


@pytest.mark.parametrize("wrong", [{"methods": ["best"]}, {"budgets": [0]}, {"budgets": [26]}])
def test_methods_and_budgets_that_there_are_not_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="Methods are smart"):
        predict(make_open_clips(project_make(), 1), **wrong)


def test_a_cancelled_job_fails_them_in_words() -> None:
    clips = make_open_clips(project_make(), 1)
    found = predict(clips)
    work = Job.objects.get(kind="training.features")
    job_cancel(job=work, actor=None)
    found.refresh_from_db()
    assert found.job is not None, "its clips count as unreadable"
    job_cancel(job=found.job, actor=None)
    found.refresh_from_db()
    assert (found.state, found.sentence) == (PredictionState.FAILED, "Cancelled.")
