/** What the timeline shows of one clip: its class rows in a steady order, people's segments solid, the model's hatched. Pure. */
import type { Lanes, LaneSegment, Stretch } from "../../player/lanes";
import type { RejectedSpan } from "../../player/timeline";
import { count, metric, reasonName } from "../../ui/words";
import type { Desk } from "./desk";
import type { Clip, ClipSpan, LabelClass } from "./types";
import type { Work } from "./work";

/** Rows that fit at 24 pixels each. */
const ROWS = 5;

export interface Row {
  readonly label: LabelClass;
  /** `3`, `1 suggested`, `1 + 1`. */
  readonly note: string;
}

/** A model's word stands until a person has said something of their own. */
export function stillGuessed(clip: Clip, work: Work): boolean {
  return clip.suggestion !== null && (clip.annotation === null || clip.annotation.outcome === "cleared") && work.label === null && work.segments.length === 0;
}

/** The classes that the clip holds come first, in the label set's order; the likeliest others fill up. */
export function rowsOf(clip: Clip, work: Work, classes: readonly LabelClass[]): Row[] {
  const guesses = stillGuessed(clip, work) ? clip.suggestion : null;
  const held = tally([...work.segments.map((segment) => segment.label), ...(work.label === null ? [] : [work.label])]);
  const guessed = tally(guesses === null ? [] : guesses.segments.length > 0 ? guesses.segments.map((segment) => segment.label) : [guesses.top]);
  const first = classes.filter(({ id }) => held.has(id) || guessed.has(id) || work.armed === id);
  const likely = (clip.suggestion?.scores ?? []).flatMap(({ label }) => classes.filter(({ id }) => id === label));
  const rest = [...likely, ...classes].filter(({ archived }) => !archived);
  const shown = [...new Set([...first, ...rest])].slice(0, Math.max(ROWS, first.length));
  return shown.map((label) => ({ label, note: noteOf(held.get(label.id) ?? 0, guessed.get(label.id) ?? 0) }));
}

function tally(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function noteOf(held: number, guessed: number): string {
  if (held > 0 && guessed > 0) return `${held} + ${guessed}`;
  if (guessed > 0) return `${guessed} suggested`;
  return held > 0 ? String(held) : "";
}

/** `said` is what was written here since the clip was fetched, by clip: its neighbours are older. */
export function lanesOf(clip: Clip, work: Work, rows: readonly Row[], classes: readonly LabelClass[], said: Desk["written"] = {}): Lanes {
  const { start, end, suggestion } = clip;
  const rowAt = new Map(rows.map(({ label }, i) => [label.id, i]));
  const put = (label: string, rest: Omit<LaneSegment, "row" | "colour" | "name"> & { readonly name?: string }): LaneSegment[] => {
    const row = rowAt.get(label);
    const found = classes.find(({ id }) => id === label);
    return row === undefined || found === undefined ? [] : [{ ...rest, row, colour: found.colour, name: `${found.name}${rest.name ?? ""}` }];
  };
  const guesses = stillGuessed(clip, work) && suggestion !== null ? suggestion : null;
  const top = guesses?.scores.find(({ label }) => label === guesses.top)?.p ?? 0;
  return {
    rows: rows.length,
    segments: [
      ...(guesses === null || guesses.segments.length > 0 ? [] : put(guesses.top, { key: "guess", start, end, guess: true, selected: false, name: ` ${top.toFixed(2)}` })),
      ...(guesses?.segments ?? []).flatMap((guess, i) =>
        put(guess.label, { key: `guess${i}`, start: guess.start, end: guess.end, guess: true, selected: false, startSd: guess.start_sd, endSd: guess.end_sd, name: ` ${guess.p.toFixed(2)}` }),
      ),
      ...(work.label === null ? [] : put(work.label, { key: "whole", start, end, guess: false, selected: false })),
      ...work.segments.flatMap((segment) => put(segment.label, { key: segment.key, start: segment.start, end: segment.end, guess: false, selected: segment.key === work.selected })),
    ],
    chosen: suggestion?.chosen ?? [],
    bounds: { start, end },
    markIn: work.markIn,
    markOut: work.markOut,
    stretches: clip.neighbours.map((other): Stretch => {
      const own = said[other.clip];
      const label = own === undefined ? other.label : own.content.label;
      return { start: other.start, end: other.end, colour: classes.find(({ id }) => id === label)?.colour ?? null };
    }),
  };
}

export function rejectedSpans(spans: readonly ClipSpan[]): RejectedSpan[] {
  return spans
    .filter(({ state }) => state !== "restored")
    .map(({ start, end, reason, value, threshold }) => ({ start, end, label: `${reasonName(reason)} ${metric(value, threshold)}`, detail: `${count(end - start, "frame")} rejected` }));
}
