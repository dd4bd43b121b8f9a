/** Where the person is in the room: focus, selection, and what can be undone. It outlives the room, so that coming back from a video changes nothing. */
import { create } from "zustand";
import { persist, createJSONStorage } from "zustand/middleware";
import { NOTHING, type Selection } from "./selection";
import type { SpanState, Thresholds } from "./types";

interface Desk {
  /** Which list the focus and the selection are of: another filter begins anew. */
  readonly list: string;
  readonly focus: string | null;
  /** When the focused frame went from the list and another one came under the person's hand, by the page's clock. */
  readonly jumped: number;
  readonly selection: Selection;
  /** Where a stretch of the selection began, and what was selected then. */
  readonly anchor: { readonly key: string; readonly base: Selection } | null;
  /** What was just decided and still stands in the list. */
  readonly settling: { readonly to: SpanState; readonly selection: Selection } | null;
  /** How much of what was done is still on its way. */
  readonly working: number;
  /** Whose gate is shown in which project, while no camera is filtered by: it stays as counts change. */
  readonly gates: Readonly<Record<string, string>>;
}

const FRESH: Omit<Desk, "list" | "working" | "gates"> = { focus: null, jumped: Number.NEGATIVE_INFINITY, selection: NOTHING, anchor: null, settling: null };

export const useDesk = create<Desk>(() => ({ list: "", working: 0, gates: {}, ...FRESH }));

export function openList(list: string): void {
  if (useDesk.getState().list !== list) useDesk.setState({ list, ...FRESH });
}

export function showGate(slug: string, camera: string): void {
  useDesk.setState(({ gates }) => (gates[slug] === camera ? {} : { gates: { ...gates, [slug]: camera } }));
}

export type Deed =
  /** `unsure` while no answer has told that it was done. */
  | { readonly kind: "review"; readonly slug: string; readonly id: string; readonly unsure?: true }
  | { readonly kind: "gate"; readonly slug: string; readonly camera: string; readonly name: string; readonly revision: number; readonly thresholds: Thresholds };

const KEPT = 100;

interface Deeds {
  readonly deeds: readonly Deed[];
  readonly done: (deed: Deed) => void;
  readonly drop: (deed: Deed) => void;
}

/** Kept for this window, over reloads. The server keeps a decision undoable for 30 days. */
export const useDeeds = create<Deeds>()(
  persist(
    (set) => ({
      deeds: [],
      done: (deed) => set((store) => ({ deeds: [...store.deeds.filter((entry) => !same(entry, deed)), deed].slice(-KEPT) })),
      drop: (deed) => set((store) => ({ deeds: store.deeds.filter((entry) => !same(entry, deed)) })),
    }),
    { name: "rushes.review", storage: createJSONStorage(() => sessionStorage), partialize: ({ deeds }) => ({ deeds }) },
  ),
);

function same(a: Deed, b: Deed): boolean {
  return a.kind === "review" ? b.kind === "review" && a.id === b.id : b.kind === "gate" && a.camera === b.camera && a.revision === b.revision;
}
