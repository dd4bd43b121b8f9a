/** Keys of Settings. */
import { keyCap, useKeymap } from "../../app/keymap";
import type { Action } from "../../player/shortcuts";

export const SETTINGS_ACTIONS: readonly Action[] = [{ id: "sUndo", name: "Take back the last removal", group: "Settings", keys: ["$mod+z"] }];

/** The room whose undo key brings back who left and what was archived. */
export function roomOf(slug: string): string {
  return `${slug}/settings`;
}

export function undoKey(): string | undefined {
  return keyCap(SETTINGS_ACTIONS, useKeymap.getState().remap, "sUndo");
}
