"""nginx as docker/ sets it up, before the app as the image runs it: a real request for every sentence."""

import hashlib
import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from config.bootstrap import nginx_program
from core.models import Role
from core.services.logins import _counters
from curation.services.uploads import CHUNK_BYTES
from tests.curation.factories import make_camera, make_ready_video
from tests.docker.front import Answer, ask, gunicorn, image_tree, nginx
from tests.factories import member_make

pytestmark = pytest.mark.django_db  # the database of the test run, in which the module's rows are committed

BODY = bytes(range(256)) * 500
SHA256 = hashlib.sha256(BODY).hexdigest()
TAG = f'"{SHA256}"'
KEY = "curation.ingest/nginx/1/proxy720.mp4"  # no other test stores there, or storage would give another name
# Of one connection, or of one answer; what Content-Length says is looked at on its own.
HOP = {"date", "server", "connection", "content-length", "x-accel-redirect"}


@dataclass(frozen=True)
class Site:
    """What there is to ask, and who asks."""

    port: int
    app: int
    video: str
    uploads: str
    camera: str
    cookie: str

    def get(self, path: str = "", **headers: str) -> Answer:
        return ask(self.port, path or self.video, Cookie=self.cookie, **headers)

    def send(self, method: str, path: str, body: bytes, **headers: str) -> Answer:
        token = SimpleCookie(self.get("/api/session").headers["Set-Cookie"])["csrftoken"].value
        cookie = f"{self.cookie}; csrftoken={token}"
        return ask(self.port, path, method, body, Cookie=cookie, X_CSRFToken=token, **headers)

    def announced(self, size: int) -> str:
        """The address of a new upload."""
        said = {"name": "yard.mp4", "bytes": size, "camera": self.camera}
        answer = self.send("POST", self.uploads, json.dumps(said).encode(), Content_Type="application/json")
        assert answer.status == 201, answer.body
        return f"{self.uploads}/{json.loads(answer.body)['id']}"


@pytest.fixture(scope="module")
def site(
    servers: None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """Everything is committed: another process reads it."""
    program = nginx_program()
    if program is None:
        pytest.skip("nginx is not installed")
    tree = image_tree(tmp_path_factory.mktemp("image"))
    with django_db_blocker.unblock():
        person = member_make(Role.ADMIN)
        made = {"key": default_storage.save(KEY, ContentFile(BODY)), "bytes": len(BODY), "sha256": SHA256}
        camera = make_camera(person.project)
        video = make_ready_video(camera, artifacts={"proxy720": {**made, "type": "video/mp4"}})
        client = Client()
        client.force_login(person.user)
        project = f"/api/projects/{person.project.slug}"
        try:
            with gunicorn(tree) as app, nginx(program, app) as port:
                yield Site(
                    port=port,
                    app=app,
                    video=f"{project}/videos/{video.pk}/files/proxy720",
                    uploads=f"{project}/uploads",
                    camera=str(camera.pk),
                    cookie=f"sessionid={client.cookies['sessionid'].value}",
                )
        finally:
            default_storage.delete(KEY)
            call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=False)


def test_a_video_comes_whole(site: Site) -> None:
    answer = site.get()
    assert (answer.status, answer.body) == (200, BODY)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (answer.headers["ETag"], answer.headers["Accept-Ranges"]) == (TAG, "bytes")
    assert answer.headers["Last-Modified"] is None
    assert answer.headers["Content-Encoding"] is None


def test_it_is_nginx_that_sends_it(site: Site) -> None:
    behind = ask(site.app, site.video, Cookie=site.cookie)
    assert (behind.body, behind.headers["X-Accel-Redirect"]) == (b"", f"/_media/{KEY}")
    assert site.get().headers["X-Accel-Redirect"] is None
    assert site.get().headers["Server"] == "nginx"


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=300-1000", slice(300, 1001)),
        ("bytes=127000-", slice(127_000, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=127990-999999", slice(127_990, None)),
    ],
)
def test_a_range_gets_exactly_its_bytes(site: Site, asked: str, sent: slice) -> None:
    answer = site.get(Range=asked)
    first, last, _ = sent.indices(len(BODY))
    assert (answer.status, answer.body) == (206, BODY[sent])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last - 1}/{len(BODY)}"
    assert answer.headers["ETag"] == TAG


