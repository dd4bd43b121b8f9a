"""Saying something about a clip, one sentence a test."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict, Invalid
from core.models import Job
from labelling.errors import StaleAnnotation
from labelling.models import (
    AnnotationRevision,
    AnnotationSegment,
    Assignment,
    Clip,
    ClipState,
    Outcome,
    Source,
    Suggestion,
    SuggestionState,
)
from labelling.selectors.annotations import annotation_of, history_of
from labelling.services.annotations import SegmentIn, Verdict, annotation_submit
from labelling.services.assignments import assignment_take
from labelling.services.label_sets import class_change
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip, segment, suggest

pytestmark = pytest.mark.django_db


def test_a_label_is_the_first_revision_of_its_clip() -> None:
    clip = make_clip()
    walk, ada = make_class(clip.project, "Walk"), user_make("ada")
    said = annotate(clip, walk, author=ada, comment=" slowly ")
    assert (said.number, said.base, said.label, said.author, said.comment) == (1, 0, walk, ada, "slowly")
    assert said.source == Source.PERSON
    stored = Clip.objects.get(pk=clip.pk)
    assert (stored.revision, stored.state, stored.label) == (1, ClipState.LABELLED, walk)
    assert stored.annotated_at is not None
    assert annotation_of(clip=stored) == said


def test_the_clip_in_hand_shows_what_was_said() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    annotate(clip, walk)
    assert (clip.revision, clip.state, clip.label_id) == (1, ClipState.LABELLED, walk.pk)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Outcome.UNCERTAIN, ClipState.UNCERTAIN), (Outcome.REJECTED, ClipState.REJECTED)],
)
def test_a_clip_that_is_not_labelled_is_listed_under_no_class(outcome: Outcome, state: ClipState) -> None:
    clip = make_clip()
    annotate(clip)
    annotate(clip, make_class(clip.project), outcome=outcome)
    assert (clip.state, clip.label_id) == (state, None)
    assert annotation_of(clip=clip) is not None, "but its revision keeps the class that was thought of"


def test_clearing_opens_a_clip_again_and_keeps_what_was_said() -> None:
    clip = make_clip()
    annotate(clip)
    annotate(clip, outcome=Outcome.CLEARED)
    assert (clip.state, clip.revision, clip.label_id) == (ClipState.OPEN, 2, None)
    outcomes = [said.outcome for said in history_of(clip=clip)]
    assert outcomes == [Outcome.CLEARED, Outcome.LABELLED]


def test_segments_keep_their_keys_through_revisions() -> None:
    clip = make_clip()
    walk, dig = make_class(clip.project), make_class(clip.project)
    first = segment(walk, 5, 20, actor="left")
    annotate(clip, segments=[first])
    annotate(clip, segments=[SegmentIn(first.key, dig.pk, 5, 25, "left", {"5": [0, 0, 1, 1]})])
    old, new = AnnotationSegment.objects.order_by("revision__number")
    assert (old.key, old.label, old.end, old.region) == (first.key, walk, 20, None)
    assert (new.key, new.label, new.end, new.actor) == (first.key, dig, 25, "left")
    assert new.region == {"5": [0, 0, 1, 1]}


def test_a_clip_with_segments_alone_is_listed_under_the_class_that_lasts_longest() -> None:
    clip = make_clip()
    walk, dig = make_class(clip.project), make_class(clip.project)
    annotate(clip, segments=[segment(walk, 0, 10), segment(dig, 5, 17), segment(walk, 40, 45)])
    assert clip.label_id == walk.pk
    annotate(clip, dig, segments=[segment(walk, 0, 30)])
    assert clip.label_id == dig.pk


def test_the_same_client_id_again_changes_nothing() -> None:
    clip, sent = make_clip(), uuid4()
    first = annotate(clip, client_id=sent)
    other = make_class(clip.project)
    again = annotate(clip, other, client_id=sent, base=99, outcome=Outcome.UNCERTAIN)
    assert again == first
    assert AnnotationRevision.objects.count() == 1
    assert Clip.objects.get(pk=clip.pk).state == ClipState.LABELLED


def test_the_same_client_id_on_the_revision_that_it_made_changes_nothing() -> None:
    clip, sent = make_clip(), uuid4()
    first = annotate(clip, client_id=sent)
    assert annotate(clip, client_id=sent, base=first.number) == first
    assert Clip.objects.get(pk=clip.pk).revision == 1


def test_a_client_id_of_another_clip_is_refused() -> None:
    clip, sent = make_clip(), uuid4()
    annotate(clip, client_id=sent)
    other = make_clip(clip.video, start=10, end=20)
    with pytest.raises(Conflict, match="another clip"):
        annotate(other, client_id=sent)
    assert other.revisions.count() == 0


def test_who_saw_an_older_revision_gets_both_versions() -> None:
    clip = make_clip()
    walk, dig = make_class(clip.project), make_class(clip.project)
    annotate(clip, walk, author=user_make("ada"))
    with pytest.raises(StaleAnnotation, match="ada changed this clip") as caught:
        annotate(clip, dig, base=0, comment="mine")
    details = caught.value.details
    assert caught.value.status == 412
    assert (details["current"]["revision"], details["current"]["label"]) == (1, str(walk.pk))
    assert details["current"]["author"]["name"] == "ada"
    assert (details["yours"]["revision"], details["yours"]["label"]) == (0, str(dig.pk))
    assert details["yours"]["comment"] == "mine"
    assert AnnotationRevision.objects.count() == 1


def test_a_base_that_never_was_is_refused() -> None:
    clip = make_clip()
    with pytest.raises(StaleAnnotation) as caught:
        annotate(clip, base=3)
    assert caught.value.details["current"] is None
    assert Clip.objects.get(pk=clip.pk).revision == 0


@pytest.mark.parametrize(
    ("bounds", "said"),
    [((7, 7), "before it ends"), ((8, 7), "before it ends"), ((-1, 3), "within"), ((40, 51), "within")],
)
def test_a_segment_that_cannot_be_is_refused(bounds: tuple[int, int], said: str) -> None:
    clip = make_clip()
    with pytest.raises(Invalid, match=said):
        annotate(clip, segments=[segment(make_class(clip.project), *bounds)])
    assert Clip.objects.get(pk=clip.pk).revision == 0


def test_a_segment_may_reach_to_the_last_frame_and_out_of_the_clip() -> None:
    clip = make_clip(start=0, end=10)
    annotate(clip, segments=[segment(make_class(clip.project), 0, 50)])
    assert clip.revision == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"comment": "x" * 2001}, "comment"),
        ({"actor": "x" * 81}, "actor"),
        ({"twice": True}, "same key"),
        ({"outcome": Outcome.CLEARED}, "cleared"),
    ],
)
def test_what_is_too_much_is_refused(changes: dict[str, Any], said: str) -> None:
    clip = make_clip()
    part = segment(make_class(clip.project), 0, 5, actor=changes.pop("actor", ""))
    parts = [part, part] if changes.pop("twice", False) else [part]
    with pytest.raises(Invalid, match=said):
        annotate(clip, segments=parts, **changes)


def test_labelled_needs_a_class_or_a_segment() -> None:
    clip = make_clip()
    with pytest.raises(Invalid, match="a class or a segment"):
        annotation_submit(clip=clip, author=None, base=0, client_id=uuid4(), outcome=Outcome.LABELLED)


def test_an_archived_class_is_refused() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    class_change(label_class=walk, archived=True, actor=None)
    with pytest.raises(Invalid, match="archived"):
        annotate(clip, walk)


def test_a_class_of_another_project_is_refused() -> None:
    clip, other = make_clip(), make_clip()
    with pytest.raises(Invalid, match="not of this project"):
        annotate(clip, make_class(other.project))


def test_labelling_gives_the_clip_back() -> None:
    clip, ada = make_clip(), user_make()
    assert assignment_take(clip=clip, user=ada)
    annotate(clip, author=ada)
    assert not Assignment.objects.held().exists()


def test_undoing_keeps_the_clip_in_hand() -> None:
    clip, ada = make_clip(), user_make()
    annotate(clip, author=ada)
    assignment_take(clip=clip, user=ada)
    annotate(clip, author=ada, outcome=Outcome.CLEARED)
    assert Assignment.objects.live().of_user(ada).get().clip == clip


@pytest.mark.parametrize(
    ("state", "source"),
    [
        (SuggestionState.ACCEPTED, Source.SUGGESTION),
        (SuggestionState.FIXED, Source.FIX),
        (SuggestionState.REJECTED, Source.PERSON),
    ],
)
def test_a_suggestion_is_judged_with_the_label(state: SuggestionState, source: Source) -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    suggestion = suggest(clip, {walk: 0.9})
    said = annotate(clip, walk, suggestion=Verdict(suggestion.pk, state))
    suggestion.refresh_from_db()
    assert (suggestion.state, said.source, said.suggestion) == (state, source, suggestion)


def test_a_refused_label_leaves_the_suggestion_open() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    suggestion = suggest(clip, {walk: 0.9})
    verdict = Verdict(suggestion.pk, SuggestionState.ACCEPTED)
    with pytest.raises(StaleAnnotation):
        annotate(clip, walk, base=1, suggestion=verdict)
    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.OPEN


def test_undoing_an_acceptance_opens_the_suggestion_again() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    suggestion = suggest(clip, {walk: 0.9})
    annotate(clip, walk, suggestion=Verdict(suggestion.pk, SuggestionState.ACCEPTED))
    annotate(clip, outcome=Outcome.CLEARED)
    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.OPEN


def test_undoing_opens_the_newest_suggestion() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    older = suggest(clip, {walk: 0.9})
    Suggestion.objects.filter(pk=older.pk).update(created_at=timezone.now() - timedelta(days=1))
    newest = suggest(clip, {walk: 0.8}, model="v2")
    annotate(clip, walk, suggestion=Verdict(newest.pk, SuggestionState.ACCEPTED))
    annotate(clip, outcome=Outcome.CLEARED)
    newest.refresh_from_db()
    assert newest.state == SuggestionState.OPEN


def test_a_suggestion_that_was_superseded_on_the_screen_does_not_cost_the_label() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    shown, newer = suggest(clip, {walk: 0.9}), suggest(clip, {walk: 0.8}, model="v2")
    said = annotate(clip, walk, suggestion=Verdict(shown.pk, SuggestionState.ACCEPTED))
    shown.refresh_from_db()
    newer.refresh_from_db()
    assert (said.suggestion, shown.state) == (shown, SuggestionState.SUPERSEDED)
    assert newer.state == SuggestionState.OPEN


@pytest.mark.parametrize("state", [SuggestionState.OPEN, SuggestionState.SUPERSEDED])
def test_only_verdicts_are_verdicts(state: SuggestionState) -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    suggestion = suggest(clip, {walk: 0.9})
    with pytest.raises(Invalid, match="accepted, fixed or rejected"):
        annotate(clip, walk, suggestion=Verdict(suggestion.pk, state))
    assert Clip.objects.get(pk=clip.pk).revision == 0, "and nothing of it stays"


def test_a_suggestion_about_another_clip_is_refused() -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    other = make_clip(clip.video, start=10, end=20)
    verdict = Verdict(suggest(other, {walk: 0.9}).pk, SuggestionState.ACCEPTED)
    with pytest.raises(Invalid, match="not about this clip"):
        annotate(clip, walk, suggestion=verdict)


def test_what_is_said_of_a_withdrawn_clip_brings_it_back_and_cuts_around_it() -> None:
    clip = make_clip(withdrawn_at="2026-01-01T00:00Z")
    annotate(clip)
    assert Clip.objects.get(pk=clip.pk).withdrawn_at is None
    job = Job.objects.get(kind="labelling.cut")
    assert job.params == {"video": str(clip.video_id)}


def test_a_label_costs_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    clip = make_clip()
    walk, ada = make_class(clip.project), user_make()
    with django_assert_max_num_queries(8):
        annotation_submit(
            clip=clip, author=ada, base=0, client_id=uuid4(), outcome=Outcome.LABELLED, label=walk.pk
        )
