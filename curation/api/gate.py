"""A camera's gate: how its footage measures, what other thresholds would do, and applying them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from core.api.auth import Slug, member, membership_of
from core.api.revisions import IfMatch, revision_seen
from core.models import Role
from curation.api.gate_schemas import EffectOut, GateOut, ThresholdsIn
from curation.models import Camera
from curation.selectors.gate import gate_effect, gate_of
from curation.selectors.sites import camera_of
from curation.services.gate import gate_apply

router = Router(tags=["gate"])


@router.get("/cameras/{uuid:camera_id}/gate", auth=member(Role.VIEWER), response=GateOut, operation_id="gate")
def gate_detail(request: HttpRequest, response: HttpResponse, slug: Slug, camera_id: UUID) -> GateOut:
    """What a camera tolerates and how its footage measures. The ETag is the revision, for If-Match."""
    return _told(response, camera_of(project=membership_of(request).project, camera_id=camera_id))


@router.post(
    "/cameras/{uuid:camera_id}/gate/effect",
    auth=member(Role.VIEWER),
    response=EffectOut,
    operation_id="gate_effect",
)
def gate_try(request: HttpRequest, slug: Slug, camera_id: UUID, body: ThresholdsIn) -> EffectOut:
    """What these thresholds would change, counted on every frame; nothing is changed."""
    camera = camera_of(project=membership_of(request).project, camera_id=camera_id)
    return EffectOut.of(*gate_effect(camera=camera, thresholds=body.thresholds.asked()))


@router.put(
    "/cameras/{uuid:camera_id}/gate", auth=member(Role.REVIEWER), response=GateOut, operation_id="gate_put"
)
def gate_change(
    request: HttpRequest,
    response: HttpResponse,
    slug: Slug,
    camera_id: UUID,
    body: ThresholdsIn,
    if_match: IfMatch = None,
) -> GateOut:
    """Apply thresholds to a camera; its videos are judged again in the background.

    If-Match says which revision was seen: 428 without it, 412 with both versions in the details where
    somebody was faster.
    """
    membership = membership_of(request)
    revision = revision_seen(if_match, of="the gate")
    camera = camera_of(project=membership.project, camera_id=camera_id)
    thresholds = body.thresholds.asked()
    gate_apply(camera=camera, thresholds=thresholds, revision=revision, actor=membership.user)
    return _told(response, camera)


def _told(response: HttpResponse, camera: Camera) -> GateOut:
    gate = gate_of(camera=camera)
    response["ETag"] = f'"{gate.revision}"'
    response["Cache-Control"] = "private, no-cache"
    return GateOut.of(gate)
