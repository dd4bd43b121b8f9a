"""A kind of another queue than the others'."""

from dataclasses import replace

from core.jobs.kinds import Queue
from tests.core.jobs import kinds

KINDS = (replace(kinds.KINDS[0], name="test.slow", queue=Queue.SCORE),)
