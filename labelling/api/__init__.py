"""The routes of labelling, all under `/api/projects/{slug}/`."""

from ninja import Router

from labelling.api.clips import router as clips
from labelling.api.label_set import router as label_set
from labelling.api.labels import router as labels
from labelling.api.queue import router as queue

ROUTERS: tuple[Router, ...] = (label_set, clips, queue, labels)
