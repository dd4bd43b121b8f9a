from pathlib import Path

from config.weights import weights_folder


def test_a_folder_that_is_named_counts(tmp_path: Path) -> None:
    assert weights_folder(str(tmp_path / "w"), tmp_path / "var", tmp_path / "checkout") == tmp_path / "w"


def test_without_one_it_is_in_var_unless_only_the_shared_one_is_there(tmp_path: Path) -> None:
    own, shared = tmp_path / "var" / "weights", tmp_path / "shared" / "weights"
    assert weights_folder("", tmp_path / "var", tmp_path / "checkout") == own
    shared.mkdir(parents=True)
    assert weights_folder("", tmp_path / "var", tmp_path / "checkout") == shared
    own.mkdir(parents=True)
    assert weights_folder("", tmp_path / "var", tmp_path / "checkout") == own
