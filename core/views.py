"""The page of the browser's app, and what is said where there is nothing."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from core.errors import NotFound

NONCE_PLACE = "__CSP_NONCE__"


@require_safe
def spa(request: HttpRequest) -> HttpResponse:
    """The built index.html with this answer's CSP nonce in it; 503 where the front end is not built."""
    try:
        page = (Path(settings.FRONTEND_DIST) / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return HttpResponse(
            "The front end of Rushes is not built yet. `make run` builds it and starts the app.\n",
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    nonce = escape(str(request.csp_nonce))  # type: ignore[attr-defined]  # set by csp.middleware
    response = HttpResponse(page.replace(NONCE_PLACE, nonce))
    response["Cache-Control"] = "no-store"  # a nonce is for one answer
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: JSON under /api/, a plain sentence elsewhere."""
    if request.path.startswith("/api/"):
        return JsonResponse(NotFound("There is no such address in the API.").to_json(), status=404)
    return HttpResponse("There is nothing here.\n", status=404, content_type="text/plain; charset=utf-8")
