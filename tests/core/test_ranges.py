from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from core.api.ranges import CHUNK_BYTES, ByteRange, Unsatisfiable, parse_range, range_response
from core.errors import NotFound

BODY = bytes(range(256)) * 40
TAG = '"abc"'
fixed = law(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "proxy.mp4"
    path.write_bytes(BODY)
    return path


def ask(path: Path, method: str = "GET", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/", headers=headers)
    return range_response(request, path, content_type="video/mp4", etag="abc")


def stored(key: str, **headers: str) -> HttpResponseBase:
    request = RequestFactory().get("/", headers=headers)
    return range_response(request, key, content_type="video/mp4", etag="abc")


def body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(bytes(chunk) for chunk in response)
    content: Any = response
    return bytes(content.content)


class TestLaw:
    @fixed
    @given(first=st.integers(0, len(BODY) - 1), data=st.data())
    def test_bytes_served_are_the_bytes_asked_for(self, path: Path, first: int, data: st.DataObject) -> None:
        last = data.draw(st.integers(first, len(BODY) * 2))
        response = ask(path, Range=f"bytes={first}-{last}")
        sent = body(response)
        assert response.status_code == 206
        assert sent == BODY[first : last + 1]
        assert response.headers["Content-Length"] == str(len(sent))
        assert response.headers["Content-Range"] == f"bytes {first}-{first + len(sent) - 1}/{len(BODY)}"

    @fixed
    @given(n=st.integers(1, len(BODY) * 2))
    def test_a_suffix_is_the_end_of_the_file(self, path: Path, n: int) -> None:
        assert body(ask(path, Range=f"bytes=-{n}")) == BODY[-n:]

    @fixed
    @given(cuts=st.lists(st.integers(1, len(BODY) - 1), unique=True, max_size=5))
    def test_pieces_put_together_are_the_file(self, path: Path, cuts: list[int]) -> None:
        edges = [0, *sorted(cuts), len(BODY)]
        pairs = pairwise(edges)
        assert b"".join(body(ask(path, Range=f"bytes={a}-{b - 1}")) for a, b in pairs) == BODY

    @fixed
    @given(header=st.text(alphabet="bytes=-,0123456789 \t٣x", max_size=30), size=st.integers(0, 1000))
    def test_nonsense_is_a_range_inside_the_file_or_ignored_or_unsatisfiable(
        self, header: str, size: int
    ) -> None:
        try:
            part = parse_range(header, size)
        except Unsatisfiable:
            return
        assert part is None or 0 <= part.first <= part.last < size

    def test_a_file_of_many_chunks_arrives_whole(self, tmp_path: Path) -> None:
        big = tmp_path / "big.mp4"
        big.write_bytes(b"abc" * CHUNK_BYTES)
        response = ask(big, Range="bytes=1-")
        assert body(response) == (b"abc" * CHUNK_BYTES)[1:]


class TestWholeFile:
    def test_it_says_that_it_has_ranges_and_never_changes(self, path: Path) -> None:
        response = ask(path)
        assert (response.status_code, body(response)) == (200, BODY)
        assert dict(response.headers.items()) == {
            "Accept-Ranges": "bytes",
            "Content-Length": str(len(BODY)),
            "Content-Type": "video/mp4",
            "Cache-Control": "private, max-age=31536000, immutable",
            "ETag": TAG,
            "X-Content-Type-Options": "nosniff",
        }

    @pytest.mark.parametrize(
        "header", ["bytes=0-1,4-5", "seconds=0-1", "bytes=5-2", "bytes=-", "bytes", "bytes=a-b", "bytes=٣-٤"]
    )
    def test_what_is_not_one_range_is_ignored(self, path: Path, header: str) -> None:
        request = RequestFactory().get("/")
        request.META["HTTP_RANGE"] = header
        response = range_response(request, path, content_type="video/mp4", etag="abc")
        assert (response.status_code, body(response)) == (200, BODY)

    def test_head_has_the_headers_and_no_ranges(self, path: Path) -> None:
        response = ask(path, "HEAD", Range="bytes=0-1")
        assert (response.status_code, body(response)) == (200, b"")
        assert response.headers["Content-Length"] == str(len(BODY))

    def test_an_empty_file_is_empty(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty.mp4"
        empty.touch()
        assert (ask(empty).status_code, body(ask(empty))) == (200, b"")
        assert ask(empty, Range="bytes=0-").status_code == 416

    @pytest.mark.django_db  # closing an answer ends the request, which looks at the connection
    def test_the_file_is_let_go_when_the_caller_hangs_up(self, path: Path) -> None:
        response: Any = ask(path)
        response.close()
        with pytest.raises(ValueError, match="closed file"):
            list(response)


class TestUnsatisfiable:
    @pytest.mark.parametrize("header", [f"bytes={len(BODY)}-", "bytes=99999-100000", "bytes=-0"])
    def test_it_is_416_with_the_size(self, path: Path, header: str) -> None:
        response = ask(path, Range=header)
        assert response.status_code == 416
        assert response.headers["Content-Range"] == f"bytes */{len(BODY)}"
        assert response.headers["Cache-Control"] == "no-store"

    def test_absurdly_long_numbers_are_large_numbers(self) -> None:
        assert parse_range(f"bytes=1-{'9' * 6000}", 10) == ByteRange(1, 9)
        with pytest.raises(Unsatisfiable):
            parse_range(f"bytes={'9' * 6000}-", 10)


class TestConditions:
    def test_if_range_with_the_right_tag_keeps_the_range(self, path: Path) -> None:
        assert ask(path, **{"Range": "bytes=0-1", "If-Range": TAG}).status_code == 206

    @pytest.mark.parametrize("tag", ['"old"', 'W/"abc"', "Fri, 20 Nov 2026 12:00:00 GMT"])
    def test_if_range_with_anything_else_means_the_whole_file(self, path: Path, tag: str) -> None:
        assert ask(path, **{"Range": "bytes=0-1", "If-Range": tag}).status_code == 200

    @pytest.mark.parametrize("tags", [TAG, f'"x", {TAG}', f"W/{TAG}", "*"])
    def test_what_the_caller_has_is_not_sent_again(self, path: Path, tags: str) -> None:
        response = ask(path, **{"Range": "bytes=0-1", "If-None-Match": tags})
        assert (response.status_code, body(response), response.headers["ETag"]) == (304, b"", TAG)

    def test_if_match_of_something_else_fails(self, path: Path) -> None:
        assert ask(path, **{"If-Match": '"old"'}).status_code == 412
        assert ask(path, **{"If-Match": TAG}).status_code == 200
        assert ask(path, **{"If-Match": "*"}).status_code == 200


class TestWhatIsServed:
    @pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript"])
    def test_nothing_that_runs_scripts(self, path: Path, kind: str) -> None:
        with pytest.raises(ValueError, match="not a type"):
            range_response(RequestFactory().get("/"), path, content_type=kind, etag="abc")

    def test_a_file_that_is_gone_is_not_found(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound):
            ask(tmp_path / "gone.mp4")

    def test_behind_nginx_nginx_sends_it(self, settings: Settings) -> None:
        settings.X_ACCEL_PREFIX = "/internal/"
        key = default_storage.save("curation.ingest/a/1/proxy720.mp4", ContentFile(BODY))
        response = stored(key, Range="bytes=0-1")
        assert response.headers["X-Accel-Redirect"] == f"/internal/{key}"
        assert (response.headers["Content-Type"], response.headers["ETag"]) == ("video/mp4", TAG)
        assert body(response) == b""
        assert "Cache-Control" not in response.headers  # an error of nginx's own would inherit it

    def test_behind_nginx_what_is_no_file_is_answered_here(self, settings: Settings) -> None:
        settings.X_ACCEL_PREFIX = "/internal/"
        key = default_storage.save("curation.ingest/a/1/proxy720.mp4", ContentFile(BODY))
        beyond = stored(key, Range=f"bytes={len(BODY)}-")
        assert (beyond.status_code, beyond.headers["Cache-Control"]) == (416, "no-store")
        assert stored(key, **{"If-None-Match": TAG}).status_code == 304
        assert body(stored(key, **{"If-Match": TAG})) == BODY
        with pytest.raises(NotFound):
            stored("curation.ingest/a/1/gone.mp4")

    def test_behind_nginx_a_file_that_is_not_in_the_storage_is_sent_from_here(
        self, path: Path, settings: Settings
    ) -> None:
        settings.X_ACCEL_PREFIX = "/internal/"
        assert body(ask(path)) == BODY


class TestObjectStore:
    def ask(self, method: str = "GET", **headers: str) -> HttpResponseBase:
        default_storage.save("v/a.mp4", ContentFile(BODY))
        request = RequestFactory().generic(method, "/", headers=headers)
        return range_response(request, "v/a.mp4", content_type="video/mp4", etag="abc")

    def test_the_browser_is_sent_to_a_signed_address_that_has_ranges(self, s3: str) -> None:
        response = self.ask()
        assert response.status_code == 302
        request = Request(response.headers["Location"], headers={"Range": "bytes=5-9"})  # noqa: S310
        with urlopen(request) as answer:  # noqa: S310  -- both: a server of this test
            assert (answer.status, answer.read()) == (206, BODY[5:10])
            assert answer.headers["Content-Type"] == "video/mp4"

    def test_the_address_is_kept_for_less_time_than_it_is_good(self, s3: str) -> None:
        assert self.ask().headers["Cache-Control"] == "private, max-age=1800"

    def test_head_is_answered_here(self, s3: str) -> None:
        response = self.ask("HEAD")
        assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(BODY)))

    def test_what_the_caller_has_is_not_sent_for(self, s3: str) -> None:
        assert self.ask(**{"If-None-Match": TAG}).status_code == 304
