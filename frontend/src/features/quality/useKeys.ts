/** Every key of the room, and what it does. */
import { useEffect } from "react";
import { useKeymap } from "../../app/keymap";
import { bindShortcuts } from "../../player/shortcuts";
import { QUALITY_ACTIONS } from "./actions";
import type { Step } from "./grid";
import type { SpanState } from "./types";
import type { Review } from "./useReview";

interface Deeds {
  readonly review: Review;
  /** How many rows a screen holds. */
  readonly pageRows: () => number;
  readonly toGrid: () => void;
  readonly decideOn: (to: SpanState) => void;
  readonly undo: () => void;
  readonly look: () => void;
  readonly open: () => void;
  readonly toGate: () => void;
  readonly apply: () => void;
}

const STEPS: Readonly<Record<string, Step>> = {
  qLeft: "left",
  qRight: "right",
  qUp: "up",
  qDown: "down",
  qFirst: "first",
  qLast: "last",
  qPageUp: "pageUp",
  qPageDown: "pageDown",
  qExtendLeft: "left",
  qExtendRight: "right",
  qExtendUp: "up",
  qExtendDown: "down",
  qExtendFirst: "first",
  qExtendLast: "last",
};

export function useKeys(deeds: Deeds): void {
  const remap = useKeymap((store) => store.remap);
  useEffect(() =>
    bindShortcuts(window, QUALITY_ACTIONS, remap, (id, event) => {
      // A key that is held down moves on; nothing that decides may repeat.
      if (!event.repeat || id in STEPS || id === "qUndo") perform(id, deeds);
    }),
  );
}

function perform(id: string, { review, pageRows, toGrid, decideOn, undo, look, open, toGate, apply }: Deeds): void {
  const step = STEPS[id];
  if (step !== undefined) {
    if (id.startsWith("qExtend")) review.stretch(step, pageRows());
    else review.move(step, pageRows());
    return toGrid();
  }
  if (id.startsWith("qNth")) return review.takeNth(Number(id.slice(4)));
  const others: Readonly<Record<string, () => void>> = {
    qConfirm: () => decideOn("confirmed"),
    qRestore: () => decideOn("restored"),
    qReopen: () => decideOn("pending"),
    qUndo: undo,
    qAll: review.takeAll,
    qTake: () => review.focused !== undefined && review.take([review.focused]),
    qSpan: review.takeSpan,
    qClear: review.clear,
    qLook: look,
    qOpen: open,
    qGate: toGate,
    qApply: apply,
  };
  others[id]?.();
}
