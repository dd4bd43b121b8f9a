"""The routes of curation, all under `/api/projects/{slug}/`."""

from ninja import Router

from curation.api.files import router as files
from curation.api.gate import router as gate
from curation.api.quality import router as quality
from curation.api.review import router as review
from curation.api.sites import router as sites
from curation.api.uploads import router as uploads
from curation.api.videos import router as videos

ROUTERS: tuple[Router, ...] = (sites, videos, quality, review, gate, files, uploads)
