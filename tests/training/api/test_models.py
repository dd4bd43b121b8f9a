from typing import Any

import pytest

from core.models import Role
from labelling.models import SuggestionState
from labelling.services.annotations import Verdict
from tests.labelling.api.house import LabelDesk, label_desk
from tests.labelling.factories import annotate, make_class, make_clip, segment, suggest
from tests.training.factories import make_examples, make_model, make_report
from training.models import ModelState
from training.selectors.examples import segment_id

pytestmark = pytest.mark.django_db


def desk() -> LabelDesk:
    return label_desk(Role.TRAINER)


def get(at: LabelDesk, path: str) -> Any:
    answer = at.browser.get(at.address(path))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_models_are_listed_newest_first_with_their_worst_classes() -> None:
    at = desk()
    labels = [make_class(at.project) for _ in range(4)]
    scores = [
        {"label": str(label.pk), "precision": f1, "recall": f1, "f1": f1, "support": 2}
        for label, f1 in zip(labels, (0.9, 0.1, 0.5, 0.3), strict=True)
    ]
    make_model(at.project, number=1)
    make_model(at.project, number=2, report=make_report(per_class=scores, top1=0.9))
    make_model()
    newest, oldest = get(at, "models")["items"]
    assert (newest["number"], newest["top1"], oldest["number"]) == (2, 0.9, 1)
    assert [row["f1"] for row in newest["worst"]] == [0.1, 0.3, 0.5]
    assert (newest["accepted"], newest["paired"], newest["clips"]) == (None, None, 8)


def test_accepted_counts_labels_that_rest_on_its_suggestions() -> None:
    at = desk()
    one, other = make_class(at.project), make_class(at.project)
    make_model(at.project, number=1)
    states = (SuggestionState.ACCEPTED, SuggestionState.ACCEPTED, SuggestionState.FIXED)
    for state in states:
        clip = at.clip()
        said = suggest(clip, {one: 0.9, other: 0.1})
        label = one if state == SuggestionState.ACCEPTED else other
        annotate(clip, label, suggestion=Verdict(said.pk, state))
    assert get(at, "models")["items"][0]["accepted"] == {"accepted": 2, "judged": 3}


def test_one_model_shows_everything_that_was_measured() -> None:
    at = desk()
    make_model(at.project, number=1, card={"title": "Card"}, state=ModelState.CHAMPION)
    model = get(at, "models/1")
    assert (model["state"], model["card"], model["budget"], model["curve_on"]) == (
        "champion",
        {"title": "Card"},
        4,
        "test",
    )
    assert model["curve"]["smart"] == {"1": 0.6, "4": 0.8}
    assert [file["name"] for file in model["files"]] == ["model.safetensors"]


def test_misread_clips_are_shown_surest_first_and_by_cell() -> None:
    clips = make_examples(classes=2, subjects=2)
    at = label_desk(Role.VIEWER, clips[0].project)
    one, other = (str(clip.label_id) for clip in clips[:2])
    tested = [
        {"clip": str(clips[0].pk), "label": one, "said": other, "p": 0.6, "chosen": []},
        {"clip": str(clips[1].pk), "label": other, "said": one, "p": 0.9, "chosen": []},
        {"clip": str(clips[2].pk), "label": one, "said": one, "p": 0.9, "chosen": []},
        {"clip": str(clips[3].pk), "label": other, "said": None, "p": None, "chosen": []},
    ]
    make_model(at.project, number=1, report=make_report(test_clips=tested))
    found = get(at, "models/1/misread")
    assert [row["id"] for row in found["items"]] == [str(clips[n].pk) for n in (1, 0, 3)]
    assert found["total"] == 3
    cell = get(at, f"models/1/misread?truth={one}&said={other}")
    assert ([row["id"] for row in cell["items"]], cell["total"]) == ([str(clips[0].pk)], 1)
    assert get(at, "models/1/misread?limit=1&offset=1")["items"][0]["id"] == str(clips[0].pk)


def test_a_segment_that_was_misread_is_shown_as_its_clip() -> None:
    at = desk()
    clip, label = at.clip(), make_class(at.project)
    annotate(clip, segments=[segment(label, 5, 20)])
    tested = [{"clip": str(segment_id(clip.pk, 5, 20)), "label": "a", "said": "b", "p": 0.6, "chosen": []}]
    make_model(at.project, number=1, report=make_report(test_clips=tested))
    assert [row["id"] for row in get(at, "models/1/misread")["items"]] == [str(clip.pk)]


def test_clips_of_another_project_are_not_shown() -> None:
    at = desk()
    theirs = make_clip()
    tested = [{"clip": str(theirs.pk), "label": "a", "said": "b", "p": 0.6, "chosen": []}]
    make_model(at.project, number=1, report=make_report(test_clips=tested))
    assert get(at, "models/1/misread")["items"] == []


def test_promoting_answers_with_the_champion() -> None:
    at = desk()
    make_model(at.project, number=1, state=ModelState.CHAMPION)
    make_model(at.project, number=2)
    answer = at.browser.post(at.address("models/2/promote"))
    assert (answer.status_code, answer.json()["state"]) == (200, "champion")
    assert get(at, "models/1")["state"] == "retired"
    assert at.browser.post(at.address("models/2/promote")).status_code == 409
