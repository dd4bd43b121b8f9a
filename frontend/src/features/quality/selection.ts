/** What is selected: some parts of spans, or all that the filter finds besides some. Pure. */
import type { PartIn, Span, SpanState, Tile } from "./types";

/** Frames `[start, end)` of one video. `span` is the span that held them when they were selected. */
export interface Part {
  readonly span: string;
  readonly video: string;
  readonly start: number;
  readonly end: number;
}

type Parts = ReadonlyMap<string, Part>;

export type Selection = { readonly kind: "some"; readonly parts: Parts } | { readonly kind: "all"; readonly besides: Parts };

export const NOTHING: Selection = { kind: "some", parts: new Map() };
export const ALL: Selection = { kind: "all", besides: new Map() };

export interface Size {
  readonly frames: number;
  readonly spans: number;
}

export function keyOf(part: Pick<Part, "video" | "start">): string {
  return `${part.video}:${part.start}`;
}

export function partOf(span: Span, tile: Tile): Part {
  return { span: span.id, video: span.video, start: tile.start, end: tile.end };
}

export function isChosen(selection: Selection, part: Part): boolean {
  return selection.kind === "all" ? !selection.besides.has(keyOf(part)) : selection.parts.has(keyOf(part));
}

export function isEmpty(selection: Selection): boolean {
  return selection.kind === "some" && selection.parts.size === 0;
}

/** The parts that were named one by one: those selected, or those left out. */
export function named(selection: Selection): Part[] {
  return [...(selection.kind === "all" ? selection.besides : selection.parts).values()];
}

function rebuilt(selection: Selection, parts: Parts): Selection {
  return selection.kind === "all" ? { kind: "all", besides: parts } : { kind: "some", parts };
}

/** Selects every one of the parts, or lets go of all where each was selected already. */
export function toggled(selection: Selection, parts: readonly Part[]): Selection {
  return chosen(selection, parts, !parts.every((part) => isChosen(selection, part)));
}

export function chosen(selection: Selection, parts: readonly Part[], wanted: boolean): Selection {
  const listed = new Map(selection.kind === "all" ? selection.besides : selection.parts);
  for (const part of parts) {
    if (wanted === (selection.kind === "some")) listed.set(keyOf(part), part);
    else listed.delete(keyOf(part));
  }
  return rebuilt(selection, listed);
}

/** The stretch from an anchor to the focus: selected where single parts are named, left out where all are selected. */
export function stretched(base: Selection, parts: readonly Part[]): Selection {
  return chosen(base, parts, base.kind === "some");
}

/** How much is selected; `all` is what the filter finds. Of spans that are left out in part, all count. */
export function sizeOf(selection: Selection, all: Size): Size {
  const parts = named(selection);
  const frames = parts.reduce((sum, part) => sum + part.end - part.start, 0);
  if (selection.kind === "all") return { frames: Math.max(0, all.frames - frames), spans: all.spans };
  return { frames, spans: new Set(parts.map((part) => part.span)).size };
}

/** The parts as spans hold them now: a decision in between may have cut a span in pieces with names of their own. */
export function resolved(parts: readonly Part[], spans: readonly Span[]): Part[] {
  const byVideo = grouped(spans, (span) => span.video);
  return parts.flatMap((part) => {
    const held = (byVideo.get(part.video) ?? []).filter((span) => span.start < part.end && span.end > part.start);
    if (held.length === 0) return [part];
    return held.map((span) => ({ span: span.id, video: part.video, start: Math.max(span.start, part.start), end: Math.min(span.end, part.end) }));
  });
}

/** Parts as the server takes them: neighbours joined, a span that is whole without its limits; each in the state that `saw` shows it in. */
export function bodies(parts: readonly Part[], spans: readonly Span[], saw: readonly Span[] = spans): PartIn[] {
  const whole = new Map(spans.map((span) => [span.id, span]));
  const seen = grouped(saw, (span) => span.video);
  const bySpan = grouped(parts, (part) => part.span);
  return [...bySpan].flatMap(([id, mine]) => {
    const span = whole.get(id);
    return joined(mine).map(({ start, end }) => {
      const state = stateOf((seen.get(mine[0]?.video ?? "") ?? []).filter((entry) => entry.start < end && entry.end > start));
      const limits = span !== undefined && span.start === start && span.end === end ? {} : { start, end };
      return { id, ...limits, ...(state === undefined ? {} : { state }) };
    });
  });
}

