"""Labels under /admin/: to look things up. What people say goes through the app's services, and stays."""

from typing import ClassVar

from django.contrib import admin

from core.admin import ReadOnly
from labelling.models import AnnotationRevision, Assignment, Clip, LabelClass, LabelSet, Suggestion


@admin.register(LabelSet)
class LabelSetAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Label sets by project."""

    list_display = ("name", "project", "revision", "active", "created_at")
    list_select_related: ClassVar = ("project",)


@admin.register(LabelClass)
class LabelClassAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Classes by label set."""

    list_display = ("name", "label_set", "position", "hotkey", "colour", "archived")
    list_filter = ("archived",)
    list_select_related: ClassVar = ("label_set",)
    search_fields = ("name",)


@admin.register(Clip)
class ClipAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Clips, newest first."""

    list_display = ("video", "start", "end", "subject", "state", "label", "revision", "flagged", "created_at")
    list_filter = ("state", "origin", "flagged")
    list_select_related: ClassVar = ("video", "label")
    show_full_result_count = False
    search_fields = ("subject", "video__name")
    ordering = ("-created_at",)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Who had which clip, newest first."""

    list_display = ("clip", "user", "lease_until", "released_at", "created_at")
    list_select_related: ClassVar = ("clip", "user")
    show_full_result_count = False
    ordering = ("-created_at",)


@admin.register(AnnotationRevision)
class AnnotationRevisionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What was said, newest first."""

    list_display = ("clip", "number", "outcome", "label", "author", "source", "created_at")
    list_filter = ("outcome", "source")
    list_select_related: ClassVar = ("clip", "label", "author")
    show_full_result_count = False
    ordering = ("-created_at",)


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What models said, newest first."""

    list_display = ("clip", "model_version", "top", "margin", "state", "created_at")
    list_filter = ("state", "model_version")
    list_select_related: ClassVar = ("clip", "top")
    show_full_result_count = False
    ordering = ("-created_at",)
