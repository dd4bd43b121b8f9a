/** Clips and classes for tests. */
import type { Annotation, Clip, ClipRow, LabelClass, Suggestion } from "./types";

export function row(id: string, change: Partial<ClipRow> = {}): ClipRow {
  return {
    id,
    video: { id: "v1", name: "gate.mp4" },
    camera: { id: "k1", name: "Yard North" },
    subject: "",
    start: 100,
    end: 400,
    fps: 30,
    seconds: 10,
    state: "open",
    flagged: false,
    flag_reason: "",
    revision: 0,
    label: null,
    suggestion: null,
    poster: `/poster/${id}.jpg`,
    ...change,
  };
}

export function clip(id: string, change: Partial<Clip> = {}): Clip {
  return {
    ...row(id),
    annotation: null,
    suggestion: null,
    spans: [],
    neighbours: [],
    lease: { mine: true, by: null, until: null },
    position: { done: 36, total: 2064 },
    ...change,
  };
}

export function annotation(change: Partial<Annotation> = {}): Annotation {
  return { revision: 1, outcome: "labelled", label: "walk", segments: [], comment: "", author: null, source: "person", created_at: "2026-10-14T17:00:00Z", ...change };
}

export function suggestion(change: Partial<Suggestion> = {}): Suggestion {
  return { id: "g1", model: "v12", top: "carry", scores: [{ label: "carry", p: 0.61 }, { label: "walk", p: 0.29 }], margin: 0.32, chosen: [], segments: [], reason: "", ...change };
}

export const CLASSES: readonly LabelClass[] = ["walk", "carry", "lift"].map((id, i) => ({
  id, name: id, colour: i + 1, hotkey: String(i + 1), position: i, description: "", archived: false, count: 0,
}));

/** Keys that count up. */
export function keys(): () => string {
  let n = 0;
  return () => `s${(n += 1)}`;
}
