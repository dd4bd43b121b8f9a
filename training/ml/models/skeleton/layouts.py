"""Where each pose source puts which joint, as data.

Orders: NTU RGB+D (Kinect v2), OpenPose BODY_25 and COCO-18, COCO-17, UTD-MHAD (Kinect v1), Kinect v1 as its
SDK numbers it (MSR DailyActivity3D), MSRAction3D, the 14 joints of the mobile pose network, and MADS. That of
`mads19` is from memory of its project, and public code agrees on the bones of `msr20` alone: look at one
drawn skeleton before you trust their left and right.
"""

_ARM, _LEG = ("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle")


def _side(side: str, *parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for part in parts)


NTU25 = (
    *("hip_centre", "spine", "neck", "head"),
    *_side("left", *_ARM, "hand"),
    *_side("right", *_ARM, "hand"),
    *_side("left", *_LEG, "foot"),
    *_side("right", *_LEG, "foot"),
    "shoulder_centre",
    *_side("left", "hand_tip", "thumb"),
    *_side("right", "hand_tip", "thumb"),
)
NTU25_BONES = (
    *((0, 1), (1, 20), (2, 20), (3, 2), (4, 20), (5, 4), (6, 5), (7, 6), (8, 20), (9, 8), (10, 9), (11, 10)),
    *((12, 0), (13, 12), (14, 13), (15, 14), (16, 0), (17, 16), (18, 17), (19, 18)),
    *((21, 22), (22, 7), (23, 24), (24, 11)),
)

OPENPOSE18 = (
    *("nose", "neck", *_side("right", *_ARM), *_side("left", *_ARM)),
    *(*_side("right", *_LEG), *_side("left", *_LEG)),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
)
OPENPOSE18_BONES = (
    *((4, 3), (3, 2), (7, 6), (6, 5), (13, 12), (12, 11), (10, 9), (9, 8), (11, 5), (8, 2)),
    *((5, 1), (2, 1), (0, 1), (15, 0), (14, 0), (17, 15), (16, 14)),
)

OPENPOSE25 = (
    *("nose", "neck", *_side("right", *_ARM), *_side("left", *_ARM), "hip_centre"),
    *(*_side("right", *_LEG), *_side("left", *_LEG)),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
    *(*_side("left", "big_toe", "small_toe", "heel"), *_side("right", "big_toe", "small_toe", "heel")),
)
OPENPOSE25_BONES = (
    *((1, 8), (0, 1), (2, 1), (3, 2), (4, 3), (5, 1), (6, 5), (7, 6)),
    *((9, 8), (10, 9), (11, 10), (12, 8), (13, 12), (14, 13)),
    *((15, 0), (16, 0), (17, 15), (18, 16)),
    *((19, 14), (20, 19), (21, 14), (22, 11), (23, 22), (24, 11)),
)

COCO17 = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    *(f"{side}_{part}" for part in (*_ARM, *_LEG) for side in ("left", "right")),
)
COCO17_BONES = (
    *((15, 13), (13, 11), (16, 14), (14, 12), (11, 5), (12, 6), (9, 7), (7, 5), (10, 8), (8, 6)),
    *((5, 0), (6, 0), (1, 0), (3, 1), (2, 0), (4, 2)),
)

UTD20 = (
    *("head", "shoulder_centre", "spine", "hip_centre"),
    *(*_side("left", *_ARM, "hand"), *_side("right", *_ARM, "hand")),
    *(*_side("left", *_LEG, "foot"), *_side("right", *_LEG, "foot")),
)
UTD20_BONES = (
    *((0, 1), (2, 1), (3, 2), (4, 1), (5, 4), (6, 5), (7, 6), (8, 1), (9, 8), (10, 9), (11, 10)),
    *((12, 3), (13, 12), (14, 13), (15, 14), (16, 3), (17, 16), (18, 17), (19, 18)),
)

KINECT20 = (
    *("hip_centre", "spine", "shoulder_centre", "head"),
    *(*_side("left", *_ARM, "hand"), *_side("right", *_ARM, "hand")),
    *(*_side("left", *_LEG, "foot"), *_side("right", *_LEG, "foot")),
)
KINECT20_BONES = (
    *((0, 1), (1, 2), (3, 2), (4, 2), (5, 4), (6, 5), (7, 6), (8, 2), (9, 8), (10, 9), (11, 10)),
    *((12, 0), (13, 12), (14, 13), (15, 14), (16, 0), (17, 16), (18, 17), (19, 18)),
)

MSR20 = (
    *("left_shoulder", "right_shoulder", "shoulder_centre", "spine", "left_hip", "right_hip", "hip_centre"),
    *(
        f"{side}_{part}"
        for part in ("elbow", "wrist", "hand", "knee", "ankle", "foot")
        for side in ("left", "right")
    ),
    "head",
)
MSR20_BONES = (
    *((19, 2), (0, 2), (1, 2), (0, 7), (7, 9), (9, 11), (1, 8), (8, 10), (10, 12)),
    *((2, 3), (3, 6), (6, 4), (6, 5), (4, 13), (5, 14), (13, 15), (14, 16), (15, 17), (16, 18)),
)

CPM14 = (
    *("head", "neck", *_side("right", *_ARM), *_side("left", *_ARM)),
    *(*_side("right", *_LEG), *_side("left", *_LEG)),
)
CPM14_BONES = (
    *((0, 1), (2, 1), (3, 2), (4, 3), (5, 1), (6, 5), (7, 6)),
    *((8, 1), (9, 8), (10, 9), (11, 1), (12, 11), (13, 12)),
)

MADS19 = (
    *("neck", "hip_centre", *_side("left", *_LEG, "foot"), *_side("right", *_LEG, "foot")),
    *(*_side("left", *_ARM, "hand"), *_side("right", *_ARM, "hand"), "head"),
)
MADS19_BONES = (
    *((1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (6, 1), (7, 6), (8, 7), (9, 8)),
    *((10, 0), (11, 10), (12, 11), (13, 12), (14, 0), (15, 14), (16, 15), (17, 16), (18, 0)),
)
