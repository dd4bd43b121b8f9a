"""Models: what was measured on them, where they were wrong, and which one speaks."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset
from core.models import Role
from labelling.api.show import clip_rows
from training.api.schemas import MisreadList, ModelList, ModelOut
from training.api.show import model_rows, model_whole
from training.selectors.models import misread_of, model_of, models_of
from training.services.models import model_promote

router = Router(tags=["models"])


@router.get("/models", auth=member(Role.VIEWER), response=ModelList, operation_id="models")
def model_list(request: HttpRequest, slug: Slug) -> ModelList:
    """The project's models, newest first."""
    return ModelList(items=model_rows(models_of(project=membership_of(request).project)))


@router.get("/models/{int:number}", auth=member(Role.VIEWER), response=ModelOut, operation_id="model")
def model_detail(request: HttpRequest, slug: Slug, number: int) -> ModelOut:
    """One model with everything that was measured on it."""
    return model_whole(model_of(project=membership_of(request).project, number=number))


@router.get(
    "/models/{int:number}/misread",
    auth=member(Role.VIEWER),
    response=MisreadList,
    operation_id="model_misread",
)
def model_misread(
    request: HttpRequest,
    slug: Slug,
    number: int,
    truth: UUID | None = None,
    said: UUID | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> MisreadList:
    """Clips that the model took for another class; of one class, or taken for one, where these are given."""
    model = model_of(project=membership_of(request).project, number=number)
    clips, total = misread_of(model=model, truth=truth, said=said, limit=limit, offset=offset)
    return MisreadList(items=clip_rows(clips, slug=slug), total=total)


@router.post(
    "/models/{int:number}/promote",
    auth=member(Role.TRAINER),
    response=ModelOut,
    operation_id="model_promote",
)
def model_make_champion(request: HttpRequest, slug: Slug, number: int) -> ModelOut:
    """Let this model speak from now on; an earlier one again is the way back. Its suggestions follow."""
    membership = membership_of(request)
    model = model_of(project=membership.project, number=number)
    return model_whole(model_promote(model=model, actor=membership.user))
