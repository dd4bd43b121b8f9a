"""The tables of curation: what footage there is, and how good every frame of it is."""

from curation.models.quality import FrameMetrics, QualitySpan
from curation.models.review import ReviewBatch, SpanState
from curation.models.sites import Camera, QualityProfile, Site
from curation.models.uploads import Upload, UploadState
from curation.models.videos import Video, VideoState, VideoTally

__all__ = [
    "Camera",
    "FrameMetrics",
    "QualityProfile",
    "QualitySpan",
    "ReviewBatch",
    "Site",
    "SpanState",
    "Upload",
    "UploadState",
    "Video",
    "VideoState",
    "VideoTally",
]
