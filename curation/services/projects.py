"""A project's footage: the project that it goes to from a shell, and how it goes with its project."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum

from core.errors import Invalid
from core.models import Project, Role, User
from core.selectors.accounts import project_at
from core.services.accounts import member_add, project_create
from core.services.erasing import Estate, counted
from curation.models import Camera, ReviewBatch, Site, Upload, Video, VideoTally
from curation.services.uploads import upload_abandon

DEFAULT_NAME = "Footage"


@transaction.atomic
def project_for_footage(*, slug: str | None) -> Project:
    """The project at `slug`, or without one the only project there is; made where it is missing.

    Everybody who runs the installation becomes an admin of a new one, so that it can be opened in a browser.
    Raises Invalid where there are several projects and no `slug`, or where `slug` is none.
    """
    if slug is None:
        projects = list(Project.objects.order_by("pk")[:2])
        if len(projects) > 1:
            raise Invalid("There are several projects here: say which one with --project SLUG.")
        if projects:
            return projects[0]
    found = None if slug is None else project_at(slug=slug)
    if found is not None:
        return found
    project = project_create(name=_title(slug) if slug else DEFAULT_NAME, slug=slug or "", actor=None)
    for user in User.objects.filter(is_superuser=True, is_active=True).order_by("pk"):
        member_add(project=project, username=user.username, role=Role.ADMIN, actor=None)
    return project


def _title(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ").capitalize()


def _told(project: Project) -> list[str]:
    videos = Video.objects.in_project(project)
    size = videos.exclude(source_key="").aggregate(bytes=Sum("bytes", default=0))["bytes"]
    removed = videos.removed().count()
    of_them = f" ({removed} removed, some of which can be restored)" if removed else ""
    sites = Site.objects.in_project(project).count()
    cameras = Camera.objects.in_project(project).count()
    return [
        f"{counted(videos.count(), 'video')}{of_them}: {size / 1e9:,.1f} GB, and what was made from them",
        f"{counted(sites, 'site')} with {counted(cameras, 'camera')}",
        counted(Upload.objects.in_project(project).receiving().count(), "unfinished upload"),
    ]


def _drop_files(project: Project) -> None:
    """What came in; what was made from it is the files of jobs. Uploads first: they can become videos."""
    for upload in Upload.objects.in_project(project).order_by("pk"):
        upload_abandon(upload=upload)
    sources = Video.objects.in_project(project).exclude(source_key="")
    for key in sources.values_list("source_key", flat=True).iterator():
        default_storage.delete(key)


def _drop_rows(project: Project) -> None:
    Upload.objects.in_project(project).delete()
    Video.objects.in_project(project).only("pk").delete()
    ReviewBatch.objects.in_project(project).only("pk").delete()
    Site.objects.in_project(project).delete()
    VideoTally.objects.filter(project=project).delete()


ESTATE = Estate(told=_told, drop_files=_drop_files, drop_rows=_drop_rows)
