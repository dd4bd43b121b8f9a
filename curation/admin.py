"""Footage under /admin/: to look things up. What changes footage goes through the app's services."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ReadOnly
from curation.models import Camera, QualityProfile, ReviewBatch, Site, Upload, Video


@admin.register(Site)
class SiteAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Sites by project."""

    list_display = ("name", "project", "created_at")
    list_select_related: ClassVar = ("project",)


@admin.register(Camera)
class CameraAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Cameras by site."""

    list_display = ("name", "site", "created_at")
    list_select_related: ClassVar = ("site",)


@admin.register(QualityProfile)
class QualityProfileAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What each camera tolerates."""

    list_display = ("camera", "revision", "updated_at")
    list_select_related: ClassVar = ("camera",)


@admin.register(Video)
class VideoAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Videos, newest first."""

    list_display = ("name", "project", "camera", "state", "damaged", "frames", "created_at", "deleted_at")
    list_filter = ("state", "damaged")
    list_select_related: ClassVar = ("project", "camera")
    search_fields = ("name", "sha256")
    ordering = ("-created_at",)


@admin.register(Upload)
class UploadAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Uploads and how far they came."""

    list_display = ("name", "project", "state", "received", "bytes", "created_at")
    list_select_related: ClassVar = ("project",)


@admin.register(ReviewBatch)
class ReviewBatchAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Decisions about rejected spans, newest first."""

    list_display = ("created_at", "project", "actor", "to", "spans", "frames", "undone_at", "undone_by")
    list_filter = ("to",)
    list_select_related: ClassVar = ("project", "actor", "undone_by")
    exclude = ("before", "over")  # thousands of spans, as they were
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewBatch]:
        """Without what nobody looks up here."""
        return super().get_queryset(request).defer("before", "over")
