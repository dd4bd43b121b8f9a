/** The bars of one metric and the handle of its limit: where they stand and what a key makes of it. Pure. */
import type { GateMetric, Unit } from "./types";
import { digitsOf, plain } from "./words";

/** Heights from 0 to 1, by the cube root of the frames, so that the few that matter are seen beside the many. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  /** The part of it, from below, that no rule rejects. */
  readonly kept: number;
  readonly fate: "kept" | "rejected" | "recovered";
}

type Scale = Pick<GateMetric, "lo" | "hi">;

export function barsOf(metric: Pick<GateMetric, "lo" | "hi" | "counts" | "kept">, was: number | null, now: number | null): Bar[] {
  const most = Math.max(1, ...metric.counts);
  const width = 1 / metric.counts.length;
  return metric.counts.map((count, i) => {
    const middle = metric.lo + (i + 0.5) * width * (metric.hi - metric.lo);
    const out = now !== null && middle > now;
    const wasOut = was !== null && middle > was;
    const height = Math.cbrt(count / most);
    const kept = count === 0 ? 0 : height * ((metric.kept[i] ?? 0) / count);
    return { x: i * width, width, height, kept: out || wasOut ? height : kept, fate: out ? "rejected" : wasOut ? "recovered" : "kept" };
  });
}

/** Where a limit stands from 0 to 1; a rule that is off stands at the end. */
export function placeOf(limit: number | null, { lo, hi }: Scale): number {
  if (limit === null || hi <= lo) return 1;
  return Math.min(1, Math.max(0, (limit - lo) / (hi - lo)));
}

/** The limit at a place from 0 to 1, rounded to what is told; beyond the end the rule is off. */
export function limitAt(place: number, { lo, hi }: Scale, unit: Unit): number | null {
  if (place > 1) return null;
  return rounded(lo + Math.max(0, place) * (hi - lo), unit);
}

function rounded(value: number, unit: Unit): number {
  return Number(value.toFixed(digitsOf(unit)));
}

/** A hundredth of the scale, but at least the last digit that is told. */
export function stepOf({ lo, hi }: Scale, unit: Unit): number {
  return Math.max(10 ** -digitsOf(unit), rounded((hi - lo) / 100, unit));
}

const ARROWS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

/** The limit that a key leads to, undefined where the key is none of the slider's. One step beyond the end the rule is off. */
export function nudged(limit: number | null, key: string, shift: boolean, scale: Scale, unit: Unit): number | null | undefined {
  if (key === "Home") return scale.lo;
  if (key === "End") return scale.hi;
  const arrow = ARROWS[key];
  if (arrow === undefined) return undefined;
  const steps = shift && Math.abs(arrow) === 1 ? arrow * 10 : arrow;
  if (limit === null) return steps > 0 ? null : scale.hi;
  if (steps > 0 && limit >= scale.hi) return null;
  return Math.min(scale.hi, Math.max(scale.lo, rounded(limit + steps * stepOf(scale, unit), unit)));
}

/** Five ticks from end to end, the unit on the last. */
export function ticksOf({ lo, hi }: Scale, unit: Unit): { readonly at: number; readonly text: string }[] {
  return [0, 1, 2, 3, 4].map((k) => {
    const value = lo + (k / 4) * (hi - lo);
    const text = Number.isInteger(value) ? String(value) : plain(value, unit);
    return { at: k / 4, text: k === 4 && unit === "seconds" ? `${text} s` : text };
  });
}
