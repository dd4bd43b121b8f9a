"""NTU RGB+D: 56,880 recordings of 60 actions, and NTU RGB+D 120: 114,480 of 120, by three Kinects each.

Shahroudy, Liu, Ng, Wang (CVPR 2016, arXiv 1604.02808); Liu, Shahroudy, Perez, Wang, Duan, Kot (TPAMI 2019,
arXiv 1905.04757). Cross-subject and cross-view for the first, cross-subject and cross-setup for the second;
`one-shot` of the second has no sample of its 20 novel actions to learn from. The publishers' list of samples
without usable skeletons is looked for beside them, under the names of `LISTS`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.ml.datasets.base import Check, Dataset, Holds, Protocol, Sample, natural
from training.ml.datasets.ntu_files import read_recording
from training.ml.datasets.ntu_names import ACTIONS_OF_60, NOVEL, Name, missing_names, side
from training.ml.datasets.ntu_names import Protocol as Ntu
from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile
from training.ml.skeletons.bodies import Array

CLASSES = (
    *("drink_water", "eat_meal", "brush_teeth", "brush_hair", "drop", "pick_up", "throw", "sit_down"),
    *("stand_up", "clap", "read", "write", "tear_up_paper", "put_on_jacket", "take_off_jacket"),
    *("put_on_shoe", "take_off_shoe", "put_on_glasses", "take_off_glasses", "put_on_hat", "take_off_hat"),
    *("cheer_up", "wave_hand", "kick_something", "reach_into_pocket", "hop", "jump_up", "phone_call"),
    *("play_with_phone", "type_on_keyboard", "point_to_something", "take_selfie", "check_time"),
    *("rub_hands", "nod_head", "shake_head", "wipe_face", "salute", "put_palms_together", "cross_hands"),
    *("sneeze", "stagger", "fall", "touch_head", "touch_chest", "touch_back", "touch_neck", "vomit"),
    *("use_fan", "punch_other", "kick_other", "push_other", "pat_back_of_other", "point_at_other"),
    *("hug_other", "give_to_other", "touch_pocket_of_other", "shake_hands", "walk_towards", "walk_apart"),
    *("put_on_headphone", "take_off_headphone", "shoot_at_basket", "bounce_ball", "swing_tennis_bat"),
    *("juggle_table_tennis_balls", "hush", "flick_hair", "thumb_up", "thumb_down", "ok_sign"),
    *("victory_sign", "staple_book", "count_money", "cut_nails", "cut_paper", "snap_fingers"),
    *("open_bottle", "sniff", "squat_down", "toss_coin", "fold_paper", "ball_up_paper", "magic_cube"),
    *("apply_cream_on_face", "apply_cream_on_hand", "put_on_bag", "take_off_bag", "put_into_bag"),
    *("take_out_of_bag", "open_box", "move_heavy_objects", "shake_fist", "throw_up_cap", "hands_up"),
    *("cross_arms", "arm_circles", "arm_swings", "run_on_the_spot", "butt_kicks", "cross_toe_touch"),
    *("side_kick", "yawn", "stretch", "blow_nose", "hit_other_with_something", "wield_knife"),
    *("knock_over_other", "grab_stuff_of_other", "shoot_at_other", "step_on_foot", "high_five"),
    *("cheers_and_drink", "carry_with_other", "take_photo_of_other", "follow_other", "whisper"),
    *("exchange_with_other", "support_other", "finger_guessing_game"),
)
"""In the order of their numbers: A001 is `drink_water`."""
LISTS = (
    "NTU_RGBD_samples_with_missing_skeletons.txt",
    "NTU_RGBD120_samples_with_missing_skeletons.txt",
    "samples_with_missing_skeletons.txt",
    "ntu_rgb120_missings.txt",
)
ONE_SHOT = "one-shot"


@dataclass(frozen=True)
class _Part:
    name: str
    actions: int
    protocols: dict[str, Ntu]
    published: dict[str, tuple[int, int]]
    """Samples to learn from and to be tested on, without those of the list."""


_60 = _Part(
    "ntu60",
    ACTIONS_OF_60,
    {"cross-subject": Ntu.XSUB60, "cross-view": Ntu.XVIEW60},
    {"cross-subject": (40_091, 16_487), "cross-view": (37_646, 18_932)},
)
_120 = _Part(
    "ntu120",
    len(CLASSES),
    {"cross-subject": Ntu.XSUB120, "cross-setup": Ntu.XSET120},
    {"cross-subject": (63_026, 50_919), "cross-setup": (54_468, 59_477)},
)


def read_60(root: Path, *, missing: Path | str = "") -> Dataset:
    """The recordings of NTU RGB+D below `root`; its classes are all 60, so that labels are published ones.

    `missing` is the list of samples to leave out, if it does not lie in `root`. Raises BadFile, which names
    the file, and the line of the list.
    """
    return _read(_60, root, missing)


def read_120(root: Path, *, missing: Path | str = "") -> Dataset:
    """The recordings of NTU RGB+D 120 below `root`, both parts of it; as `read_60` with all 120 classes."""
    return _read(_120, root, missing)


def read_joints(path: Path) -> Array:
    """All bodies of one recording, x_CTVM in metres; see `skeletons.bodies` for the two that matter."""
    return read_recording(path).world()


def _read(part: _Part, root: Path, missing: Path | str) -> Dataset:
    paths = sorted(folder_of(root).rglob("*.skeleton"), key=lambda path: natural(path.name))
    if not paths:
        raise BadFile(f"No file named SsssCcccPpppRrrrAaaa.skeleton lies in {root}.")
    lists = [Path(missing)] if missing else [root / name for name in LISTS if (root / name).is_file()]
    left_out = frozenset[Name]().union(*map(missing_names, lists))
    named = _named(part, paths)
    kept = {name: path for name, path in named.items() if name not in left_out}
    samples = tuple(_sample(name, path) for name, path in kept.items())
    protocols = {own: _protocol(list(kept), ntu) for own, ntu in part.protocols.items()}
    if part is _120:
        protocols[ONE_SHOT] = _one_shot(list(kept))
    checks = [_list_check(lists, len(named) - len(kept))]
    for own, (train, test) in part.published.items():
        there = len(protocols[own].train), len(protocols[own].test)
        sentence = f"{own}: {there[0]} to learn from and {there[1]} to test, {train} and {test} published."
        checks.append(Check(there == (train, test), sentence))
    return Dataset(
        name=part.name,
        classes=CLASSES[: part.actions],
        samples=samples,
        protocols=protocols,
        checks=tuple(checks),
        using="cross-subject",
    )


def _named(part: _Part, paths: list[Path]) -> dict[Name, Path]:
    named: dict[Name, Path] = {}
    for path in paths:
        name = Name.of(path)
        if name in named:
            raise BadFile(f"{path} and {named[name]} have one name: keep one of them.")
        if part is _60 and not name.of_60:
            raise BadFile(f"{path.name} is of NTU RGB+D 120: read this folder as ntu120.")
        named[name] = path
    return named


def _sample(name: Name, path: Path) -> Sample:
    return Sample(
        path=path,
        label=CLASSES[name.label],
        holds=Holds.SKELETON,
        subject=f"P{name.person:03}",
        camera=f"C{name.camera:03}",
        setup=f"S{name.setup:03}",
        group=str(name).replace(f"C{name.camera:03}", ""),  # three cameras saw the same
    )


def _protocol(names: list[Name], ntu: Ntu) -> Protocol:
    sides = np.array([side(name, ntu) == "train" for name in names], bool)
    return Protocol(_places(sides), (), _places(~sides))


def _one_shot(names: list[Name]) -> Protocol:
    novel = np.array([name.action in NOVEL for name in names], bool)
    return Protocol(_places(~novel), (), _places(novel))


def _places(those: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[int, ...]:
    return tuple(map(int, np.flatnonzero(those)))


def _list_check(lists: list[Path], left_out: int) -> Check:
    if not lists:
        return Check(False, f"No list of samples without skeletons lies there, like {LISTS[0]}.")
    return Check(True, f"{left_out} samples without usable skeletons were left out.")
