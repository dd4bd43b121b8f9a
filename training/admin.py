"""Training under /admin/: to look things up. What happens goes through the app's services."""

from typing import ClassVar

from django.contrib import admin

from core.admin import ReadOnly
from training.models import DatasetVersion, FeatureTrack, HeldOut, ModelVersion, PredictionSet, TrainingRun


@admin.register(DatasetVersion)
class DatasetVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Frozen labels, newest first."""

    list_display = ("number", "project", "clips", "classes", "even", "sha256", "created_at")
    list_select_related: ClassVar = ("project",)
    ordering = ("-created_at",)


@admin.register(HeldOut)
class HeldOutAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What was tested on once."""

    list_display = ("by", "group", "project", "created_at")
    list_filter = ("by",)
    list_select_related: ClassVar = ("project",)
    ordering = ("-created_at",)


@admin.register(FeatureTrack)
class FeatureTrackAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Features, newest first."""

    list_display = ("video", "start", "end", "recipe", "state", "bytes", "sentence", "created_at")
    list_filter = ("state", "recipe")
    list_select_related: ClassVar = ("video",)
    show_full_result_count = False
    ordering = ("-id",)


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Runs, newest first; the tracks of one are too many to show."""

    list_display = ("number", "project", "dataset", "recipe", "state", "sentence", "created_at")
    list_filter = ("state",)
    list_select_related: ClassVar = ("project", "dataset")
    exclude = ("tracks",)
    ordering = ("-created_at",)


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Models, newest first."""

    list_display = ("number", "project", "run", "state", "champion_since", "champion_until", "created_at")
    list_filter = ("state",)
    list_select_related: ClassVar = ("project", "run")
    ordering = ("-created_at",)


@admin.register(PredictionSet)
class PredictionSetAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Predictions that were written down, newest first."""

    list_display = ("name", "project", "model", "state", "sha256", "created_at")
    list_filter = ("state",)
    list_select_related: ClassVar = ("project", "model")
    exclude = ("tracks",)
    ordering = ("-created_at",)
