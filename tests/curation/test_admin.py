import pytest
from django.test import Client
from django.urls import reverse

from tests.curation.factories import make_video
from tests.factories import user_make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["site", "camera", "qualityprofile", "video", "upload", "reviewbatch"])
def test_footage_can_be_looked_up_but_not_changed(model: str) -> None:
    video = make_video()
    user = user_make(staff=True)
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client()
    client.force_login(user)
    assert client.get(reverse(f"admin:curation_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:curation_{model}_add")).status_code == 403
    deletion = client.post(reverse("admin:curation_video_delete", args=[video.pk]), {"post": "yes"})
    assert deletion.status_code == 403
