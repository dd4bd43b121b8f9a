"""Files over HTTP with byte ranges (RFC 9110, section 14): the one 206 view, and what replaces it.

Behind nginx (X_ACCEL_PREFIX) nginx sends the file, while everything that is not a file is answered here;
with an S3 storage the browser is sent to a signed address; otherwise this process streams it. What is served
never changes under its address, so a browser keeps it for good.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import parse_etags

from core.errors import NotFound

CHUNK_BYTES = 256 * 2**10
FOREVER = "private, max-age=31536000, immutable"
TYPES = frozenset(
    {"video/mp4", "image/jpeg", "image/png", "image/webp", "application/json", "application/octet-stream"}
)
"""What may be served: nothing in which a browser would run a script."""
SIGNED_SECONDS = 3600
MAX_DIGITS = 19
ACCEL = "X-Accel-Redirect"

_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)


@dataclass(frozen=True)
class ByteRange:
    """Bytes `first` to `last`, both of them included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):  # noqa: N818
    """A range that has no byte of the file in it."""


def parse_range(header: str, size: int) -> ByteRange | None:
    """The one range that a Range header asks of `size` bytes, or None where the whole file is the answer.

    Other units, several ranges and nonsense are ignored, as the standard allows or demands.
    Raises Unsatisfiable.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = (_number(digits) for digits in match.groups())
    if first is None:
        if not last or not size:
            raise Unsatisfiable
        return ByteRange(max(0, size - last), size - 1)
    if last is not None and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return ByteRange(first, size - 1 if last is None else min(last, size - 1))


def range_response(
    request: HttpRequest, source: str | Path, *, content_type: str, etag: str
) -> HttpResponseBase:
    """Answer GET or HEAD with a file: 200, 206, 304, 412 or 416, or who serves it instead.

    `source` is a key in the default storage or a local path; `etag` names the content (its SHA-256, say)
    and is quoted here. Raises NotFound where the file is gone, ValueError for a type that is not in TYPES.
    """
    if content_type not in TYPES:
        raise ValueError(f"{content_type} is not a type that is served.")
    tag = f'"{etag}"'
    response: HttpResponseBase = (
        _conditional(request, tag)
        or _elsewhere(request, source, content_type)
        or _local(request, source, tag)
    )
    if not isinstance(response, HttpResponseRedirect):
        response.headers["ETag"] = tag
        # nginx would keep it on errors of its own, so docker/nginx.conf adds it where there is a file
        if ACCEL not in response.headers:
            response.headers.setdefault("Cache-Control", FOREVER)
    if response.status_code in (200, 206):
        response.headers["Content-Type"] = content_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _number(digits: str) -> int | None:
    """A number from a stranger; one with absurdly many digits is just large."""
    if not digits:
        return None
    short = digits.lstrip("0")
    return int(short or "0") if len(short) <= MAX_DIGITS else 10**MAX_DIGITS


def _conditional(request: HttpRequest, tag: str) -> HttpResponse | None:
    """412 or 304 where the caller said what it has or wants; these come before any range."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and "*" not in (tags := parse_etags(wanted)) and tag not in tags:
        return HttpResponse(status=412)
    has = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in has or tag in {known.removeprefix("W/") for known in has}:
        return HttpResponse(status=304)
    return None


def _elsewhere(request: HttpRequest, source: str | Path, content_type: str) -> HttpResponse | None:
    """A signed address of the object store; None where the file lies on a disk of ours."""
    if isinstance(source, Path) or not hasattr(default_storage, "bucket"):
        return None
    if request.method == "HEAD":  # the signature is for GET
        return HttpResponse(
            headers={"Content-Length": str(default_storage.size(source)), "Accept-Ranges": "bytes"}
        )
    parameters = {"ResponseContentType": content_type, "ResponseCacheControl": FOREVER}
    storage: Any = default_storage
    url = storage.url(source, parameters=parameters, expire=SIGNED_SECONDS)
    # One address for the many ranges of one player, for half as long as it is good.
    return HttpResponseRedirect(url, headers={"Cache-Control": f"private, max-age={SIGNED_SECONDS // 2}"})


def _accelerated(request: HttpRequest, source: str | Path) -> HttpResponse | None:
    """Let nginx send it, ranges and all; None where there is no nginx, or the file is not in its folder."""
    if not settings.X_ACCEL_PREFIX or isinstance(source, Path):
        return None
    if (
        "If-Match" in request.headers
    ):  # nginx would hold it against the tag before it knows the tag, and refuse
        return None
    return HttpResponse(headers={ACCEL: f"{settings.X_ACCEL_PREFIX.rstrip('/')}/{quote(source)}"})


def _path(source: str | Path) -> Path:
    if isinstance(source, Path):
        return source
    if not isinstance(default_storage, FileSystemStorage):
        raise TypeError(f"{type(default_storage).__name__} is neither a file system nor an object store.")
    return Path(default_storage.path(source))


def _local(request: HttpRequest, source: str | Path, tag: str) -> HttpResponseBase:
    path = _path(source)
    try:
        size = path.stat().st_size
        asked = _asked(request, size, tag)
        if (sent_by_nginx := _accelerated(request, source)) is not None:
            return sent_by_nginx
        sent = asked or ByteRange(0, size - 1)
        headers = {"Accept-Ranges": "bytes", "Content-Length": str(sent.length)}
        if asked is not None:
            headers["Content-Range"] = f"bytes {sent.first}-{sent.last}/{size}"
        if request.method == "HEAD":
            return HttpResponse(headers=headers)
        return StreamingHttpResponse(Slice(path, sent), status=206 if asked else 200, headers=headers)
    except Unsatisfiable:
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}
        )
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFound("This file is gone.") from error


def _asked(request: HttpRequest, size: int, tag: str) -> ByteRange | None:
    """The range to serve, None for everything. Only GET has ranges; a stale If-Range means everything."""
    header = request.headers.get("Range")
    if header is None or request.method != "GET":
        return None
    # A date in If-Range never matches, since no Last-Modified is ever sent; nor does a weak tag.
    if request.headers.get("If-Range", tag).strip() != tag:
        return None
    return parse_range(header, size)


class Slice:
    """The bytes of a range, a chunk at a time. Django closes it when the answer is over or broken off."""

    def __init__(self, path: Path, part: ByteRange) -> None:
        self._left = part.length
        self._file = path.open("rb")
        self._file.seek(part.first)

    def __iter__(self) -> Iterator[bytes]:
        while self._left:
            chunk = self._file.read(min(CHUNK_BYTES, self._left))
            if not chunk:
                raise OSError(f"{self._file.name} became shorter while it was served.")
            self._left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
