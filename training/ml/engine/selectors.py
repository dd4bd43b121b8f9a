"""Training SMART's two selectors: the single-frame one towards the oracle, then the global one."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.encoder import EncodedClip, Floats
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Pool
from training.ml.engine.loop import Fitted, Line, Tell, fit
from training.ml.engine.plan import Plan, drawing, torch_drawing
from training.ml.engine.progress import number
from training.ml.models.smart import (
    GlobalSelector,
    SingleFrameSelector,
    classification_loss,
    drawn_partners,
)
from training.ml.optim import AdamW, Descent, plain_groups

_FOR_INIT = 0
"""Epochs count from 1: what is drawn for 0 starts a network."""


def frames_of(x_ND: Floats) -> Tensor:
    """x_ND as the selectors take it: of length sqrt(D), so that its numbers are about 1."""
    return torch.from_numpy(x_ND * np.float32(x_ND.shape[1] ** 0.5))


def padded(clips: Sequence[EncodedClip]) -> tuple[Tensor, Tensor]:
    """x_BND and lengths_B; behind a short clip's candidates lie zeros."""
    frames = [frames_of(clip.x_ND) for clip in clips]
    return nn.utils.rnn.pad_sequence(frames, batch_first=True), torch.tensor([len(each) for each in frames])


def new_single(width: int, seed: int) -> SingleFrameSelector:
    """A single-frame selector before it has learned."""
    torch.manual_seed(int(drawing(seed, "single", _FOR_INIT).integers(2**63)))
    return SingleFrameSelector(dim=width)


def new_global(width: int, classes: int, plan: Plan, seed: int) -> GlobalSelector:
    """A global selector before it has learned."""
    torch.manual_seed(int(drawing(seed, "global", _FOR_INIT).integers(2**63)))
    return GlobalSelector(
        dim=width, classes=classes, project=plan.project, hidden=plan.hidden, dropout=plan.dropout
    )


def train_single(
    clips: Sequence[EncodedClip],
    oracle: Sequence[Tensor],
    *,
    val: tuple[Sequence[EncodedClip], Sequence[Tensor]] | None,
    plan: Plan,
    seed: int,
    slot: Slot,
    tell: Tell,
) -> tuple[SingleFrameSelector, Fitted]:
    """delta towards the oracle's score of each frame; the epoch with the lowest loss on `val` is kept."""
    network = new_single(clips[0].x_ND.shape[1], seed)
    descent = _descent(network, plan)
    loss_of: nn.Module = nn.SmoothL1Loss() if plan.smooth_l1 else nn.MSELoss()

    def run_epoch(epoch: int) -> Line:
        network.train()
        total = 0.0
        for places in _batches(len(clips), plan.selector_batch, drawing(seed, "single", epoch)):
            x_MD = torch.cat([frames_of(clips[place].x_ND) for place in places])
            loss = loss_of(network(x_MD), torch.cat([oracle[place] for place in places]))
            descent.add(loss)
            descent.step()
            total += float(loss.detach()) * len(places)
        network.eval()
        with torch.no_grad():
            missed = [
                float(loss_of(network(frames_of(clip.x_ND)), truth_N))
                for clip, truth_N in (zip(*val, strict=True) if val else ())
            ]
        return {
            "loss": number(total / len(clips)),
            "val_loss": number(float(np.mean(missed))) if missed else None,
        }

    return network, _fit(descent, run_epoch, plan.single_epochs, slot, plan, val is not None, tell)


def train_global(
    pool: Pool, weight_C: Tensor, *, val: Pool | None, plan: Plan, seed: int, slot: Slot, tell: Tell
) -> tuple[GlobalSelector, Fitted]:
    """gamma by the classification loss (7) of its head; the epoch with the lowest loss on `val` is kept."""
    network = new_global(pool.clips[0].x_ND.shape[1], len(weight_C), plan, seed)
    descent = _descent(network, plan)

    def loss_on(batch: Pool, generator: torch.Generator | None) -> Tensor:
        x_BND, lengths_B = padded(batch.clips)
        partner_BN = drawn_partners(lengths_B, x_BND.shape[1], generator) if generator else None
        out = network(x_BND, lengths_B, partner_BN)
        return classification_loss(out.logits_BNC, batch.label_N, lengths_B, weight_C)

    def run_epoch(epoch: int) -> Line:
        generator = torch_drawing(seed, "partners", epoch)
        torch.manual_seed(generator.initial_seed())  # dropout draws from torch's own numbers
        network.train()
        total = 0.0
        for places in _batches(len(pool), plan.selector_batch, drawing(seed, "global", epoch)):
            loss = loss_on(pool.only(places), generator)
            descent.add(loss)
            descent.step()
            total += float(loss.detach()) * len(places)
        network.eval()
        with torch.no_grad():
            val_loss = _mean_loss(loss_on, val, plan.selector_batch) if val else None
        return {"loss": number(total / len(pool)), "val_loss": val_loss}

    return network, _fit(descent, run_epoch, plan.global_epochs, slot, plan, val is not None, tell)


def _mean_loss(
    loss_on: Callable[[Pool, torch.Generator | None], Tensor], pool: Pool, size: int
) -> float | None:
    parts = [list(range(start, min(start + size, len(pool)))) for start in range(0, len(pool), size)]
    return number(sum(float(loss_on(pool.only(part), None)) * len(part) for part in parts) / len(pool))


def _fit(
    descent: Descent,
    run_epoch: Callable[[int], Line],
    epochs: int,
    slot: Slot,
    plan: Plan,
    ranked: bool,
    tell: Tell,
) -> Fitted:
    rank = (lambda line: (-line["val_loss"],)) if ranked else None
    patience = plan.selector_patience if ranked else 0
    network, optimizer = descent.network, descent.optimizer
    return fit(
        network, optimizer, run_epoch, epochs=epochs, slot=slot, rank=rank, patience=patience, tell=tell
    )


def _descent(network: nn.Module, plan: Plan) -> Descent:
    numbers = AdamW(rate=plan.selector_rate, weight_decay=plan.selector_decay)
    return Descent(network, numbers.over(plain_groups(network, numbers)))


def _batches(count: int, size: int, generator: np.random.Generator) -> list[list[int]]:
    order = generator.permutation(count).tolist()
    return [order[start : start + size] for start in range(0, count, size)]
