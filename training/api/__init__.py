"""The routes of training, all under `/api/projects/{slug}/`."""

from ninja import Router

from training.api import models, runs

ROUTERS: tuple[Router, ...] = (runs.router, models.router)
