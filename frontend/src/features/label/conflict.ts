/** Two versions of one clip: where they differ, and how to keep what both say. Pure. */
import type { Draft, Segment } from "../../outbox";

/** The keys of the segments that the other version does not have just so. */
export function differing(version: Draft, other: Draft): ReadonlySet<string> {
  const left = other.segments.map(spoken);
  const keys = new Set<string>();
  for (const segment of version.segments) {
    const at = left.indexOf(spoken(segment));
    if (at === -1) keys.add(segment.key);
    else left.splice(at, 1);
  }
  return keys;
}

/** What differs besides the segments, named as a person would. */
export function otherDifferences(a: Draft, b: Draft): string[] {
  return [...(a.outcome === b.outcome ? [] : ["verdict"]), ...(a.label === b.label ? [] : ["class of the whole clip"]), ...(a.comment === b.comment ? [] : ["comment"])];
}

/** `1 segment and the comment differ`. */
export function difference(mine: Draft, theirs: Draft): string {
  const segments = Math.max(differing(mine, theirs).size, differing(theirs, mine).size);
  const parts = [...(segments === 0 ? [] : [segments === 1 ? "1 segment" : `${segments} segments`]), ...otherDifferences(mine, theirs).map((name) => `the ${name}`)];
  const last = parts.at(-1) ?? "nothing";
  const one = parts.length === 1 && segments <= 1;
  return `${parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`} ${one ? "differs" : "differ"}`;
}

/** What the server takes. Cut or not, both comments stay in the history. */
const LONGEST_COMMENT = 2_000;

export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Everything that either version says. What both say is kept once; the class of the whole clip is theirs, and mine becomes a segment
 * over all of it where it is another one. Null when neither holds a class or a segment: then there is nothing to put together.
 */
export function merged(mine: Draft, theirs: Draft, bounds: Bounds, newKey: () => string): Draft | null {
  const taken = new Set(theirs.segments.map((segment) => segment.key));
  const own = differing(mine, theirs);
  const segments: Segment[] = [...theirs.segments, ...mine.segments.filter((segment) => own.has(segment.key)).map((segment) => (taken.has(segment.key) ? { ...segment, key: newKey() } : segment))];
  const label = theirs.label ?? mine.label;
  if (mine.label !== null && mine.label !== label) segments.push({ key: newKey(), label: mine.label, start: bounds.start, end: bounds.end, actor: null });
  if (label === null && segments.length === 0) return null;
  const comment = [...new Set([theirs.comment, mine.comment])].filter((text) => text !== "").join("\n").slice(0, LONGEST_COMMENT);
  return { outcome: "labelled", label, segments: segments.toSorted((a, b) => a.start - b.start || a.end - b.end), comment };
}

/** Segments in rows, so that none covers another. */
export function rows(segments: readonly Segment[]): Segment[][] {
  const lanes: Segment[][] = [];
  for (const segment of segments.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const lane = lanes.find((other) => (other.at(-1)?.end ?? 0) <= segment.start);
    if (lane === undefined) lanes.push([segment]);
    else lane.push(segment);
  }
  return lanes;
}

function spoken(segment: Segment): string {
  return JSON.stringify([segment.label, segment.start, segment.end, segment.actor]);
}
