"""How good logits are: everything that an evaluation tells, and the few numbers of an epoch."""

from typing import Any

import torch
from torch import Tensor, nn

from training.ml.engine.progress import number
from training.ml.metrics import (
    calibration_error,
    confusion,
    macro,
    mean_average_precision,
    per_class,
    top1,
    top5,
    wilson,
)


def line_of(logits_NC: Tensor, label_N: Tensor, loss: nn.Module | None = None) -> dict[str, Any]:
    """Of an epoch: loss, top-1 and macro F1 on val. The loss is cross-entropy, as nothing is mixed there."""
    loss = loss or nn.CrossEntropyLoss()
    truth_N, said_N = label_N.numpy(), logits_NC.argmax(1).numpy()
    return {
        "val_loss": number(float(loss(logits_NC, label_N))),
        "val_top1": number(top1(truth_N, said_N)),
        "val_macro_f1": number(macro(truth_N, said_N, logits_NC.shape[1]).f1),
    }


def report_on(logits_NC: Tensor, label_N: Tensor, classes: tuple[str, ...]) -> dict[str, Any]:
    """All measures of a side, as JSON holds them; None where one says nothing (top-5 of five classes)."""
    p_NC = torch.softmax(logits_NC.double(), 1).numpy()
    truth_N, said_N = label_N.numpy(), p_NC.argmax(1)
    means = macro(truth_N, said_N, len(classes))
    low, high = wilson(int((truth_N == said_N).sum()), len(truth_N))
    five, area = top5(truth_N, p_NC), mean_average_precision(truth_N, p_NC)
    error = calibration_error(truth_N, p_NC)
    return {
        "clips": len(truth_N),
        "top1": number(top1(truth_N, said_N)),
        "top1_low": number(low),
        "top1_high": number(high),
        "top5": None if five is None else number(five),
        "macro_precision": number(means.precision),
        "macro_recall": number(means.recall),
        "macro_f1": number(means.f1),
        "map": None if area is None else number(area),
        "ece": None if error is None else number(error),
        "confusion": confusion(truth_N, said_N, len(classes)).tolist(),
        "per_class": [
            {
                "label": name,
                "precision": number(each.precision),
                "recall": number(each.recall),
                "f1": number(each.f1),
                "support": each.support,
            }
            for name, each in zip(classes, per_class(truth_N, said_N, len(classes)), strict=True)
        ],
    }
