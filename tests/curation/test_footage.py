"""Real odd recordings through the whole ingest: ready with proven counts, or failed with a sentence."""

import os
from pathlib import Path

import pytest

from core.jobs.runner import run
from core.models import JobState
from curation.media.stills import StillReader
from curation.models import FrameMetrics, Video, VideoState
from curation.services.videos import video_register
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUSHES_SHARED", ROOT.parent / "shared"))
FOLDER = SHARED / "data/odd_video/open"
FILES = (
    ("sample_fragmented_clearkey.mp4", "encrypted"),
    ("sample_with_sdt.ts", "before its first picture"),
    ("video_rotation_90.mp4", ""),
    ("biruk-tariku__ppe.mp4", ""),
    ("corrupted.mp4", ""),
    ("bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4", ""),
    ("iibbibb_editlist_videoonly.mp4", ""),
    ("h264_10bits.mp4", ""),
    ("video_270.mov", ""),
    ("bear-vp9-odd-dimensions.webm", ""),
    ("h264_white_frame_sar_16_9.mp4", ""),
    ("count.h264", ""),
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.footage,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real recordings are not beside the checkout"),
]


@pytest.mark.parametrize(("name", "said"), FILES, ids=[name for name, _ in FILES])
def test_an_odd_recording_ends_ready_or_failed_in_words(name: str, said: str, disk: Disk) -> None:
    camera = make_camera()
    video = video_register(
        project=camera.site.project, camera=camera, name=name, source=FOLDER / name, actor=None
    )
    run(str(video.job_id))
    video = Video.objects.select_related("job").get(pk=video.pk)
    assert video.job is not None
    assert said in video.sentence
    if video.state == VideoState.FAILED:
        assert video.job.state == JobState.FAILED
        assert video.sentence.endswith(".")
        assert disk.stored() == [video.source_key]
        return
    assert video.state == VideoState.READY
    assert len(bytes(FrameMetrics.objects.get(video=video).luma)) == 4 * video.frames
    assert sum(count for _, _, count in video.proxy_runs) == video.frames
    for height in (720, 360):
        with StillReader(disk.media / video.artifacts[f"proxy{height}"]["key"]) as proxy:
            assert len(proxy) == video.frames
