/** Keys of the room Quality. */
import type { Action } from "../../player/shortcuts";

const NTH = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export const QUALITY_ACTIONS: readonly Action[] = [
  { id: "qConfirm", name: "Confirm: the frame or what is selected stays out", group: "Decide", keys: ["x"] },
  { id: "qRestore", name: "Restore: it is let in again", group: "Decide", keys: ["p"] },
  { id: "qReopen", name: "Put back to review", group: "Decide", keys: ["b"] },
  { id: "qUndo", name: "Undo the last decision", group: "Decide", keys: ["z", "$mod+z"] },
  { id: "qAll", name: "Select all that the filter finds", group: "Select", keys: ["a", "$mod+a"] },
  { id: "qTake", name: "Select this frame, or let it go", group: "Select", keys: ["Enter"] },
  ...NTH.map((key): Action => ({ id: `qNth${key}`, name: `Select number ${key} of the row, or let it go`, group: "Select", keys: [key], together: "Select by its number" })),
  { id: "qSpan", name: "Select the whole span, or let it go", group: "Select", keys: ["s"] },
  { id: "qClear", name: "Clear the selection", group: "Select", keys: ["Escape"] },
  { id: "qExtendLeft", name: "Stretch the selection", group: "Select", keys: ["Shift+ArrowLeft"], together: "Stretch the selection" },
  { id: "qExtendRight", name: "Stretch the selection", group: "Select", keys: ["Shift+ArrowRight"], together: "Stretch the selection" },
  { id: "qExtendUp", name: "Stretch the selection", group: "Select", keys: ["Shift+ArrowUp"], together: "Stretch the selection" },
  { id: "qExtendDown", name: "Stretch the selection", group: "Select", keys: ["Shift+ArrowDown"], together: "Stretch the selection" },
  { id: "qExtendFirst", name: "Stretch the selection to the first", group: "Select", keys: ["Shift+Home"], together: "Stretch to the first, last" },
  { id: "qExtendLast", name: "Stretch the selection to the last", group: "Select", keys: ["Shift+End"], together: "Stretch to the first, last" },
  { id: "qLeft", name: "Move to the left", group: "Move", keys: ["ArrowLeft"], together: "Move among the frames" },
  { id: "qRight", name: "Move to the right", group: "Move", keys: ["ArrowRight"], together: "Move among the frames" },
  { id: "qUp", name: "Move up", group: "Move", keys: ["ArrowUp"], together: "Move among the frames" },
  { id: "qDown", name: "Move down", group: "Move", keys: ["ArrowDown"], together: "Move among the frames" },
  { id: "qFirst", name: "Move to the first frame", group: "Move", keys: ["Home"], together: "First, last frame" },
  { id: "qLast", name: "Move to the last frame", group: "Move", keys: ["End"], together: "First, last frame" },
  { id: "qPageUp", name: "A screen up", group: "Move", keys: ["PageUp"], together: "A screen up, down" },
  { id: "qPageDown", name: "A screen down", group: "Move", keys: ["PageDown"], together: "A screen up, down" },
  { id: "qLook", name: "Play around the frame", group: "Look", keys: ["Space"] },
  { id: "qOpen", name: "Open its video there", group: "Look", keys: ["o"] },
  { id: "qGate", name: "To the gate’s limits; Esc leads back", group: "Gate", keys: ["g"] },
  { id: "qApply", name: "Apply the changed gate", group: "Gate", keys: ["$mod+Enter"] },
];