/** Exceptions as the server takes them: with their video and frames, which stay out even where their span is another by then. */
export function spares(parts: readonly Part[], spans: readonly Span[], saw: readonly Span[] = spans): PartIn[] {
  const at = new Map(parts.map((part) => [part.span, part.video]));
  const limits = new Map(spans.map(({ id, start, end }) => [id, { start, end }]));
  return bodies(parts, spans, saw).map((body) => {
    const video = at.get(body.id);
    return { ...limits.get(body.id), ...body, ...(video === undefined ? {} : { video }) };
  });
}

/** The one that all are in, if there is one. */
function stateOf(spans: readonly Span[]): SpanState | undefined {
  const states = new Set(spans.map(({ state }) => state));
  return states.size === 1 ? [...states][0] : undefined;
}

function grouped<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group === undefined) groups.set(by(item), [item]);
    else group.push(item);
  }
  return groups;
}

function joined(parts: readonly Part[]): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of parts.toSorted((a, b) => a.start - b.start)) {
    const last = runs.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else runs.push({ start, end });
  }
  return runs;
}

/** What was left out, selected on its own once the rest is decided: the exceptions are the next decision. */
export function exceptions(selection: Selection): Selection {
  return selection.kind === "all" ? { kind: "some", parts: selection.besides } : NOTHING;
}

/** What stays selected where a part is decided alone: neither is it among some, nor do all hold it. */
export function spared(selection: Selection, part: Part): Selection {
  return chosen(selection, [part], false);
}

/**
 * Names what tiles stand for by now: after a refetch a part may lie in tiles that are cut elsewhere. A tile is selected
 * where a part holds it whole. It is left out where an exception touches it, and an exception outlives its tiles: one
 * that got lost would be decided about.
 */
export function retiled(selection: Selection, spans: readonly Span[]): Selection {
  const parts = named(selection);
  if (parts.length === 0) return selection;
  const byVideo = grouped(parts, (part) => part.video);
  if (selection.kind === "all") return { kind: "all", besides: excepted(byVideo, spans) };
  const kept = new Map<string, Part>();
  for (const span of spans) {
    const mine = byVideo.get(span.video);
    if (mine === undefined) continue;
    for (const tile of span.tiles) {
      if (mine.some((part) => part.start <= tile.start && part.end >= tile.end)) kept.set(`${span.video}:${tile.start}`, partOf(span, tile));
    }
  }
  return { kind: "some", parts: kept };
}

/** Every tile that an exception touches, and what of the exceptions lies in no tile. */
function excepted(byVideo: ReadonlyMap<string, readonly Part[]>, spans: readonly Span[]): Parts {
  const besides = new Map<string, Part>();
  const tiles = grouped(
    spans.flatMap((span) => span.tiles.map((tile) => partOf(span, tile))),
    (part) => part.video,
  );
  for (const [video, mine] of byVideo) {
    const there = (tiles.get(video) ?? []).filter((tile) => mine.some((part) => overlap(part, tile)));
    const bare = mine.flatMap((part) => there.reduce<readonly Part[]>((rest, tile) => rest.flatMap((piece) => without(piece, tile)), [part]));
    for (const part of [...there, ...bare]) besides.set(keyOf(part), part);
  }
  return besides;
}

function overlap(a: Part, b: Part): boolean {
  return a.start < b.end && b.start < a.end;
}

function without(part: Part, hole: Part): Part[] {
  if (!overlap(part, hole)) return [part];
  return [
    { ...part, end: hole.start },
    { ...part, start: hole.end },
  ].filter((piece) => piece.start < piece.end);
}
