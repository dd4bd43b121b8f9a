"""MATLAB's files give their numbers back, and damaged ones are refused by name."""

import struct
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.training.ml.datasets.mat_files import Numbers, Order, element, write_mat
from training.ml.datasets.matlab import read_variable
from training.ml.errors import BadFile

KINDS = [np.float64, np.float32, np.uint8, np.int16, np.int32]
POSES = [np.arange(6.0).reshape(2, 3), np.zeros((0, 0)), np.full((2, 3), np.nan)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(KINDS), st.sampled_from(get_args(Order)), st.booleans())
def test_numbers_come_back_as_they_were(
    tmp_path: Path, data: st.DataObject, kind: Any, order: Order, packed: bool
) -> None:
    written: Numbers = data.draw(arrays(kind, array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=5)))
    path = write_mat(tmp_path / "a.mat", order=order, packed=packed, first=np.ones((1, 1)), d=written)
    found = read_variable(path, "d")
    assert found.dtype == written.dtype
    np.testing.assert_array_equal(found, written)


@pytest.mark.parametrize("packed", [False, True])
def test_cells_hold_arrays_each(tmp_path: Path, packed: bool) -> None:
    found = read_variable(write_mat(tmp_path / "a.mat", packed=packed, GTpose2=POSES), "GTpose2")
    assert found.shape == (1, 3)
    for one, other in zip(found[0], POSES, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_variable_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = write_mat(tmp_path / "a.mat", one=np.ones((1, 1)), other=np.ones((1, 1)))
    with pytest.raises(BadFile, match=r"a\.mat has no variable d_skel; it has: one, other"):
        read_variable(path, "d_skel")


@pytest.mark.parametrize("cut", [100, 130, 140, 300, -1])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, cut: int) -> None:
    path = write_mat(tmp_path / "a.mat", packed=False, d=np.random.default_rng(0).normal(size=(20, 3)))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadFile, match=r"a\.mat is (cut off|no \.mat file)"):
        read_variable(path, "d")


def test_a_damaged_squeezed_part_is_refused(tmp_path: Path) -> None:
    path = write_mat(tmp_path / "a.mat", d=np.ones((9, 9)))
    data = bytearray(path.read_bytes())
    data[140] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadFile, match=r"a\.mat is damaged at byte 128"):
        read_variable(path, "d")


def test_a_shape_that_does_not_fit_its_numbers_is_refused(tmp_path: Path) -> None:
    path = write_mat(tmp_path / "a.mat", packed=False, d=np.ones((2, 3)))
    data = path.read_bytes().replace(struct.pack("<ii", 2, 3), struct.pack("<ii", 2, 4))
    path.write_bytes(data)
    with pytest.raises(BadFile, match="the array at byte 128 is 2 x 4, but 6 values follow"):
        read_variable(path, "d")


def test_what_is_neither_numbers_nor_cells_is_refused(tmp_path: Path) -> None:
    path = write_mat(tmp_path / "a.mat", packed=False, d=np.ones((2, 3)))
    flags = element("<", 6, struct.pack("<II", 6, 0))
    path.write_bytes(path.read_bytes().replace(flags, element("<", 6, struct.pack("<II", 2, 0))))
    with pytest.raises(BadFile, match=r"holds in d \(byte 128\) neither numbers nor cells"):
        read_variable(path, "d")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"MATLAB 7.3 MAT-file, HDF5 schema 1.00".ljust(512),
            "format 7.3: save it .* the option -v7",
        ),
        (b"nothing of the kind", "no .mat file of level 5"),
    ],
)
def test_another_format_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a.mat").write_bytes(data)
    with pytest.raises(BadFile, match=said):
        read_variable(tmp_path / "a.mat", "d")
    with pytest.raises(BadFile, match=r"b\.mat cannot be read"):
        read_variable(tmp_path / "b.mat", "d")