def test_several_ranges_get_the_whole_file(site: Site) -> None:
    assert site.get(Range="bytes=0-1,5-6").body == BODY


def test_a_range_beyond_the_end_is_refused_and_the_refusal_not_kept(site: Site) -> None:
    answer = site.get(Range=f"bytes={len(BODY)}-")
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(BODY)}")
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_browser_has_is_not_sent_again(site: Site) -> None:
    assert (site.get(If_None_Match=TAG).status, site.get(If_None_Match=TAG).body) == (304, b"")
    assert site.get(If_None_Match='"other"').body == BODY


def test_a_range_of_another_version_gets_the_whole_file(site: Site) -> None:
    assert site.get(Range="bytes=0-9", If_Range=TAG).body == BODY[:10]
    assert site.get(Range="bytes=0-9", If_Range='"other"').body == BODY


def test_a_condition_on_the_tag_holds(site: Site) -> None:
    assert site.get(If_Match=TAG).body == BODY
    assert site.get(If_Match='"other"').status == 412


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}])
def test_no_header_of_djangos_is_lost(site: Site, headers: dict[str, str]) -> None:
    behind, before = ask(site.app, site.video, Cookie=site.cookie, **headers), site.get(**headers)
    expected = {name: value for name, value in behind.headers.items() if name.lower() not in HOP}
    assert {"X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy"} <= set(expected)
    assert {name: before.headers[name] for name in expected} == expected
    twice = [name for name in before.headers if len(before.headers.get_all(name, [])) > 1]
    assert twice == []


def test_the_media_folder_cannot_be_asked_for(site: Site) -> None:
    for path in (f"/_media/{KEY}", f"/_media/../_media/{KEY}", "/_media/"):
        assert site.get(path).status == 404
    assert ask(site.port, site.video).status == 401


def test_an_error_of_nginx_is_not_kept(site: Site) -> None:
    file = Path(default_storage.path(KEY))
    mode = file.stat().st_mode
    file.chmod(0)  # Django finds it, nginx may not read it
    try:
        answer = site.get()
    finally:
        file.chmod(mode)
    assert answer.status == 403
    assert answer.headers["Cache-Control"] is None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_upload_chunk_passes(site: Site) -> None:
    upload = site.announced(CHUNK_BYTES + 1)
    answer = site.send("PATCH", upload, b"\7" * CHUNK_BYTES, Upload_Offset="0")
    assert (answer.status, json.loads(answer.body)["received"]) == (200, CHUNK_BYTES)


def test_more_than_django_takes_is_refused_before_it_is_sent(site: Site) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as line:
        line.putrequest("PATCH", f"{site.uploads}/any")
        line.putheader("Content-Length", str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
        line.endheaders()
        assert line.getresponse().status == 413


def test_an_address_that_a_stranger_makes_up_counts_for_nothing(site: Site) -> None:
    names = [_counters("guesser", address)[1] for address in ("127.0.0.1", "203.0.113.9")]
    before = cache.get(names[0], 0)
    said = json.dumps({"username": "guesser", "password": "wrong"}).encode()
    sent = {"Content_Type": "application/json", "X_Forwarded_For": "203.0.113.9"}
    assert site.send("POST", "/api/session", said, **sent).status == 401
    assert (cache.get(names[0]), cache.get(names[1])) == (before + 1, None)
    cache.decr(names[0])


def test_nginx_says_that_it_is_there(site: Site) -> None:
    assert ask(site.port, "/-/nginx").status == 204
