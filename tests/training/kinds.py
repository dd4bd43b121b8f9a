"""The kinds of jobs of training, with the learning itself left out (tests.training.work)."""

from dataclasses import replace

from training.jobs import KINDS as REAL

WORK = {
    "training.ml.features.run:run": "tests.training.work:features",
    "training.ml.run:run": "tests.training.work:train",
    "training.ml.predict:run": "tests.training.work:predict",
}
KINDS = tuple(replace(kind, work=WORK[kind.work] if kind.work else None) for kind in REAL)
