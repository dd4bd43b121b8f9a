"""The files of docker/, read as whoever runs them reads them."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from config import serve
from config.supervisor import Program
from tests.config.holding import CHECKOUT

DOCKER = CHECKOUT / "docker"
COMPOSE = (DOCKER / "compose.yaml").read_text()
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
NGINX = (DOCKER / "nginx.conf").read_text()
# The innermost ones first, since the default of one variable may name another.
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?:(:-|:\?)([^${}]*))?\}")
SECRETS = {"SECRET_KEY": "s" * 40, "POSTGRES_PASSWORD": "letters"}


def services() -> dict[str, dict[str, Any]]:
    """The services of the compose file, before anything is filled in."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
    return found


def programs() -> dict[str, Program]:
    """What the services that run a part of the app run, by the service's name."""
    commands = {name: service.get("command", []) for name, service in services().items()}
    start = ["python", "-m", "config.serve"]
    return {
        name: serve.program(command[3], host="0.0.0.0", port=8000, jobs=2)  # noqa: S104
        for name, command in commands.items()
        if command[:3] == start
    }


def of_the_app() -> dict[str, dict[str, Any]]:
    """The services that run our image."""
    return {name: service for name, service in services().items() if "build" in service}


def filled(text: str, env: Mapping[str, str]) -> str:
    """`text` with its variables filled in, as compose does. Raises LookupError for one that must be set."""

    def value(match: re.Match[str]) -> str:
        name, how, other = match.groups()
        if env.get(name):
            return env[name]
        if how == ":?":
            raise LookupError(other)
        return other or ""

    while (done := VARIABLE.sub(value, text)) != text:
        text = done
    return text


def environment(service: str, **env: str) -> dict[str, str]:
    """What a service finds in its environment."""
    given: dict[str, str] = services()[service]["environment"]
    return {name: filled(value, SECRETS | env) for name, value in given.items()}


def instructions(name: str, text: str = DOCKERFILE) -> list[str]:
    """What follows every `name` of the Dockerfile, its lines joined."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def last_stage() -> str:
    """The part of the Dockerfile that becomes the image."""
    return "FROM" + DOCKERFILE.rpartition("\nFROM")[2]


def copied(text: str = DOCKERFILE) -> list[str]:
    """What the Dockerfile takes out of the checkout."""
    lines = [shlex.split(line) for line in instructions("COPY", text)]
    return [source for words in lines if not words[0].startswith("--from") for source in words[:-1]]


def seconds(duration: str) -> float:
    """A duration such as `60s`."""
    assert duration.endswith("s")
    return float(duration[:-1])


def folder_of(name: str, mounted: list[str]) -> str:
    """Where a volume is mounted, with its flags."""
    [place] = [mount.partition(":")[2] for mount in mounted if mount.startswith(f"{name}:")]
    return place


def exists(source: str) -> bool:
    """Whether the checkout has it."""
    return Path(CHECKOUT, source).exists()
