import { expect, test } from "vitest";
import { hitOf, type Lanes, type LaneSegment, rowHeight } from "./lanes";

const area = { top: 81, bottom: 201, width: 600 };
const view = { from: 0, to: 600 }; // one frame a pixel

function lanes(...segments: readonly Partial<LaneSegment>[]): Lanes {
  return {
    rows: 5,
    segments: segments.map((segment, i) => ({ key: `s${i}`, row: 0, colour: 1, start: 100, end: 300, name: "Walking", guess: false, selected: false, ...segment })),
    chosen: [],
    bounds: { start: 0, end: 600 },
    markIn: null,
    markOut: null,
    stretches: [],
  };
}

test("five rows share the height of the lanes", () => {
  expect([rowHeight(area, 5), rowHeight(area, 8), rowHeight(area, 0)]).toEqual([24, 15, 120]);
});

test("a segment is taken where it is drawn, in its own row", () => {
  const one = lanes({ row: 1 });
  expect(hitOf(one, view, area, 200, 81 + 30)).toEqual({ kind: "segment", key: "s0" });
  expect([hitOf(one, view, area, 200, 90), hitOf(one, view, area, 301, 111), hitOf(one, view, area, 200, 20)]).toEqual([null, null, null]);
});

test("the edges of the selected segment can be taken from 12 pixels away, those of others not", () => {
  const chosen = lanes({ selected: true });
  expect(hitOf(chosen, view, area, 90, 90)).toEqual({ kind: "edge", edge: "start" });
  expect(hitOf(chosen, view, area, 311, 90)).toEqual({ kind: "edge", edge: "end" });
  expect(hitOf(chosen, view, area, 313, 90)).toBe(null);
  expect(hitOf(lanes({}), view, area, 90, 90)).toBe(null);
});

test("what a model says cannot be dragged", () => {
  expect(hitOf(lanes({ guess: true, selected: true }), view, area, 100, 90)).toBe(null);
});
