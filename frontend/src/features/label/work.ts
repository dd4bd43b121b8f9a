/** What is being said about one clip, and every way to change it. Pure: each edit gives a new value, or the same one when it changes nothing. */
import type { Content, Outcome, Segment } from "./types";

export interface Bounds {
  readonly start: number;
  readonly end: number;
}

export interface Work {
  /** The class that fills the clip. */
  readonly label: string | null;
  /** By start, then end. */
  readonly segments: readonly Segment[];
  readonly comment: string;
  readonly selected: string | null;
  /** First frame of the segment that is being marked. */
  readonly markIn: number | null;
  /** The frame after its last. */
  readonly markOut: number | null;
  /** A class chosen before its marks. */
  readonly armed: string | null;
}

export const NO_WORK: Work = { label: null, segments: [], comment: "", selected: null, markIn: null, markOut: null, armed: null };

export type Edge = "start" | "end";
export type NewKey = () => string;

export function workOf(content: Content | null): Work {
  if (content === null) return NO_WORK;
  return { ...NO_WORK, label: content.label, segments: sorted(content.segments), comment: content.comment };
}

/** Rejected clips hold nothing for training, so what they held is not sent; it stays in their history. */
export function contentOf(work: Work, outcome: Outcome): Content {
  const keep = outcome === "labelled" || outcome === "uncertain";
  return { outcome, label: keep ? work.label : null, segments: keep ? work.segments : [], comment: work.comment };
}

/** Whether the two say the same, whatever is selected or marked. */
export function sameSaying(a: Work, b: Work): boolean {
  return a === b || (a.label === b.label && a.comment === b.comment && JSON.stringify(a.segments) === JSON.stringify(b.segments));
}

/** Among segments a class key names one of them; elsewhere it names the whole clip. */
export function amongSegments(work: Work): boolean {
  return work.segments.length > 0 || work.markIn !== null || work.markOut !== null || work.armed !== null;
}

export function selectedOf(work: Work): Segment | null {
  return work.segments.find((segment) => segment.key === work.selected) ?? null;
}

export function setMarkIn(work: Work, at: number, bounds: Bounds, newKey: NewKey): Work {
  const markIn = within(at, bounds.start, bounds.end - 1);
  const markOut = work.markOut !== null && work.markOut > markIn ? work.markOut : null;
  return completed({ ...work, markIn, markOut, selected: null }, newKey);
}

/** Frame `at` is the last one inside. */
export function setMarkOut(work: Work, at: number, bounds: Bounds, newKey: NewKey): Work {
  const markOut = within(at + 1, bounds.start + 1, bounds.end);
  const markIn = work.markIn !== null && work.markIn < markOut ? work.markIn : null;
  return completed({ ...work, markIn, markOut, selected: null }, newKey);
}

function completed(work: Work, newKey: NewKey): Work {
  return work.armed === null || work.markIn === null || work.markOut === null ? work : withSegment(work, work.armed, work.markIn, work.markOut, newKey());
}

/**
 * A class among segments, with the playhead on frame `at`: it names what is marked (an open mark ends at the playhead), else the selected segment,
 * else it waits for marks.
 */
export function giveClass(work: Work, label: string, at: number, bounds: Bounds, newKey: NewKey): Work {
  const { markIn, markOut } = work;
  if (markIn !== null && markOut !== null) return withSegment(work, label, markIn, markOut, newKey());
  if (markIn !== null && at > markIn) return withSegment(work, label, markIn, within(at + 1, markIn + 1, bounds.end), newKey());
  if (markOut !== null) return withSegment(work, label, bounds.start, markOut, newKey());
  if (markIn === null && selectedOf(work) !== null) return relabel(work, label);
  return { ...work, armed: work.armed === label ? null : label };
}

export function withSegment(work: Work, label: string, start: number, end: number, key: string): Work {
  const segments = sorted([...work.segments, { key, label, start, end, actor: null }]);
  return { ...work, segments, selected: key, markIn: null, markOut: null, armed: null };
}

export function relabel(work: Work, label: string): Work {
  return changed(work, (segment) => (segment.label === label ? segment : { ...segment, label }));
}

/** The edge that lies nearer to the playhead; between two equal ones the key decides, so that a segment of one frame can grow both ways. */
export function edgeNear(segment: Segment, at: number, by: number): Edge {
  const toStart = Math.abs(at - segment.start);
  const toEnd = Math.abs(at - (segment.end - 1));
  if (toStart === toEnd) return by < 0 ? "start" : "end";
  return toStart < toEnd ? "start" : "end";
}

