"""What the API says when something goes wrong: always JSON, always a sentence."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from redis.exceptions import RedisError

from core.errors import Invalid, NotFound, RushesError, TooMuch, Unauthorised, Unavailable

log = logging.getLogger(__name__)


def handle_failures(api: NinjaAPI) -> None:
    """Give the API its exception handlers."""

    def answer(request: HttpRequest, error: RushesError) -> HttpResponse:
        return api.create_response(request, error.to_json(), status=error.status)

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return answer(request, _explained(error))

    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        body = {"error": {"code": "error", "sentence": str(error), "details": {}}}
        return api.create_response(request, body, status=error.status_code)

    def nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return answer(request, Unauthorised("Sign in first."))

    def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(request, NotFound("This does not exist."))

    def too_much(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return answer(request, TooMuch(f"One request holds at most {most} MiB. Send this in smaller parts."))

    def down(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("a server does not answer: %s", error)
        what = "Redis" if isinstance(error, RedisError) else "The database"
        return answer(request, Unavailable(f"{what} does not answer right now. Try again in a moment."))

    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        if settings.DEBUG_PROPAGATE_EXCEPTIONS:
            raise error
        log.exception("%s %s failed", request.method, request.path, exc_info=error)
        sentence = "Something went wrong on the server. It was written to the log."
        body = {"error": {"code": "internal", "sentence": sentence, "details": {}}}
        return api.create_response(request, body, status=500)

    def unwritable(request: HttpRequest, error: ValueError) -> HttpResponse:
        if "NUL" not in str(error):  # what psycopg2 says of text that PostgreSQL cannot hold
            return broken(request, error)
        return answer(request, Invalid("Text cannot hold the character with code 0. Take it out."))

    handlers: tuple[tuple[type[Exception], Callable[..., HttpResponse]], ...] = (
        (RushesError, answer),
        (ValidationError, invalid),
        (HttpError, plain),
        (AuthenticationError, nobody),
        (Http404, missing),
        (RequestDataTooBig, too_much),
        (OperationalError, down),
        (InterfaceError, down),
        (RedisError, down),
        (ValueError, unwritable),
        (Exception, broken),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def _explained(error: ValidationError) -> Invalid:
    """The first complaint as a sentence; all of them, by field, in the details."""
    fields: list[dict[str, Any]] = [
        {
            "field": ".".join(str(part) for part in fault["loc"][2:] or fault["loc"][1:]),
            "problem": fault["msg"],
        }
        for fault in error.errors
    ]
    if not fields:
        return Invalid("The request is not valid.")
    first = fields[0]
    sentence = f"{first['field']}: {first['problem']}." if first["field"] else f"{first['problem']}."
    return Invalid(sentence, details={"fields": fields})
