"""The ground floor: people, projects, jobs, audit events, media storage."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Knows none of the apps that stand on it."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
