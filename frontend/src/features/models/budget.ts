/** What the curves of accuracy over frames say. Pure. */
import type { ModelOutCurve } from "../../api/generated/model";
import type { Line, Point } from "../../ui/chart";
import { count } from "../../ui/words";

/** The methods in the order of a key, ours first and thickest. */
const METHODS: readonly { readonly id: string; readonly name: string; readonly colour: string; readonly dash?: string; readonly thick?: boolean }[] = [
  { id: "smart", name: "SMART", colour: "var(--accent-text)", thick: true },
  { id: "global", name: "Global", colour: "var(--c3)", dash: "1 4" },
  { id: "single", name: "Single", colour: "var(--c2)", dash: "6 4" },
  { id: "mgsampler", name: "MGSampler", colour: "var(--c6)", dash: "10 3 2 3" },
  { id: "uniform", name: "Uniform", colour: "var(--text-1)" },
  { id: "random", name: "Random", colour: "var(--text-3)", dash: "3 3" },
];

function pointsOf(curve: ModelOutCurve, method: string): Point[] {
  return Object.entries(curve[method] ?? {})
    .map(([frames, accuracy]) => ({ x: Number(frames), y: accuracy }))
    .toSorted((a, b) => a.x - b.x);
}

export function curveLines(curve: ModelOutCurve): Line[] {
  return METHODS.flatMap(({ id, ...look }) => {
    const points = pointsOf(curve, id);
    return points.length === 0 ? [] : [{ ...look, points }];
  });
}

export interface Reading {
  readonly smart: Point;
  readonly uniform: Point;
  /** Uniform reaches it, or its best where it never does. */
  readonly matched: boolean;
  /** The model looks at as many frames as were tried. */
  readonly most: boolean;
}

/** SMART at the model's own budget, held against as few evenly spread frames as are as good. Null where either was not measured. */
export function readingOf(curve: ModelOutCurve, budget: number | null): Reading | null {
  const tried = pointsOf(curve, "smart");
  const smart = tried.find((point) => point.x === budget);
  const uniform = pointsOf(curve, "uniform");
  if (smart === undefined || uniform.length === 0) return null;
  const match = uniform.find((point) => point.y >= smart.y - 1e-9);
  const best = uniform.reduce((top, point) => (point.y > top.y ? point : top));
  return { smart, uniform: match ?? best, matched: match !== undefined, most: tried.length > 1 && smart === tried.at(-1) };
}

export interface Sentence {
  readonly lead: string;
  readonly tail: string;
}

/** What the chart shows: the frames that the choice saves, or that it saves none. */
export function readingWords({ smart, uniform, matched, most }: Reading): Sentence {
  const lead = `SMART at ${count(smart.x, "frame")}`;
  if (!matched) return { lead: `${lead} is better than uniform at any number`, tail: `: ${(smart.y * 100).toFixed(1)} % against at best ${(uniform.y * 100).toFixed(1)} %, at ${uniform.x}.` };
  if (uniform.x > smart.x) return { lead: `${lead} matches uniform at ${uniform.x}`, tail: `: ${(uniform.x / smart.x).toFixed(1).replace(".0", "")} times fewer to look at.` };
  if (most) return { lead: `SMART looks at ${count(smart.x, "frame")}, the most it may`, tail: ": validation did not show that fewer would do as well." };
  return { lead: `${lead} is no better than uniform at ${uniform.x}`, tail: ": here the choice saves nothing." };
}

export function curveOn(on: string): string {
  return on === "test" ? "on the test clips" : on === "val" ? "on the validation clips, as there is no test side" : "";
}
