"""What people say happens in the footage."""

from django.apps import AppConfig


class LabellingConfig(AppConfig):
    """Stands on curation and core; training stands on it."""

    name = "labelling"
    default_auto_field = "django.db.models.BigAutoField"
