"""Recordings that come in under a camera's name, from a shell or a folder."""

from pathlib import Path

from django.db import transaction

from core.errors import RushesError
from core.models import Project, User
from curation.models import Video
from curation.selectors.sites import camera_meant, site_usual
from curation.services.sites import camera_add, camera_keep
from curation.services.sources import source_discard, source_store
from curation.services.videos import video_register


def recording_bring(
    *, project: Project, path: Path, camera: str, site: str | None, actor: User | None
) -> Video:
    """Take a file in under the camera of that name; one that is missing is made with the first such file.

    Without `site` the one camera of that name is meant, wherever it is, and a new one comes to the project's
    usual site. Raises Conflict where several are called so and where the one just goes, and what
    `source_store` and `video_register` raise: then there is no new camera either.
    """
    camera_meant(project=project, site=site, name=camera)  # before gigabytes are copied
    stored = source_store(path)
    try:
        with transaction.atomic():
            meant = camera_meant(project=project, site=site, name=camera) or camera_add(
                project=project,
                site=None,
                site_name=site or site_usual(project=project),
                name=camera,
                actor=actor,
            )
            camera_keep(camera=meant)
            return video_register(project=project, camera=meant, name=path.name, source=stored, actor=actor)
    except RushesError:
        source_discard(stored)
        raise
