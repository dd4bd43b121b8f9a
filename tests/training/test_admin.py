import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import user_make
from tests.training.factories import make_model
from training.models import ModelVersion

pytestmark = pytest.mark.django_db

MODELS = ("datasetversion", "heldout", "featuretrack", "trainingrun", "modelversion", "predictionset")


@pytest.mark.parametrize("name", MODELS)
def test_training_can_be_looked_up_but_not_changed(name: str) -> None:
    model = make_model()
    user = user_make(staff=True)
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client()
    client.force_login(user)
    assert client.get(reverse(f"admin:training_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:training_{name}_add")).status_code == 403
    run = reverse("admin:training_trainingrun_change", args=[model.run.pk])
    assert client.get(run).status_code == 200
    address = reverse("admin:training_modelversion_delete", args=[model.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert ModelVersion.objects.exists()
