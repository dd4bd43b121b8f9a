/** What each key of the label screen means, given what is open. Pure: it says what to do and does nothing. */
import { contentIn } from "./desk";
import type { Clip, LabelClass, Outcome } from "./types";
import { agreed, amongSegments, edgeNear, giveClass, letGo, merge, neighbourOf, type NewKey, nudge, remove, sameSaying, select, selectedOf, setMarkIn, setMarkOut, split, type Work, workOf } from "./work";

export interface Situation {
  readonly clip: Clip;
  readonly work: Work;
  readonly classes: readonly LabelClass[];
  /** The frame under the playhead. */
  readonly at: number;
  readonly newKey: NewKey;
}

export type Deed =
  | { readonly do: "edit"; readonly work: Work; readonly seek: number | null }
  | { readonly do: "submit"; readonly work: Work; readonly outcome: Outcome }
  | { readonly do: "next" | "skip" | "undo" | "redo" | "find" | "comment" | "goto" | "loopSegment" | "autoplay" }
  | { readonly do: "say"; readonly sentence: string }
  | { readonly do: "play"; readonly id: string };

const CLASS_KEY = /^class([\da-z])$/;
const NUDGES: Readonly<Record<string, number>> = { earlier: -1, later: 1, muchEarlier: -10, muchLater: 10 };
const PLAIN = new Set(["skip", "undo", "redo", "find", "comment", "goto", "loopSegment", "autoplay"] as const);
type Plain = typeof PLAIN extends Set<infer T> ? T : never;

export function route(id: string, situation: Situation): Deed | null {
  const { work, clip, at, newKey } = situation;
  const hotkey = CLASS_KEY.exec(id)?.[1];
  if (hotkey !== undefined) return byHotkey(hotkey, situation);
  const by = NUDGES[id];
  if (by !== undefined) return nudged(situation, by);
  if (PLAIN.has(id as Plain)) return { do: id as Plain };
  switch (id) {
    case "accept":
      return accept(situation);
    case "reject":
      return { do: "submit", work, outcome: "rejected" };
    case "uncertain":
      return { do: "submit", work, outcome: "uncertain" };
    case "markIn":
      return edited(setMarkIn(work, at, clip, newKey));
    case "markOut":
      return edited(setMarkOut(work, at, clip, newKey));
    case "split":
      return changed(work, split(work, at, newKey), "Put the playhead inside a segment to split it.");
    case "merge":
      return changed(work, merge(work), selectedOf(work) === null ? "Choose a segment first, with ↑ or ↓." : "There is no other segment of this class to merge with.");
    case "remove":
      return changed(work, remove(work), "Choose a segment first, with ↑ or ↓.");
    case "segmentBack":
      return toSegment(situation, -1);
    case "segmentOn":
      return toSegment(situation, 1);
    case "letGo":
      return edited(letGo(work));
    default:
      return { do: "play", id };
  }
}

/** A class by its key, by its name or by a click: among segments it names one, elsewhere it is the whole clip's label and the clip is done. */
export function giveNamed(label: LabelClass, { work, clip, at, newKey }: Situation): Deed {
  if (amongSegments(work)) return edited(giveClass(work, label.id, at, clip, newKey));
  return { do: "submit", work: { ...work, label: label.id }, outcome: "labelled" };
}

function byHotkey(hotkey: string, situation: Situation): Deed {
  const label = situation.classes.find((entry) => entry.hotkey === hotkey && !entry.archived);
  if (label === undefined) return { do: "say", sentence: `No class has the key ${hotkey.toUpperCase()}.` };
  return giveNamed(label, situation);
}

function accept({ work, clip, newKey }: Situation): Deed {
  if (work.markIn !== null || work.markOut !== null) return { do: "say", sentence: "Give the marked stretch a class, or let go of it with Esc." };
  if (work.label !== null || work.segments.length > 0) {
    const settled = clip.annotation?.outcome === "labelled" && sameSaying(work, workOf(contentIn(clip.annotation)));
    return settled ? { do: "next" } : { do: "submit", work, outcome: "labelled" };
  }
  const { suggestion } = clip;
  if (suggestion === null) return { do: "say", sentence: "This clip holds nothing yet. Press a class key, X to reject it or N to skip it." };
  const said = suggestion.segments.length === 0 ? { ...work, label: suggestion.top } : agreed(work, suggestion.segments, clip, newKey);
  return { do: "submit", work: said, outcome: "labelled" };
}

function nudged({ work, clip, at }: Situation, by: number): Deed {
  const segment = selectedOf(work);
  if (segment === null) return { do: "say", sentence: "Choose a segment first, with ↑ or ↓." };
  const edge = edgeNear(segment, at, by);
  const after = nudge(work, edge, by, clip);
  const moved = selectedOf(after) ?? segment;
  return { do: "edit", work: after, seek: edge === "start" ? moved.start : moved.end - 1 };
}

function toSegment({ work, at }: Situation, direction: 1 | -1): Deed | null {
  const segment = neighbourOf(work, at, direction);
  return segment === null ? null : { do: "edit", work: select(work, segment.key), seek: segment.start };
}

function edited(work: Work): Deed {
  return { do: "edit", work, seek: null };
}

function changed(before: Work, after: Work, otherwise: string): Deed {
  return before === after ? { do: "say", sentence: otherwise } : edited(after);
}
