import pytest
from django.test import Client
from django.urls import reverse

from labelling.models import AnnotationRevision
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip, suggest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "model", ["labelset", "labelclass", "clip", "assignment", "annotationrevision", "suggestion"]
)
def test_labels_can_be_looked_up_but_not_changed(model: str) -> None:
    clip = make_clip()
    suggest(clip, {make_class(clip.project): 1.0})
    revision = annotate(clip)
    user = user_make(staff=True)
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client()
    client.force_login(user)
    assert client.get(reverse(f"admin:labelling_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:labelling_{model}_add")).status_code == 403
    deletion = client.post(
        reverse("admin:labelling_annotationrevision_delete", args=[revision.pk]), {"post": "yes"}
    )
    assert deletion.status_code == 403
    assert AnnotationRevision.objects.count() == 1
