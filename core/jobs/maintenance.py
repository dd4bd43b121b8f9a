"""Jobs of the ground floor itself: none. The sweeper does the house-keeping."""

from core.jobs.kinds import JobKind

KINDS: tuple[JobKind, ...] = ()
