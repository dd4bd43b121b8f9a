"""What is learned from labels: dataset versions, runs, models and what they say."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Stands on labelling, curation and core; nothing stands on it."""

    name = "training"
    default_auto_field = "django.db.models.BigAutoField"
