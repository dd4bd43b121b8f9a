import fc from "fast-check";
import { expect, test } from "vitest";
import { countTicks, labelled, pathOf, rangeOf, ticksOf } from "./chart";

test("a range goes from step to step around its values", () => {
  expect(rangeOf([0.53, 0.87])).toEqual({ low: 0.5, high: 0.9 });
  expect(rangeOf([0.41, 2.1])).toEqual({ low: 0, high: 2.5 });
});

test("a single value lies inside its range", () => {
  const { low, high } = rangeOf([0.8]);
  expect([low < 0.8, high > 0.8]).toEqual([true, true]);
});

test("every value lies in its range, and every tick too", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
      const range = rangeOf(values);
      const ticks = ticksOf(range);
      const inside = (value: number): boolean => value >= range.low - 1e-6 && value <= range.high + 1e-6;
      expect([values.every(inside), ticks.every(inside), ticks.length >= 2 && ticks.length <= 7]).toEqual([true, true, true]);
    }),
  );
});

test("counted ticks begin and end with the data, and do not crowd the end", () => {
  expect(countTicks(1, 40)).toEqual([1, 10, 20, 30, 40]);
  expect(countTicks(1, 25)).toEqual([1, 5, 10, 15, 20, 25]);
  expect(countTicks(1, 3)).toEqual([1, 2, 3]);
  expect(countTicks(1, 1)).toEqual([1]);
  expect(countTicks(1, 41)).toEqual([1, 10, 20, 30, 41]);
});

const texts = (ticks: readonly number[], format: (value: number) => string): string[] => labelled(ticks, format).map(({ text }) => text);

test("ticks have as many digits as each other, and the unit is said once", () => {
  expect(texts([0, 0.5, 1, 1.5], String)).toEqual(["0.0", "0.5", "1.0", "1.5"]);
  expect(texts([0.8, 0.825, 0.85], (value) => `${Math.round(value * 1000) / 10} %`)).toEqual(["80.0", "82.5", "85.0 %"]);
  expect(texts([1000, 2000], (value) => value.toLocaleString("en"))).toEqual(["1,000", "2,000"]);
});

test("a path rises where values do", () => {
  const frame = { left: 0, right: 100, top: 0, bottom: 50 };
  expect(pathOf([{ x: 0, y: 0 }, { x: 1, y: 1 }], { low: 0, high: 1 }, { low: 0, high: 1 }, frame)).toBe("M0.0 50.0L100.0 0.0");
});
