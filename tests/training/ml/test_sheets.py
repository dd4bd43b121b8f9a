"""Pictures lie on a sheet in their order, with even gaps."""

import numpy as np

from training.ml.sheets import GAP, PAPER, tiled


def test_rows_are_filled_from_the_left_and_the_rest_stays_paper() -> None:
    pictures = [np.full((10, 12, 3), 50 * k, np.uint8) for k in range(1, 4)]
    sheet = tiled(pictures, 2)
    assert sheet.shape == (2 * 10 + 3 * GAP, 2 * 12 + 3 * GAP, 3)
    assert (sheet[GAP : GAP + 10, GAP : GAP + 12] == 50).all()
    assert (sheet[GAP : GAP + 10, 2 * GAP + 12 : 2 * GAP + 24] == 100).all()
    assert (sheet[2 * GAP + 10 : -GAP, GAP : GAP + 12] == 150).all()
    assert (sheet[2 * GAP + 10 :, GAP + 12 :] == PAPER).all()


def test_fewer_pictures_than_columns_leave_no_empty_column() -> None:
    assert tiled([np.zeros((4, 4, 3), np.uint8)], 5).shape == (4 + 2 * GAP, 4 + 2 * GAP, 3)
