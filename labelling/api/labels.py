"""All labels of a project: in and out as labels.csv, and in numbers."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from core.api.auth import Slug, member, membership_of
from core.errors import Invalid
from core.models import Role
from labelling.api.schemas import ClassCount, ImportOut, ImportProblem, LabelHourOut, SummaryOut
from labelling.formats.labels_csv import NotATable, read, write
from labelling.selectors.exports import label_rows
from labelling.selectors.summary import labelling_summary
from labelling.services.importing import labels_import

router = Router(tags=["labels"])

MAX_ROWS = 5_000
CSV = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/labels/import",
    auth=member(Role.REVIEWER),
    response=ImportOut,
    operation_id="labels_import",
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": CSV}}},
)
def labels_take(request: HttpRequest, slug: Slug, dry_run: bool = False) -> ImportOut:
    """Take a labels.csv in: `file,label,subject,camera,start,end`, all but the first two optional.

    Lines that cannot be taken are reported, the others count. With `dry_run` nothing is kept.
    """
    membership = membership_of(request)
    try:
        table = read(request.body)
    except NotATable as error:
        raise Invalid(str(error)) from error
    if table.lines > MAX_ROWS:
        raise Invalid(
            f"The file has {table.lines:,} lines; here at most {MAX_ROWS:,} are taken at once. "
            "manage.py labels import takes any number."
        )
    report = labels_import(project=membership.project, table=table, author=membership.user, dry_run=dry_run)
    return ImportOut(
        rows=report.rows,
        imported=report.imported,
        unchanged=report.unchanged,
        made_classes=report.made_classes,
        problems=[ImportProblem(line=bad.line, sentence=bad.sentence) for bad in report.problems],
        notes=report.notes,
    )


@router.get(
    "/labels/export.csv",
    auth=member(Role.VIEWER),
    operation_id="labels_export",
    openapi_extra={"responses": {200: {"content": {"text/csv": CSV}}}},
)
def labels_give(request: HttpRequest, slug: Slug) -> HttpResponse:
    """Every label that stands, as a labels.csv that can be imported again."""
    text = write(label_rows(project=membership_of(request).project))
    name = f'attachment; filename="{slug}-labels.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/labelling/summary", auth=member(Role.VIEWER), response=SummaryOut, operation_id="labelling_summary"
)
def summary(request: HttpRequest, slug: Slug) -> SummaryOut:
    """How far labelling is, and how today goes."""
    membership = membership_of(request)
    found = labelling_summary(project=membership.project, user=membership.user)
    by_class = [ClassCount(label=label, count=count) for label, count in found.by_class.items()]
    hours = [LabelHourOut(**vars(hour)) for hour in found.hours]
    return SummaryOut(by_class=by_class, hours=hours, **{name: getattr(found, name) for name in _SUMMARY})


_SUMMARY = (
    *("clips", "labelled", "uncertain", "rejected", "open", "flagged"),
    *("labelled_today", "mine_today", "seconds_each", "suggestions"),
)
