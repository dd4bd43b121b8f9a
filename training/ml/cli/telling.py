"""What an evaluation says to people."""

from typing import Any


def text_of(report: dict[str, Any]) -> str:
    """A report of `training.ml.fit` in lines: of each model or distance, of all, and of each class."""
    return "\n".join(
        (
            *(
                f"{each['model']} alone, {_percent(each)}, counts {each['weight']:g}"
                for each in report.get("models", [])
            ),
            *_distances(report),
            f"{_top1(report)} of {_clips(report)}",
            f"Top-5 {_share(report['top5'])}, mAP {_number(report['map'])}, ECE {_number(report['ece'])}",
            f"Macro: {_scores(report, 'macro_')}",
            *(f"  {each['label']}: {_scores(each)} ({each['support']})" for each in report["per_class"]),
        )
    )


def _distances(report: dict[str, Any]) -> list[str]:
    """Of exemplars: how often each distance is right, or why it says nothing."""
    return [
        f"{kind}: {held['note'] if 'note' in held else _top1(held)}"
        for kind, held in report.get("by_distance", {}).items()
    ]


def _top1(held: dict[str, Any]) -> str:
    low, high = 100 * held["top1_low"], 100 * held["top1_high"]
    return f"Top-1 {100 * held['top1']:.2f} % (95 %: {low:.1f} to {high:.1f})"


def _share(value: float | None) -> str:
    return "n/a" if value is None else f"{100 * value:.2f} %"


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4f}"


def _percent(model: dict[str, Any]) -> str:
    return f"top-1 {100 * model['top1']:.2f} % of {model['moments']} x {model['crops']} views"


def _clips(report: dict[str, Any]) -> str:
    clips = f"{report['clips']} clips"
    if report.get("moments", 1) * report.get("crops", 1) == 1:
        return clips
    return f"{clips}, each in {report['moments']} x {report['crops']} views, mean of {report['scores']}"


def _scores(held: dict[str, Any], prefix: str = "") -> str:
    return ", ".join(f"{name} {held[prefix + name]:.3f}" for name in ("precision", "recall", "f1"))
