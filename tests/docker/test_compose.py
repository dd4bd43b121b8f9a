"""The compose file says what the code says: variables, queues, folders, times, versions."""

import re
from pathlib import Path

import pytest

from config import serve
from core.jobs.kinds import Queue
from tests.config.test_settings import variables_told
from tests.docker.files import (
    COMPOSE,
    DOCKER,
    NGINX,
    VARIABLE,
    environment,
    filled,
    folder_of,
    instructions,
    of_the_app,
    programs,
    seconds,
    services,
)

DATABASES = ("postgres", "redis")


def test_every_variable_that_the_app_is_given_is_a_setting() -> None:
    for name in of_the_app():
        assert set(environment(name)) <= variables_told(), name


def test_all_parts_of_the_app_see_the_same_settings() -> None:
    first, *others = [service["environment"] for service in of_the_app().values()]
    assert all(other == first for other in others)


@pytest.mark.parametrize("secret", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_nothing_starts_without_its_secrets(secret: str) -> None:
    [asked] = [match[0] for match in VARIABLE.finditer(COMPOSE) if match[1] == secret and match[2] == ":?"]
    for env in ({}, {secret: ""}):
        with pytest.raises(LookupError, match=r"must be set in docker/\.env"):
            filled(asked, env)


def test_no_secret_has_a_default() -> None:
    example = (DOCKER / "env.example").read_text()
    assert re.findall(r"^(SECRET_KEY|POSTGRES_PASSWORD)=$", example, re.MULTILINE) == [
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
    ]
    assert "docker/.env" in (DOCKER.parent / ".gitignore").read_text().splitlines()


def test_the_example_names_every_variable_that_is_filled_in_and_no_other() -> None:
    example = (DOCKER / "env.example").read_text()
    told = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert told == set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))


def test_its_own_servers_are_used_unless_others_are_named() -> None:
    own = environment("web")
    assert own["DATABASE_URL"] == "postgres://rushes:letters@postgres:5432/rushes"
    assert own["REDIS_URL"] == "redis://redis:6379/0"
    elsewhere = environment("web", DATABASE_URL="postgres://a:b@c/d", STORAGE_URL="s3://k:s@h/b")
    assert (elsewhere["DATABASE_URL"], elsewhere["STORAGE_URL"]) == ("postgres://a:b@c/d", "s3://k:s@h/b")


def test_every_role_has_one_service() -> None:
    roles = [service["command"][3] for name, service in services().items() if name in programs()]
    assert sorted(roles) == sorted(serve.ROLES)


def test_every_queue_has_exactly_one_kind_of_worker() -> None:
    commands = [list(program.command) for program in programs().values()]
    workers = [command for command in commands if "--queues" in command]
    listened = [queue for command in workers for queue in command[command.index("--queues") + 1].split(",")]
    assert sorted(listened) == sorted(Queue)


def test_a_part_that_is_told_to_stop_gets_the_time_it_takes() -> None:
    for name, program in programs().items():
        grace = seconds(services()[name].get("stop_grace_period", "10s"))  # Docker's own
        assert grace >= program.stop_seconds, name


def test_the_database_is_migrated_once_and_before_anything_runs() -> None:
    migrating = [name for name, service in services().items() if "migrate" in service.get("command", [])]
    assert migrating == ["migrate"]
    for name in programs():
        assert services()[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    for name in of_the_app():
        for server in DATABASES:
            assert services()[name]["depends_on"][server] == {"condition": "service_healthy"}


def test_what_ends_is_started_again_but_for_the_migration() -> None:
    restarts = {name: service["restart"] for name, service in services().items()}
    assert restarts.pop("migrate") == "no"
    assert set(restarts.values()) == {"unless-stopped"}


def test_who_can_be_asked_for_its_health_is_asked() -> None:
    mute = {name for name, service in services().items() if service.get("healthcheck") == {"disable": True}}
    asked = {name for name, service in services().items() if "test" in service.get("healthcheck", {})}
    assert mute == {"migrate", "beat"}
    assert asked == {"worker", "trainer", "postgres", "redis", "nginx"}
    assert instructions("HEALTHCHECK")  # web: the image says how
    for name in ("worker", "trainer"):
        service = services()[name]
        assert service["healthcheck"]["test"] == ["CMD", *service["command"], "--ready"]


def test_every_image_of_others_has_a_version() -> None:
    images = {name: service["image"] for name, service in services().items() if name not in of_the_app()}
    for image in images.values():
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)?-[a-z]+", image), image
    versions = {name: int(re.split(r"[:.-]", image)[1]) for name, image in images.items()}
    assert versions["postgres"] >= 15  # docs/settings.md
    assert versions["redis"] == 7


def test_redis_keeps_what_it_took_and_throws_nothing_away() -> None:
    command = services()["redis"]["command"]
    flags = dict(zip(command[1::2], command[2::2], strict=True))
    assert flags["--appendonly"] == "yes"
    assert flags["--maxmemory-policy"] == "noeviction"
    assert folder_of("redis", services()["redis"]["volumes"]) == "/data"


def test_all_parts_share_one_volume_since_work_is_renamed_into_media() -> None:
    [var] = {folder_of("var", service["volumes"]) for service in of_the_app().values()}
    assert f"RUSHES_VAR={var}" in instructions("ENV")[0].split()
    assert environment("web")["STORAGE_URL"] == f"file://{var}/media"


def test_nginx_reads_the_media_and_writes_nothing() -> None:
    nginx = services()["nginx"]
    assert folder_of("var", nginx["volumes"]) == "/var/lib/rushes:ro"
    assert f"alias {environment('web')['STORAGE_URL'].removeprefix('file://')}/;" in NGINX
    assert f"location {environment('web')['X_ACCEL_PREFIX']}/ {{\n            internal;" in NGINX
    assert nginx["user"] == instructions("USER")[-1]


def test_only_nginx_can_be_reached_and_only_from_this_machine() -> None:
    assert [name for name, service in services().items() if "ports" in service] == ["nginx"]
    [port] = services()["nginx"]["ports"]
    assert filled(port, {}) == "127.0.0.1:8080:8080"
    assert environment("web")["TRUSTED_PROXIES"] == "1"


def test_nginx_does_not_reach_the_databases() -> None:
    near = set(services()["nginx"]["networks"])
    for server in DATABASES:
        assert not near & set(services()[server]["networks"])


def test_our_own_containers_have_no_rights_that_they_do_not_need() -> None:
    for name in (*of_the_app(), "nginx"):
        service = services()[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_page_for_operators_names_files_that_are_there() -> None:
    page = (DOCKER.parent / "docs/deploy.md").read_text()
    named = set(re.findall(r"docker/[A-Za-z.]+[a-z]", page)) - {"docker/.env"}
    assert named
    assert all(Path(DOCKER.parent, name).exists() for name in named)
