import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.core.http import Browser, sentence
from tests.factories import project_make, user_make

PAGE = '<html><head><meta name="csp-nonce" content="__CSP_NONCE__" /></head><body></body></html>'


@pytest.fixture
def dist(tmp_path: Path, settings: Settings) -> Path:
    """A front end that is built."""
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


class TestPage:
    @pytest.mark.parametrize("path", ["/", "/projects/yard/videos", "/login", "/apiary", "/administrators"])
    def test_every_address_of_the_app_is_the_page(self, dist: Path, path: str) -> None:
        response = Client().get(path)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")

    def test_the_nonce_in_it_is_the_one_in_the_policy_and_new_each_time(self, dist: Path) -> None:
        nonces = set()
        for _ in range(2):
            response = Client().get("/")
            found = re.search(r'content="([^"]+)"', response.content.decode())
            assert found is not None
            assert f"style-src 'self' 'nonce-{found[1]}'" in response.headers["Content-Security-Policy"]
            nonces.add(found[1])
        assert len(nonces) == 2
        assert response.headers["Cache-Control"] == "no-store"

    def test_the_policy_has_no_hole(self, dist: Path) -> None:
        policy = Client().get("/").headers["Content-Security-Policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        style = rules.pop("style-src")
        assert rules == {
            "default-src": "'self'",
            "script-src": "'self'",
            "img-src": "'self' blob: data:",
            "media-src": "'self' blob:",
            "connect-src": "'self'",
            "worker-src": "'self' blob:",
            "frame-ancestors": "'none'",
            "form-action": "'self'",
            "object-src": "'none'",
            "base-uri": "'self'",
        }
        assert re.fullmatch(r"'self' 'nonce-[^']+'", style)

    def test_without_a_build_it_says_how_to_get_one(self, tmp_path: Path, settings: Settings) -> None:
        settings.FRONTEND_DIST = tmp_path
        response = Client().get("/")
        assert response.status_code == 503
        assert "`make run` builds it" in response.content.decode()

    def test_it_takes_no_posts(self, dist: Path) -> None:
        assert Client().post("/").status_code == 405


class TestNothingThere:
    def test_an_address_that_the_api_does_not_have_is_answered_in_json(self) -> None:
        response = Client().get("/api/nowhere")
        assert response.status_code == 404
        assert sentence(response) == "There is no such address in the API."

    def test_a_static_file_that_is_not_there_is_not_the_page(self, dist: Path) -> None:
        assert Client().get("/static/nowhere.js").status_code == 404


@pytest.mark.django_db
class TestDoors:
    def test_the_admin_site_has_no_sign_in_of_its_own(self) -> None:
        response = Client().get("/admin/", follow=False)
        assert response.headers["Location"] == "/admin/login/?next=/admin/"
        assert (
            Client().get("/admin/login/?next=/admin/core/").headers["Location"] == "/?next=%2Fadmin%2Fcore%2F"
        )
        assert Client().post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302

    def test_every_page_of_the_admin_site_opens(self) -> None:
        root = user_make(staff=True)
        root.is_superuser = True
        root.save()
        client = Browser(root).client
        for name in ("user", "project", "job", "auditevent"):
            assert client.get(f"/admin/core/{name}/").status_code == 200
        assert client.get("/admin/core/project/add/").status_code == 200
        assert client.get("/admin/core/job/add/").status_code == 403
        project = project_make()
        assert client.get(f"/admin/core/project/{project.pk}/delete/").status_code == 403, "its files stay"

    def test_the_description_of_the_api_is_for_staff(self) -> None:
        assert Browser(user_make()).client.get("/api/docs").status_code == 302
        assert Browser(user_make(staff=True)).client.get("/api/docs").status_code == 200

    def test_health_needs_no_account_and_tells_no_secrets(self) -> None:
        response = Client().get("/api/health")
        assert response.status_code == 200
        assert response.json() | {"workers": None} == {
            "ok": True,
            "database": True,
            "redis": True,
            "workers": None,
        }

    def test_health_says_when_redis_is_down(self, settings: Settings) -> None:
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
        response = Client().get("/api/health")
        assert (response.status_code, response.json()["redis"]) == (503, False)

    def test_a_sign_in_while_redis_is_down_says_so(self, settings: Settings) -> None:
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
        refused = Browser().login("ada")
        assert refused.status_code == 503
        assert sentence(refused) == "Redis does not answer right now. Try again in a moment."
