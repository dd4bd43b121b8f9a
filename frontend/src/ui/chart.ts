/** Where the lines of a chart lie: ranges, ticks and paths. Pure; `LineChart` draws them. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly name: string;
  readonly colour: string;
  /** A dash pattern, so that colour is never the only difference. */
  readonly dash?: string;
  readonly thick?: boolean;
  readonly points: readonly Point[];
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Round steps that a person counts in; the last is far more than any chart here spans. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Steps that part a range into at most `most` pieces. */
export function stepOf(span: number, most: number): number {
  return STEPS.find((step) => span / step <= most) ?? span / most;
}

/** A range around the values, from step to step; a single value gets a step of room on either side. */
export function rangeOf(values: readonly number[], most = 4): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = stepOf(Math.max(high - low, 0.04), most);
  const from = tidy(Math.floor(low / step) * step);
  const to = tidy(Math.ceil(high / step) * step);
  return from === to ? { low: tidy(from - step), high: tidy(to + step) } : { low: from, high: to };
}

export function ticksOf({ low, high }: Range, most = 4): number[] {
  const step = stepOf(high - low, most);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
}

/** Ticks in words: all with as many digits after the point, and the unit on the topmost alone. */
export function labelled(ticks: readonly number[], format: (value: number) => string): { readonly tick: number; readonly text: string }[] {
  const parts = ticks.map((tick) => /^(\D*[\d,]*)(\.\d+)?(.*)$/.exec(format(tick)) ?? ["", format(tick), "", ""]);
  const digits = Math.max(0, ...parts.map(([, , after]) => (after ?? "").length));
  return ticks.map((tick, i) => {
    const [, before = "", after = "", unit = ""] = parts[i] ?? [];
    const padded = digits === 0 ? "" : (after === "" ? "." : after).padEnd(digits, "0");
    return { tick, text: `${before}${padded}${i === ticks.length - 1 ? unit : ""}` };
  });
}

/** Whole numbers from the first to the last, both there, and few between them. */
export function countTicks(first: number, last: number, most = 5): number[] {
  if (last <= first) return [first];
  const step = Math.max(1, stepOf(last - first, most));
  const inner: number[] = [];
  for (let at = Math.ceil((first + 1) / step) * step; at < last; at += step) if (last - at >= step / 2 && at - first >= step / 2) inner.push(at);
  return [first, ...inner, last];
}

function tidy(value: number): number {
  return Number(value.toFixed(6));
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function place(value: number, { low, high }: Range, from: number, to: number): number {
  return high === low ? from : from + ((value - low) / (high - low)) * (to - from);
}

/** An SVG path through the points, to a tenth of a unit. */
export function pathOf(points: readonly Point[], x: Range, y: Range, frame: Frame): string {
  return points.map((point, i) => `${i === 0 ? "M" : "L"}${place(point.x, x, frame.left, frame.right).toFixed(1)} ${place(point.y, y, frame.bottom, frame.top).toFixed(1)}`).join("");
}
