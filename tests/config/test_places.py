import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.embedded import EmbeddedError, addresses
from config.embedded.places import make_private, run_folder
from config.embedded.process import LOG_MAX_BYTES, open_log

SOCKET_PATH_MAX = 103
TMP = Path(f"/tmp/rushes-{os.geteuid()}")  # noqa: S108


def test_sockets_lie_in_var_where_that_is_short_and_plain() -> None:
    assert run_folder(Path("/srv/app/var")) == Path("/srv/app/var/run")


@pytest.mark.parametrize("name", ["with a space", "umlaut-ü", "per%cent", "x" * 90])
def test_sockets_lie_in_tmp_where_the_path_is_long_or_odd(name: str) -> None:
    assert run_folder(Path("/srv") / name).parent == TMP


@given(
    st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=60)
)
def test_no_path_makes_a_socket_too_long_or_an_address_that_changes(name: str) -> None:
    var = Path("/srv") / name / "var"
    assert len(os.fsencode(run_folder(var) / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX
    assert addresses(var) == addresses(var)


def test_two_folders_have_two_addresses() -> None:
    assert addresses(Path("/srv/a b/var")) != addresses(Path("/srv/a c/var"))


def test_a_socket_folder_lets_nobody_else_in(tmp_path: Path) -> None:
    make_private(tmp_path / "run", None)
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EmbeddedError, match="remove it"):
        make_private(tmp_path / "run", None)


def test_a_log_that_has_grown_is_set_aside_at_start(tmp_path: Path) -> None:
    log = tmp_path / "log/server.log"
    for generation in range(6):
        with open_log(log) as file:
            file.write(bytes([65 + generation]) * (LOG_MAX_BYTES + 1))
    assert sorted(path.name for path in log.parent.iterdir()) == [
        "server.log", "server.log.1", "server.log.2", "server.log.3",
    ]  # fmt: skip
    assert log.with_name("server.log.1").read_bytes()[:1] == b"E"
