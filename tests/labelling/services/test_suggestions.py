import pytest

from labelling.models import Clip, Outcome, Suggestion, SuggestionState
from labelling.selectors.clips import suggestions_for
from labelling.services.suggestions import Guess, suggestions_record
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip, make_clips, suggest

pytestmark = pytest.mark.django_db


def test_a_suggestion_keeps_scores_margin_and_chosen_frames() -> None:
    clip = make_clip()
    walk, dig = make_class(clip.project), make_class(clip.project)
    guess = Guess(clip.pk, {walk.pk: 0.25, dig.pk: 0.75}, chosen=(3, 7), segments=[{"start": 3}])
    assert suggestions_record(project=clip.project, model_version="v3", guesses=[guess]) == 1
    made = Suggestion.objects.get()
    assert (made.top, made.margin, made.model_version) == (dig, 0.5, "v3")
    assert made.scores == {str(walk.pk): 0.25, str(dig.pk): 0.75}
    assert (made.chosen, made.segments) == ([3, 7], [{"start": 3}])
    assert Clip.objects.get().priority == 0.5


def test_with_one_class_the_margin_is_its_score() -> None:
    clip = make_clip()
    assert suggest(clip, {make_class(clip.project): 0.8}).margin == 0.8


def test_a_later_suggestion_takes_the_place_of_an_earlier_one() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    old, new = suggest(clip, {walk: 0.2}), suggest(clip, {walk: 0.7}, model="v2")
    old.refresh_from_db()
    assert old.state == SuggestionState.SUPERSEDED
    assert suggestions_for([clip]) == {clip.pk: new}
    assert Clip.objects.get().priority == 0.7


def test_a_clip_that_was_labelled_meanwhile_is_left_alone() -> None:
    one, other = make_clips(2)
    walk = make_class(one.project)
    annotate(one, walk)
    before = Clip.objects.get(pk=one.pk).priority
    guesses = [Guess(clip.pk, {walk.pk: 0.5}) for clip in (one, other)]
    assert suggestions_record(project=one.project, model_version="v1", guesses=guesses) == 1
    assert Suggestion.objects.get().clip == other
    assert Clip.objects.get(pk=one.pk).priority == before


def test_another_projects_clips_get_none() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    assert (
        suggestions_record(
            project=project_make(), model_version="v1", guesses=[Guess(clip.pk, {walk.pk: 1.0})]
        )
        == 0
    )


def test_a_suggestion_is_no_annotation() -> None:
    clip = make_clip()
    suggest(clip, {make_class(clip.project): 0.99})
    clip.refresh_from_db()
    assert (clip.revision, clip.label, clip.state) == (0, None, "open")


def test_a_later_suggestion_after_an_undo_leaves_the_judged_one_in_the_past() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    first = suggest(clip, {walk: 0.5})
    annotate(clip, walk)
    annotate(clip, outcome=Outcome.CLEARED)
    second = suggest(clip, {walk: 0.6}, model="v2")
    first.refresh_from_db()
    assert (first.state, second.state) == (SuggestionState.SUPERSEDED, SuggestionState.OPEN)
