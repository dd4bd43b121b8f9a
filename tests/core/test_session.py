import time

import pytest
from pytest_django import Settings

from core.models import AuditEvent, Role
from tests.core.http import Browser, sentence
from tests.factories import PASSWORD, member_make, project_make, user_make

pytestmark = pytest.mark.django_db
NEW = "staple battery horse correct"


SLOW_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.fixture(autouse=True)
def _fast(fresh_cache: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class TestWhoIsSignedIn:
    def test_nobody_is_told_so_and_gets_a_csrf_cookie(self) -> None:
        browser = Browser()
        assert browser.get("/api/session").json() == {
            "user": None,
            "must_choose_password": False,
            "projects": [],
        }
        assert browser.client.cookies["csrftoken"].value

    def test_a_member_sees_who_they_are_and_where_they_may_go(self) -> None:
        user = user_make("ada")
        user.first_name, user.last_name = "Ada", "King Lovelace"
        user.save()
        project = project_make("Harbour")
        member_make(Role.REVIEWER, project=project, user=user)
        project_make("Not hers")
        assert Browser(user).get("/api/session").json() == {
            "user": {
                "id": user.pk,
                "username": "ada",
                "name": "Ada King Lovelace",
                "initials": "AL",
                "staff": False,
            },
            "must_choose_password": False,
            "projects": [{"slug": "harbour", "name": "Harbour", "role": "reviewer"}],
        }


class TestSignIn:
    def test_the_session_and_the_csrf_token_are_new_ones(self) -> None:
        user_make("ada", password=PASSWORD)
        browser = Browser()
        before = browser.client.cookies["csrftoken"].value
        assert browser.login("ada").json()["user"]["username"] == "ada"
        first = browser.client.cookies["sessionid"].value
        assert browser.client.cookies["csrftoken"].value != before
        browser.login("ada")
        assert browser.client.cookies["sessionid"].value != first

    def test_the_session_cookie_is_out_of_reach_for_scripts(self) -> None:
        user_make("ada", password=PASSWORD)
        browser = Browser()
        browser.login("ada")
        cookie = browser.client.cookies["sessionid"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    def test_a_wrong_password_and_an_unknown_name_sound_the_same(self) -> None:
        user_make("ada", password=PASSWORD)
        wrong, unknown = Browser().login("ada", "wrong"), Browser().login("eve", "wrong")
        assert (wrong.status_code, unknown.status_code) == (401, 401)
        assert wrong.json() == unknown.json()

    def test_a_wrong_password_and_an_unknown_name_take_the_same_time(self, settings: Settings) -> None:
        settings.LOGIN_FAILURES_BEFORE_LOCKOUT = 1000
        settings.PASSWORD_HASHERS = SLOW_HASHERS
        user_make("ada", password=PASSWORD)
        browser = Browser()

        def fastest(name: str) -> float:
            times = []
            for _ in range(4):
                start = time.process_time()
                browser.login(name, "wrong")
                times.append(time.process_time() - start)
            return min(times)

        assert 0.5 < fastest("ada") / fastest("nobody") < 2

    def test_somebody_who_left_cannot(self) -> None:
        user = user_make("ada", password=PASSWORD)
        user.is_active = False
        user.save()
        assert Browser().login("ada").status_code == 401

    def test_without_the_csrf_token_nobody_can(self) -> None:
        user_make("ada", password=PASSWORD)
        refused = Browser().login("ada", **{"X-CSRFToken": "forged"})
        assert refused.status_code == 403
        assert sentence(refused) == "This page is out of date. Reload it and try again."


class TestLockout:
    def test_the_eleventh_failure_for_a_name_is_refused_with_the_minutes_left(self) -> None:
        user_make("ada", password=PASSWORD)
        for _ in range(10):
            assert Browser().login("ada", "wrong").status_code == 401
        refused = Browser().login("ada", PASSWORD)
        assert refused.status_code == 429
        assert sentence(refused) == "Too many failed sign-ins. Try again in 15 minutes."

    def test_it_counts_a_name_from_many_addresses(self, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = 1
        user_make("ada", password=PASSWORD)
        for n in range(10):
            Browser().login("ada", "wrong", **{"X-Forwarded-For": f"192.0.2.{n}"})
        assert Browser().login("Ada", **{"X-Forwarded-For": "192.0.2.99"}).status_code == 429

    def test_it_counts_an_address_over_many_names(self, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = 1
        user_make("ada", password=PASSWORD)
        for n in range(10):
            Browser().login(f"guess{n}", "wrong", **{"X-Forwarded-For": "10.0.0.1, 192.0.2.7"})
        assert Browser().login("ada", **{"X-Forwarded-For": "192.0.2.7"}).status_code == 429
        assert Browser().login("ada", **{"X-Forwarded-For": "192.0.2.8"}).status_code == 200

    def test_one_customer_of_an_ipv6_network_is_one_address(self, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = 1
        for n in range(10):
            Browser().login(f"guess{n}", "wrong", **{"X-Forwarded-For": f"2001:db8::{n}"})
        assert Browser().login("ada", **{"X-Forwarded-For": "2001:db8::ffff"}).status_code == 429

    def test_the_header_of_a_stranger_does_not_hide_an_address(self) -> None:
        for n in range(10):
            Browser().login(f"guess{n}", "wrong", **{"X-Forwarded-For": f"192.0.2.{n}"})
        assert Browser().login("ada", **{"X-Forwarded-For": "192.0.2.99"}).status_code == 429

    def test_signing_in_forgives_the_name_but_not_the_guesses_at_others(self) -> None:
        user_make("eve", password=PASSWORD)
        for n in range(9):
            Browser().login(f"guess{n}", "wrong")
            assert Browser().login("eve").status_code == 200
        assert Browser().login("guess9", "wrong").status_code == 401
        assert Browser().login("eve").status_code == 429

    def test_it_ends(self, settings: Settings) -> None:
        user_make("ada", password=PASSWORD)
        settings.TRUSTED_PROXIES = 1
        for n in range(10):
            Browser().login("ada", "wrong", **{"X-Forwarded-For": f"192.0.2.{n}"})
        settings.LOGIN_LOCKOUT_SECONDS = 1
        assert Browser().login("ada").status_code == 429
        deadline = time.monotonic() + 30
        while (status := Browser().login("ada").status_code) != 200:
            assert status == 429
            assert time.monotonic() < deadline
            time.sleep(0.1)


class TestSignOut:
    def test_the_session_is_gone_from_the_server(self) -> None:
        browser = Browser(user_make())
        key = browser.client.cookies["sessionid"].value
        assert browser.delete("/api/session").json()["user"] is None
        again = Browser()
        again.client.cookies["sessionid"] = key
        assert again.get("/api/session").json()["user"] is None


class TestPassword:
    def test_it_changes_and_only_this_session_goes_on(self) -> None:
        user = user_make("ada", password=PASSWORD)
        here, elsewhere = Browser(), Browser()
        here.login("ada")
        elsewhere.login("ada")
        assert here.post("/api/session/password", {"current": PASSWORD, "new": NEW}).status_code == 200
        assert here.get("/api/session").json()["user"]["username"] == "ada"
        assert elsewhere.get("/api/session").json()["user"] is None
        assert Browser().login("ada", NEW).status_code == 200
        assert AuditEvent.objects.filter(verb="user.password", object_id=str(user.pk)).count() == 1

    def test_a_weak_one_is_refused_with_the_reason(self) -> None:
        user_make("ada", password=PASSWORD)
        browser = Browser()
        browser.login("ada")
        refused = browser.post("/api/session/password", {"current": PASSWORD, "new": "short"})
        assert refused.status_code == 422
        assert "at least 10 characters" in sentence(refused)

    def test_the_one_that_one_has_is_no_new_one(self) -> None:
        user_make("ada", password=PASSWORD)
        browser = Browser()
        browser.login("ada")
        refused = browser.post("/api/session/password", {"current": PASSWORD, "new": PASSWORD})
        assert (refused.status_code, sentence(refused)) == (
            422,
            "This is the password you have. Choose another one.",
        )

    def test_the_current_one_cannot_be_guessed_from_a_stolen_session(self) -> None:
        user_make("ada", password=PASSWORD)
        browser = Browser()
        browser.login("ada")
        for _ in range(10):
            guess = browser.post("/api/session/password", {"current": "wrong", "new": NEW})
            assert guess.status_code == 401
        assert browser.post("/api/session/password", {"current": PASSWORD, "new": NEW}).status_code == 429
