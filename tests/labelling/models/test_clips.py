"""What the database itself holds to about clips, and whether its tallies are the counts."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Sum

from labelling.models import Clip, ClipState, ClipTally, LabelClass, LabelSet
from labelling.services.label_sets import label_set_create
from tests.curation.factories import make_camera
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip, make_clips

pytestmark = pytest.mark.django_db
KIND = ("project", "camera", "label", "state", "flagged")
Rows = list[tuple[object, ...]]


def tallied() -> Rows:
    rows = ClipTally.objects.order_by().values_list(*KIND).annotate(n=Sum("clips"))
    return sorted((row for row in rows if row[-1]), key=str)


def counted() -> Rows:
    standing = Clip.objects.filter(withdrawn_at=None).order_by()
    return sorted(standing.values_list(*KIND).annotate(n=Count("pk")), key=str)


def fold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT labelling_fold_tallies()")


def test_the_tally_is_the_count_after_every_kind_of_change() -> None:
    clips = make_clips(5)
    other = make_clips(3, clips[0].project)
    walk = make_class(clips[0].project)
    assert tallied() == counted()
    for clip in [*clips[:2], other[0]]:
        annotate(clip, walk)
        assert tallied() == counted()
    Clip.objects.filter(pk__in=[clip.pk for clip in other]).update(flagged=True)
    assert tallied() == counted()
    Clip.objects.filter(pk=clips[4].pk).update(withdrawn_at="2026-01-01T00:00Z")
    assert tallied() == counted()
    Clip.objects.filter(pk=clips[4].pk).update(withdrawn_at=None, state=ClipState.UNCERTAIN)
    assert tallied() == counted()
    Clip.objects.filter(pk=clips[3].pk).delete()
    Clip.objects.filter(video=other[0].video).update(camera=make_camera(clips[0].project))
    assert tallied() == counted()
    assert sum(row[-1] for row in counted() if isinstance(row[-1], int)) == 7


def test_folding_leaves_one_row_of_a_kind_and_the_same_sums() -> None:
    clips = make_clips(6)
    for clip in clips[:4]:
        annotate(clip)
    before = tallied()
    fold()
    assert tallied() == before == counted()
    assert ClipTally.objects.count() == len(before)


def test_what_changes_no_count_adds_no_tally() -> None:
    clip = make_clip()
    fold()
    before = ClipTally.objects.count()
    Clip.objects.filter(pk=clip.pk).update(priority=0.5, subject="S01")
    assert ClipTally.objects.count() == before


def test_a_stretch_of_a_video_is_one_clip() -> None:
    clip = make_clip()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_clip(clip.video)


@pytest.mark.parametrize("end", [5, 4])
def test_a_clip_holds_at_least_one_frame(end: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_clip(start=5, end=end)


def test_a_project_without_annotations_goes_with_its_clips() -> None:
    make_clip().project.delete()
    assert not Clip.objects.exists()
    fold()
    assert not ClipTally.objects.exists()


def test_a_project_has_one_active_label_set() -> None:
    first = label_set_create(project=project_make(), actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        LabelSet.objects.create(project=first.project, name="More")
    LabelSet.objects.create(project=first.project, name="Old", active=False)


@pytest.mark.parametrize(
    "fields",
    [{"name": "WALK", "hotkey": ""}, {"name": "Dig", "hotkey": "1"}, {"name": "Dig", "colour": 13}],
    ids=["a name in another case", "a key twice", "a colour that is none"],
)
def test_classes_can_be_told_apart(fields: dict[str, object]) -> None:
    walk = make_class(project_make(), "Walk")
    values: dict[str, object] = {"colour": 2, "hotkey": "2", "position": 9, **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        LabelClass.objects.create(label_set=walk.label_set, **values)
