import fc from "fast-check";
import { expect, test } from "vitest";
import { span } from "./fixtures";
import { afterwards, between, cellsOf, columnsIn, landed, placed, placeOf, type Row, rowsOf, type Step, stepped } from "./grid";

const SPANS = [span("a", 0, 2), span("b", 10, 13), span("c", 20, 28), span("d", 30, 31)];
const drawn = (rows: readonly Row[]): string[] => rows.map((row) => (row.kind === "hour" ? row.name : row.cells.map((cell) => cell.span.id).join("")));
const starts = (rows: readonly Row[]): number[][] => rows.map((row) => row.cells.map((cell) => cell.tile.start));

test("the focus stays on its frame where tiles are cut elsewhere, and at its place where the frame is gone", () => {
  const cells = cellsOf([span("a", 0, 30, 10), span("b", 40, 44)]);
  expect([placeOf(cells, "v1:10"), placeOf(cells, "v1:15"), placeOf(cells, "v1:35"), placeOf(cells, "v2:10"), placeOf(cells, null)]).toEqual([1, 1, -1, -1, -1]);
  expect([landed(cells, 2)?.key, landed(cells, 99)?.key, landed([], 3)]).toEqual(["v1:20", "v1:43", undefined]);
});

test("a span begins beside the one before where it fits there whole", () => {
  const rows = rowsOf(SPANS, "span", 6);
  expect(drawn(rows)).toEqual(["aabbb", "cccccc", "ccd"]);
  expect(rows.map((row) => (row.kind === "tiles" ? row.heads.map((head) => [head.span.id, head.column, head.columns]) : []))).toEqual([[["a", 0, 2], ["b", 2, 3]], [["c", 0, 6]], [["d", 2, 1]]]);
});

test("without groups the frames flow", () => {
  expect(drawn(rowsOf(SPANS, "none", 6))).toEqual(["aabbbc", "cccccc", "cd"]);
});

test("hours are those of the recorder's clock", () => {
  const late = span("e", 40, 41, 1, { at: "2026-10-14T23:59:59Z" });
  const unknown = span("f", 50, 51, 1, { at: null });
  expect(drawn(rowsOf([span("a", 0, 2), late, unknown], "hour", 6))).toEqual(["14 Oct, 08:00–09:00", "aa", "14 Oct, 23:00–00:00", "e", "Recorded at an unknown time", "f"]);
});

test("every frame stands in the grid once and in its order, however it is grouped", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lengths, fc.constantFrom("span" as const, "none" as const), fc.integer({ min: 1, max: 9 }), (all, grouping, columns) => {
      const spans = all.map((length, i) => span(`s${i}`, i * 100, i * 100 + length));
      const rows = rowsOf(spans, grouping, columns);
      expect(rows.flatMap((row) => row.cells.map((cell) => cell.key))).toEqual(cellsOf(spans).map((cell) => cell.key));
      expect(rows.every((row) => row.cells.length <= columns && row.cells.length > 0)).toBe(true);
    }),
  );
});

test("arrows walk the frames, over the ends of rows", () => {
  const rows = rowsOf(SPANS, "none", 6);
  expect(starts(rows)).toEqual([[0, 1, 10, 11, 12, 20], [21, 22, 23, 24, 25, 26], [27, 30]]);
  const walked = (from: string, ...steps: Step[]): string | null => steps.reduce<string | null>((at, step) => stepped(rows, at, step, 2), from);
  expect(walked("v1:20", "right")).toBe("v1:21");
  expect(walked("v1:21", "left")).toBe("v1:20");
  expect(walked("v1:11", "down")).toBe("v1:24");
  expect(walked("v1:24", "down", "up")).toBe("v1:22");
  expect(walked("v1:0", "left", "up")).toBe("v1:0");
  expect(walked("v1:10", "last")).toBe("v1:30");
  expect(walked("v1:24", "first")).toBe("v1:0");
  expect(walked("v1:1", "pageDown")).toBe("v1:30");
  expect(stepped(rows, "gone", "down", 2)).toBe("v1:0");
  expect(stepped([], null, "down", 2)).toBeNull();
});

test("a stretch holds both its ends, from either side", () => {
  const cells = cellsOf(SPANS);
  const forwards = between(cells, "v1:1", "v1:12").map((cell) => cell.tile.start);
  expect(forwards).toEqual([1, 10, 11, 12]);
  expect(between(cells, "v1:12", "v1:1").map((cell) => cell.tile.start)).toEqual(forwards);
});

test("after a decision the focus is on the next that stays, else on the last before", () => {
  const cells = cellsOf(SPANS);
  const gone = new Set(["v1:10", "v1:11", "v1:12"]);
  expect(afterwards(cells, (cell) => gone.has(cell.key), "v1:10")).toBe("v1:20");
  expect(afterwards(cells, (cell) => cell.key !== "v1:0", "v1:10")).toBe("v1:0");
  expect(afterwards(cells, () => true, "v1:10")).toBeNull();
});

test("columns fill the width", () => {
  expect(columnsIn(952, 150, 12)).toEqual({ columns: 5, width: 180 });
  expect(columnsIn(100, 150, 12)).toEqual({ columns: 1, width: 100 });
});

test("the strip shows a frame in its own place or not at all", () => {
  const here = [8, 9, 10, 11, 12].map((frame) => ({ frame }));
  const shown = (frame: number) => placed(here, frame).map(({ item }) => item?.frame ?? null);
  expect(shown(10)).toEqual([null, null, 8, 9, 10, 11, 12, null, null]);
  expect(shown(13)).toEqual([9, 10, 11, 12, null, null, null, null, null]);
  expect(placed(here, 500).map(({ frame, item }) => [frame, item])).toEqual([496, 497, 498, 499, 500, 501, 502, 503, 504].map((frame) => [frame, null]));
});
