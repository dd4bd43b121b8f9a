import { useLayoutEffect } from "react";
import { holdShortcuts } from "../player/shortcuts";

/** Keeps the room's keys still while `open`, from the very commit on: what is typed belongs to what opens, or to nobody. */
export function useHeldKeys(open: boolean): void {
  useLayoutEffect(() => (open ? holdShortcuts() : undefined), [open]);
}
