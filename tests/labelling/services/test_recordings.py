import pytest

from core.errors import RushesError
from core.models import Project
from curation.models import Video, VideoState
from labelling.formats.labels_csv import LabelRow
from labelling.services.recordings import Recordings, videos_awaited
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import project_make

pytestmark = pytest.mark.django_db


def find(project: Project, file: str, camera: str = "") -> Video:
    row = LabelRow(2, file, "walking", camera=camera)
    return Recordings(project=project, rows=[row]).find(row)


def refusal(project: Project, file: str, camera: str = "") -> str:
    with pytest.raises(RushesError) as caught:
        find(project, file, camera)
    return caught.value.sentence


@pytest.mark.parametrize("file", ["a.mp4", "gate/a.mp4", "C:\\footage\\a.mp4", "./a.mp4", "A.MP4"])
def test_a_recording_is_found_by_the_end_of_its_path(file: str) -> None:
    video = make_ready_video(name="a.mp4")
    assert find(video.project, file) == video


def test_the_name_as_it_is_written_wins_over_one_in_another_case() -> None:
    camera = make_camera()
    make_ready_video(camera, name="A.mp4")
    video = make_ready_video(camera, name="a.mp4")
    assert find(video.project, "a.mp4") == video


@pytest.mark.parametrize(
    ("file", "camera"), [("a.mp4", "yard_north"), ("a.mp4", "YARD NORTH"), ("2026/yard-north/a.mp4", "")]
)
def test_of_several_the_camera_or_the_folder_says_which(file: str, camera: str) -> None:
    project = project_make()
    make_ready_video(make_camera(project, "Gate"), name="a.mp4")
    video = make_ready_video(make_camera(project, "Yard north"), name="a.mp4")
    assert find(project, file, camera) == video


def test_what_could_be_several_names_them() -> None:
    project = project_make()
    for name in ("Gate", "Yard", "Dock"):
        make_ready_video(make_camera(project, name), name="a.mp4")
    said = refusal(project, "a.mp4")
    assert "a.mp4 of " in said
    assert said.endswith(" and 1 more. Say which in the column camera.")


def test_a_recording_of_another_camera_than_the_row_says_is_refused() -> None:
    video = make_ready_video(make_camera(name="Gate"), name="a.mp4")
    assert refusal(video.project, "a.mp4", "north") == (
        "The recording of this name is from camera Gate, not from north. "
        "Leave the camera out to import it all the same."
    )


def test_a_removed_recording_is_not_there() -> None:
    video = make_ready_video(name="a.mp4", deleted_at="2026-01-01T00:00Z")
    assert refusal(video.project, "a.mp4").startswith("There is no recording of this name here.")


def test_those_that_are_still_being_read_are_waited_for() -> None:
    camera = make_camera()
    make_ready_video(camera, name="a.mp4")
    late = make_video(camera, name="b.mp4", state=VideoState.WORKING)
    make_video(camera, name="c.mp4")
    rows = [LabelRow(2, "a.mp4", "x"), LabelRow(3, "dir/b.mp4", "x")]
    assert list(videos_awaited(project=camera.site.project, rows=rows)) == [late]
