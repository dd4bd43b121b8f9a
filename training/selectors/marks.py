"""A word for the state of what a run's preflight depends on, quick to read where the preflight is not."""

from django.db import connection

from core.models import Project
from training.selectors.recipes import recipes_all


def preflight_mark(*, project: Project) -> str:
    """Another one after any change of what the preflight of a project is made of; one query.

    Of every row that plays a part it takes the transaction that wrote it last, whichever column that changed.
    Whatever is said of a clip changes the clip, so revisions and segments need no look of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"project": project.pk})
        (mark,) = cursor.fetchone()
    return f"{mark} {recipes_all()}"


_ROWS = """
SELECT '{table}', count(*), sum(hashint8extended(row.xmin::text::bigint, 0)::numeric)
FROM {table} AS row {narrow}
"""
_OWN = "WHERE row.project_id = %(project)s"
_TABLES = {
    "labelling_clip": f"{_OWN} AND row.revision > 0",
    "labelling_labelclass": "JOIN labelling_labelset AS own ON own.id = row.label_set_id"
    " AND own.project_id = %(project)s",
    "curation_video": _OWN,
    "curation_camera": "JOIN curation_site AS own ON own.id = row.site_id AND own.project_id = %(project)s",
    "curation_site": _OWN,
    "training_heldout": _OWN,
    "training_datasetversion": _OWN,
    "training_seenlabels": "JOIN training_datasetversion AS own ON own.id = row.dataset_id"
    " AND own.project_id = %(project)s",
    "training_trainingrun": _OWN,
    "training_modelversion": _OWN,
}
_PARTS = " UNION ALL ".join(_ROWS.format(table=table, narrow=narrow) for table, narrow in _TABLES.items())
_MARK = f"SELECT string_agg(part::text, ';') FROM ({_PARTS}) AS part"  # noqa: S608 - made of the names above
