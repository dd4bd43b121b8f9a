"""All readers of data sets, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from training.ml.datasets.base import Dataset
from training.ml.datasets.readers import (
    activitynet,
    folders,
    hmdb51,
    kinetics,
    labels_csv,
    mads,
    msr,
    ntu,
    openpose,
    rushes,
    ucf101,
    utd_mhad,
)


@dataclass(frozen=True)
class Reader:
    """One data set by name; `read` takes its root folder, or a list in it, and the options it has."""

    name: str
    title: str
    read: Callable[..., Dataset]


READERS: dict[str, Reader] = {
    each.name: each
    for each in (
        Reader("ucf101", "UCF101, three splits", ucf101.read),
        Reader("hmdb51", "HMDB51, three splits", hmdb51.read),
        Reader("kinetics", "Kinetics lists, and lists of path and label", kinetics.read),
        Reader("activitynet", "ActivityNet JSON", activitynet.read),
        Reader("mads", "MADS, pieces of its videos", mads.read_videos),
        Reader("mads_skeletons", "MADS, pieces of its true skeletons", mads.read_truths),
        Reader("msr_action3d", "MSRAction3D", msr.read_action),
        Reader("msr_daily", "MSR DailyActivity3D", msr.read_daily),
        Reader("ntu60", "NTU RGB+D, 60 actions", ntu.read_60),
        Reader("ntu120", "NTU RGB+D 120", ntu.read_120),
        Reader("utd_mhad", "UTD-MHAD", utd_mhad.read),
        Reader("openpose", "Folders of OpenPose's BODY_25 JSON", openpose.read),
        Reader("rushes", "A frozen data set of Rushes", rushes.read),
        Reader("folders", "A folder of videos a class", folders.read),
        Reader("labels_csv", "Files beside a labels.csv", labels_csv.read),
    )
}
