import { expect, test } from "vitest";
import { Arrival, onward } from "./onward";
import type { Ordinal } from "./timebase";

const range = (start: number, end: number) => ({ start: start as Ordinal, end: end as Ordinal });
const heard = (from: number, ...frames: number[]): boolean[] => {
  const arrival = new Arrival(from as Ordinal);
  return frames.map((n) => arrival.has(n as Ordinal));
};

test("the picture before, reported once more until the seek lands, is not what plays", () => {
  expect(heard(100, 40, 100, 101)).toEqual([false, true, true]);
  expect(heard(100, 900, 900, 100)).toEqual([false, false, true]);
});

test("on a machine that is late the first painted frame may be far on: the one after it counts", () => {
  expect(heard(100, 140, 144, 148)).toEqual([false, true, true]);
  expect(heard(100, 900, 160, 164)).toEqual([false, true, true]);
});

test("a frame before the one asked for is never what plays", () => {
  expect(heard(100, 40, 41, 42)).toEqual([false, false, false]);
});

test("what plays goes on counting once it has arrived, also where a loop leads back", () => {
  expect(heard(100, 100, 140, 90)).toEqual([true, true, true]);
});

test("a loop begins again at its last frame, so that none outside is painted", () => {
  const loop = range(10, 20);
  expect([18, 19, 22].map((n) => onward(n as Ordinal, 10 as Ordinal, loop, null))).toEqual(["on", "again", "again"]);
});

test("a clip stops at its last frame, unless playing began behind it", () => {
  const bounds = range(10, 20);
  expect([18, 19].map((n) => onward(n as Ordinal, 10 as Ordinal, null, bounds))).toEqual(["on", "stop"]);
  expect(onward(25 as Ordinal, 22 as Ordinal, null, bounds)).toBe("on");
});
