import json
from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisDown

from core.api.failures import handle_failures
from core.errors import Conflict, Invalid, NotFound, PreconditionFailed, RushesError, TooMany
from tests.core.http import Browser, sentence
from tests.factories import member_make


class DuplicateTape(Conflict):
    """An app's own error."""


def answer(error: Exception) -> tuple[int, Any]:
    """What the API says when a route raises this."""
    api = NinjaAPI(urls_namespace=f"failures{id(error)}")
    handle_failures(api)
    response = api.on_exception(RequestFactory().get("/api/x"), error)
    return response.status_code, json.loads(response.content)["error"]


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [
            (NotFound("No."), 404, "not_found"),
            (Conflict("No."), 409, "conflict"),
            (PreconditionFailed("No."), 412, "precondition_failed"),
            (Invalid("No."), 422, "invalid"),
            (TooMany("No."), 429, "too_many"),
            (DuplicateTape("No."), 409, "duplicate_tape"),
        ],
    )
    def test_each_has_its_status_and_its_name(self, error: RushesError, status: int, code: str) -> None:
        assert answer(error) == (status, {"code": code, "sentence": "No.", "details": {}})

    def test_details_are_for_programs(self) -> None:
        assert answer(Conflict("No.", details={"first": 7}))[1]["details"] == {"first": 7}

    def test_it_reads_as_its_sentence(self) -> None:
        assert str(Conflict("The yard is full.")) == "The yard is full."


class TestOthers:
    def test_what_is_wrong_with_a_request_is_said_field_by_field(self) -> None:
        faults = [
            {"loc": ("body", "body", "name"), "msg": "Field required"},
            {"loc": ("query", "limit"), "msg": "Input should be greater than or equal to 1"},
        ]
        status, said = answer(ValidationError(faults))
        assert (status, said["sentence"]) == (422, "name: Field required.")
        assert [fault["field"] for fault in said["details"]["fields"]] == ["name", "limit"]

    def test_a_server_that_is_down_is_named(self) -> None:
        assert answer(OperationalError("password=secret"))[1]["sentence"].startswith("The database does not")
        assert answer(RedisDown("secret"))[1]["sentence"].startswith("Redis does not answer")
        assert answer(RedisDown("secret"))[0] == 503

    @pytest.mark.parametrize(
        ("error", "status"), [(Http404("x"), 404), (HttpError(400, "Cannot parse."), 400)]
    )
    def test_what_the_framework_raises_is_json_too(self, error: Exception, status: int) -> None:
        assert answer(error)[0] == status

    def test_a_bug_is_logged_and_its_secrets_are_not_told(
        self, caplog: pytest.LogCaptureFixture, settings: Settings
    ) -> None:
        settings.DEBUG_PROPAGATE_EXCEPTIONS = False
        status, said = answer(KeyError("secret"))
        assert (status, said["code"]) == (500, "internal")
        assert "secret" not in json.dumps(said)
        assert "secret" in caplog.text


@pytest.mark.django_db
def test_a_body_that_is_not_json_is_refused_with_a_sentence() -> None:
    client = Browser().client
    token = client.cookies["csrftoken"].value
    response = client.post("/api/session", "{", "application/json", headers={"X-CSRFToken": token})
    assert response.status_code == 400
    assert sentence(response) == "Cannot parse request body"


@pytest.mark.django_db
def test_text_that_the_database_cannot_hold_is_refused_in_words() -> None:
    member = member_make()
    refused = Browser(member.user).get(f"/api/projects/{member.project.slug}/videos?search=%00")
    assert refused.status_code == 422
    assert sentence(refused) == "Text cannot hold the character with code 0. Take it out."


def test_any_other_wrong_value_is_a_fault_of_the_server() -> None:
    assert answer(ValueError("invalid literal"))[0] == 500
