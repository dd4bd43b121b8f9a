"""Django's admin site: accounts and a look at what happened. The app's own rules are in the services.

Rows that are only ever added (audit events, job events) and jobs can be looked at here, never changed.
"""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.http import HttpRequest

from core.models import AuditEvent, Job, JobEvent, Membership, Project, User

admin.site.site_header = admin.site.site_title = "Rushes"
admin.site.register(User, UserAdmin)


class ReadOnly:
    """Nothing can be added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Never."""
        return False


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """The members on the page of their project."""

    model = Membership
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Projects with their members."""

    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Not here: its files would stay. `manage.py project erase` takes both."""
        return False


class JobEventInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """What happened to a job, in order."""

    model = JobEvent
    extra = 0


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Jobs; cancelling and retrying are in the app."""

    list_display = ("id", "kind", "state", "attempt", "progress", "stage", "owner", "created_at")
    list_filter = ("state", "kind")
    search_fields = ("id", "dedupe_key", "error")
    inlines = (JobEventInline,)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Who did what, newest first."""

    list_display = ("at", "actor", "verb", "object_type", "object_id", "project")
    list_filter = ("verb", "project")
    list_select_related = ("actor", "project")
    search_fields = ("object_id", "actor__username")
