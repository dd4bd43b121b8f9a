from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from core.errors import NotFound
from core.models import Project
from labelling.models import Clip, ClipState, Outcome
from labelling.selectors.clips import (
    ClipFilter,
    ClipSort,
    clip_of,
    clips_counts,
    clips_found,
    clips_page,
    neighbours_of,
    suggestions_for,
)
from tests.curation.factories import make_camera, make_ready_video
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip, make_clips, suggest

pytestmark = pytest.mark.django_db
GONE = "2026-01-01T00:00Z"


def page(project: Project, where: ClipFilter | None = None, **more: Any) -> list[Clip]:
    asked = {"state": None, "sort": ClipSort.QUEUE, "limit": 50, "offset": 0, **more}
    return clips_page(clips_found(project=project, where=where or ClipFilter()), **asked)


def total(project: Project, **where: Any) -> int:
    """How many clips the counts know of; always as many as are found."""
    asked = ClipFilter(**where)
    counts = clips_counts(project=project, where=asked)
    assert sum(counts.values()) == clips_found(project=project, where=asked).count()
    for state in ClipState:
        assert len(page(project, asked, state=state)) == counts[state]
    return sum(counts.values())


def test_a_page_is_in_the_order_of_the_queue() -> None:
    clips = make_clips(5)
    project = clips[0].project
    suggest(clips[3], {make_class(project): 0.4})
    assert page(project) == [clips[3], *clips[:3], clips[4]]
    assert page(project, limit=2, offset=1) == clips[:2]


def test_a_page_may_be_of_one_state_or_of_what_was_labelled_last() -> None:
    clips = make_clips(4)
    project = clips[0].project
    for number in (2, 0):
        annotate(clips[number], outcome=Outcome.UNCERTAIN)
    assert page(project, state=ClipState.OPEN) == [clips[1], clips[3]]
    assert page(project, sort=ClipSort.ANNOTATED) == [clips[0], clips[2]]
    assert page(project, sort=ClipSort.NEWEST) == clips[::-1]


def test_a_page_costs_two_queries_however_long(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clips = make_clips(5)
    with django_assert_num_queries(2):
        found = page(clips[0].project)
        assert [(clip.video.name, clip.camera.name) for clip in found]


def test_every_filter_narrows_rows_and_counts_alike() -> None:
    one, two, three = make_clips(3)
    project = one.project
    other = make_clip(make_ready_video(make_camera(project, "Gate"), name="Night.mp4"), subject="S07")
    walk = make_class(project)
    for clip in (one, other):
        annotate(clip, walk)
    Clip.objects.filter(pk=two.pk).update(flagged=True)
    make_clips(2)  # of another project
    assert total(project) == 4
    assert total(project, label=walk.pk) == 2
    assert total(project, video=one.video_id) == 3
    assert total(project, camera=other.camera_id) == 1
    assert (total(project, flagged=True), total(project, flagged=False)) == (1, 3)
    assert total(project, label=walk.pk, camera=one.camera_id) == 1
    assert (total(project, search="night"), total(project, search=" s07 ")) == (1, 1)
    assert (total(project, search="gate"), total(project, search="nobody")) == (1, 0)
    assert total(project, search="video", label=walk.pk) == 1
    assert [clip.pk for clip in page(project, ClipFilter(label=walk.pk))] == [one.pk, other.pk]
    assert three in page(project, ClipFilter(video=one.video_id))


@pytest.mark.parametrize("text", ["%", "_", "\\", "'"])
def test_a_search_takes_signs_as_they_are(text: str) -> None:
    clip = make_clip(subject=f"a{text}b")
    make_clip(clip.video, start=0, end=5, subject="plain")
    assert page(clip.project, ClipFilter(search=text)) == [clip]


def test_withdrawn_clips_and_those_of_removed_videos_are_not_listed() -> None:
    one, two = make_clips(2)
    removed = make_clip(make_ready_video(one.camera, deleted_at=GONE))
    annotate(removed)
    Clip.objects.filter(pk=two.pk).update(withdrawn_at=GONE)
    assert page(one.project) == [one]
    assert total(one.project) == 1
    assert total(one.project, camera=one.camera_id) == 1


def test_one_clip_is_found_in_its_project_only() -> None:
    clip = make_clip()
    assert clip_of(project=clip.project, clip_id=clip.pk) == clip
    with pytest.raises(NotFound):
        clip_of(project=project_make(), clip_id=clip.pk)


def test_a_withdrawn_clip_is_found_but_not_one_of_a_removed_video() -> None:
    clip = make_clip(withdrawn_at=GONE)
    assert clip_of(project=clip.project, clip_id=clip.pk) == clip
    clip.video.deleted_at = GONE
    clip.video.save()
    with pytest.raises(NotFound):
        clip_of(project=clip.project, clip_id=clip.pk)


def test_neighbours_are_the_standing_clips_of_the_video() -> None:
    clips = make_clips(3)
    Clip.objects.filter(pk=clips[2].pk).update(withdrawn_at=GONE)
    make_clip(make_ready_video(clips[0].camera))
    assert list(neighbours_of(clip=clips[1])) == clips[:2]


def test_the_open_suggestions_of_a_page_are_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clips = make_clips(3)
    made = suggest(clips[1], {make_class(clips[0].project): 0.4})
    with django_assert_num_queries(1):
        assert suggestions_for(clips) == {clips[1].pk: made}
