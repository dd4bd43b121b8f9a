import fc from "fast-check";
import { expect, test } from "vitest";
import { barsOf, limitAt, nudged, placeOf, stepOf, ticksOf } from "./histogram";
import type { Unit } from "./types";

const SCORE = { lo: 0, hi: 1 };
const SECONDS = { lo: 0, hi: 10 };
const METRIC = { ...SCORE, counts: [1000, 125, 8, 0], kept: [1000, 100, 0, 0] };

test("bars beyond the limit are rejected, those between the old and a higher one would be recovered", () => {
  expect(barsOf(METRIC, 0.3, 0.6).map((bar) => bar.fate)).toEqual(["kept", "recovered", "rejected", "rejected"]);
  expect(barsOf(METRIC, 0.6, 0.3).map((bar) => bar.fate)).toEqual(["kept", "rejected", "rejected", "rejected"]);
  expect(barsOf(METRIC, 0.3, null).map((bar) => bar.fate)).toEqual(["kept", "recovered", "recovered", "recovered"]);
});

test("heights grow with the cube root, and show what another rule rejects", () => {
  const bars = barsOf(METRIC, 0.6, 0.6);
  expect(bars.map((bar) => bar.height)).toEqual([1, 0.5, 0.2, 0]);
  expect(bars[1]?.kept).toBeCloseTo(0.4);
});

test("arrows step by a hundredth, ten with Shift, ends by Home and End", () => {
  expect(nudged(0.5, "ArrowRight", false, SCORE, "score")).toBe(0.51);
  expect(nudged(0.5, "ArrowLeft", true, SCORE, "score")).toBe(0.4);
  expect(nudged(2, "ArrowUp", false, SECONDS, "seconds")).toBe(2.1);
  expect([nudged(0.5, "Home", false, SCORE, "score"), nudged(0.5, "End", false, SCORE, "score")]).toEqual([0, 1]);
  expect(nudged(0.5, "x", false, SCORE, "score")).toBeUndefined();
});

test("one step beyond the end the rule is off, one back it is on", () => {
  expect(nudged(1, "ArrowRight", false, SCORE, "score")).toBeNull();
  expect(nudged(null, "ArrowRight", false, SCORE, "score")).toBeNull();
  expect(nudged(null, "ArrowLeft", false, SCORE, "score")).toBe(1);
  expect(limitAt(1.1, SCORE, "score")).toBeNull();
});

test("a limit never leaves its scale and is told without rest", () => {
  const keys = fc.array(fc.constantFrom("ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"), { maxLength: 40 });
  fc.assert(
    fc.property(keys, fc.boolean(), fc.constantFrom<Unit>("score", "seconds", "levels"), (pressed, shift, unit) => {
      const scale = { lo: 0, hi: unit === "score" ? 1 : 32 };
      let limit: number | null = 0.5;
      for (const key of pressed) limit = nudged(limit, key, shift, scale, unit) ?? null;
      expect(limit === null || (limit >= 0 && limit <= scale.hi && Number(limit.toFixed(2)) === limit)).toBe(true);
    }),
  );
});

test("a place and its limit belong together", () => {
  expect(placeOf(limitAt(0.37, SCORE, "score"), SCORE)).toBeCloseTo(0.37);
  expect([placeOf(null, SCORE), placeOf(7, SCORE), placeOf(-1, SCORE)]).toEqual([1, 1, 0]);
  expect(stepOf(SECONDS, "seconds")).toBe(0.1);
});

test("ticks tell the unit once", () => {
  expect(ticksOf(SECONDS, "seconds").map((tick) => tick.text)).toEqual(["0", "2.5", "5", "7.5", "10 s"]);
  expect(ticksOf(SCORE, "score").map((tick) => tick.text)).toEqual(["0", "0.25", "0.50", "0.75", "1"]);
});
