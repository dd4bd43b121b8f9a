/** Which keys a person changed or switched off, kept in this browser. */
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { type Action, keyLabel, keysOf, type Remap } from "../player/shortcuts";

interface Keymap {
  readonly remap: Remap;
  readonly set: (id: string, key: string | null) => void;
  readonly reset: (id: string) => void;
}

export const useKeymap = create<Keymap>()(
  persist(
    (set) => ({
      remap: {},
      set: (id, key) => set((store) => ({ remap: { ...store.remap, [id]: key } })),
      reset: (id) => set((store) => ({ remap: Object.fromEntries(Object.entries(store.remap).filter(([name]) => name !== id)) })),
    }),
    { name: "rushes.keys" },
  ),
);

/** The key to print on a button, undefined when it is switched off. */
export function keyCap(actions: readonly Action[], remap: Remap, id: string): string | undefined {
  const action = actions.find((entry) => entry.id === id);
  const key = action === undefined ? undefined : keysOf(action, remap)[0];
  return key === undefined ? undefined : keyLabel(key);
}
