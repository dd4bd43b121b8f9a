"""Labels of any numbers are classes from zero on."""

import pytest

from training.ml.errors import TooLittle
from training.ml.models.skeleton.label_map import LabelMap, UnknownLabel


def test_labels_of_any_numbers_are_classes_from_zero() -> None:
    labels = LabelMap.of([23, 7, 119, 7])
    assert labels.labels == (7, 23, 119)
    assert len(labels) == 3
    assert labels.classes([119, 7]).tolist() == [2, 0]
    assert labels.back(labels.classes([119, 7])) == [119, 7]
    with pytest.raises(UnknownLabel, match="no class for label 8; the network was made for 7, 23, 119"):
        labels.classes([7, 8])
    with pytest.raises(TooLittle, match="no labels"):
        LabelMap.of([])