/** Moves an edge of the selected segment, never past the other edge and never out of the clip. */
export function nudge(work: Work, edge: Edge, by: number, bounds: Bounds): Work {
  const segment = selectedOf(work);
  return segment === null ? work : moveEdge(work, edge, segment[edge] + by, bounds);
}

export function moveEdge(work: Work, edge: Edge, to: number, bounds: Bounds): Work {
  return changed(work, (segment) => {
    const place = edge === "start" ? within(to, bounds.start, segment.end - 1) : within(to, segment.start + 1, bounds.end);
    return place === segment[edge] ? segment : { ...segment, [edge]: place };
  });
}

/** Cuts the selected segment, or the one under the playhead, so that frame `at` begins the second half. */
export function split(work: Work, at: number, newKey: NewKey): Work {
  const inside = (segment: Segment): boolean => at > segment.start && at < segment.end;
  const chosen = selectedOf(work);
  const segment = chosen !== null && inside(chosen) ? chosen : work.segments.find(inside);
  if (segment === undefined) return work;
  const second: Segment = { ...segment, key: newKey(), start: at };
  const rest = work.segments.filter((entry) => entry !== segment);
  return { ...work, segments: sorted([...rest, { ...segment, end: at }, second]), selected: second.key };
}

/** Joins the selected segment with the next one of its class, or else with the one before; what lay between them is in it. */
export function merge(work: Work): Work {
  const segment = selectedOf(work);
  if (segment === null) return work;
  const alike = work.segments.filter((entry) => entry.label === segment.label);
  const at = alike.indexOf(segment);
  const other = alike[at + 1] ?? alike[at - 1];
  if (other === undefined) return work;
  const joined: Segment = { ...segment, start: Math.min(segment.start, other.start), end: Math.max(segment.end, other.end) };
  return { ...work, segments: sorted(work.segments.flatMap((entry) => (entry === segment ? [joined] : entry === other ? [] : [entry]))) };
}

/** Deletes the selected segment; with none selected it lets go of the marks, and then of the clip's own class. */
export function remove(work: Work): Work {
  const segment = selectedOf(work);
  if (segment !== null) {
    const at = work.segments.indexOf(segment);
    const segments = work.segments.filter((entry) => entry !== segment);
    return { ...work, segments, selected: (segments[at] ?? segments[at - 1])?.key ?? null };
  }
  if (work.markIn !== null || work.markOut !== null) return { ...work, markIn: null, markOut: null };
  return work.label === null ? work : { ...work, label: null };
}

export function select(work: Work, key: string | null): Work {
  return work.selected === key ? work : { ...work, selected: key };
}

/** The segment after or before the selected one; with none selected, the one after or before the playhead. */
export function neighbourOf(work: Work, at: number, direction: 1 | -1): Segment | null {
  const chosen = selectedOf(work);
  if (chosen !== null) return work.segments[work.segments.indexOf(chosen) + direction] ?? null;
  const found = direction === 1 ? work.segments.find((segment) => segment.start >= at) : work.segments.findLast((segment) => segment.start <= at);
  return found ?? null;
}

/** Lets go of one thing at a time: a waiting class, the marks, the selection. */
export function letGo(work: Work): Work {
  if (work.armed !== null) return { ...work, armed: null };
  if (work.markIn !== null || work.markOut !== null) return { ...work, markIn: null, markOut: null };
  return select(work, null);
}

export function comment(work: Work, text: string): Work {
  const trimmed = text.trim();
  return trimmed === work.comment ? work : { ...work, comment: trimmed };
}

/** What of a clip's own frames a suggestion's segments cover, as segments of a person who agreed. */
export function agreed(work: Work, guesses: readonly Omit<Segment, "key" | "actor">[], bounds: Bounds, newKey: NewKey): Work {
  const segments = guesses.flatMap(({ label, start, end }): Segment[] => {
    const from = Math.max(start, bounds.start);
    const to = Math.min(end, bounds.end);
    return from < to ? [{ key: newKey(), label, start: from, end: to, actor: null }] : [];
  });
  return { ...work, segments: sorted([...work.segments, ...segments]), selected: null };
}

function changed(work: Work, change: (segment: Segment) => Segment): Work {
  const segment = selectedOf(work);
  if (segment === null) return work;
  const next = change(segment);
  return next === segment ? work : { ...work, segments: sorted(work.segments.map((entry) => (entry === segment ? next : entry))) };
}

function sorted(segments: readonly Segment[]): readonly Segment[] {
  return segments.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.key < b.key ? -1 : 1));
}

function within(n: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, n));
}
