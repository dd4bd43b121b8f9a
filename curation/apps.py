"""What footage we have, and how good it is."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    """Stands on core; labelling and training stand on it."""

    name = "curation"
    default_auto_field = "django.db.models.BigAutoField"
