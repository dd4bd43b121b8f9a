"""The routes of labelling, all under `/api/projects/{slug}/`."""

from ninja import Router

from labelling.api import clips, label_set, labels, queue

ROUTERS: tuple[Router, ...] = (label_set.router, clips.router, queue.router, labels.router)
