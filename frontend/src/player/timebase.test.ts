import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ordinal, type Run, Timebase, TimebaseError } from "./timebase";

const ninety = { num: 1, den: 90_000 };

/** Rising timestamps of any rhythm, and the runs that say the same. */
const timestamps = fc
  .tuple(fc.integer({ min: -5000, max: 900_000 }), fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 60 }))
  .map(([first, deltas]) => deltas.reduce<number[]>((all, delta) => [...all, (all.at(-1) ?? first) + delta], [first]));

function runsOf(pts: readonly number[]): Run[] {
  const runs: [number, number, number][] = [];
  for (const value of pts) {
    const run = runs.at(-1);
    if (run !== undefined && run[2] === 1) {
      run[1] = value - run[0];
      run[2] = 2;
    } else if (run !== undefined && run[0] + run[1] * run[2] === value) run[2] += 1;
    else runs.push([value, 0, 1]);
  }
  return runs;
}

describe("a timebase", () => {
  test("gives every frame the timestamp it was made from", () => {
    fc.assert(
      fc.property(timestamps, (pts) => {
        const base = new Timebase(runsOf(pts), ninety);
        expect(base.count).toBe(pts.length);
        pts.forEach((value, n) => expect(base.ptsAt(n as Ordinal)).toBe(value));
      }),
    );
  });

  test("finds a frame by floor anywhere between its timestamp and the next", () => {
    fc.assert(
      fc.property(timestamps, fc.nat(), fc.double({ min: 0, max: 0.999, noNaN: true }), (pts, pick, part) => {
        const base = new Timebase(runsOf(pts), ninety);
        const n = (pick % pts.length) as Ordinal;
        const start = base.ptsAt(n);
        expect(base.ordinalAt(start + part * (base.endOf(n) - start))).toBe(n);
      }),
    );
  });

  test("puts the midpoint strictly inside the frame", () => {
    fc.assert(
      fc.property(timestamps, (pts) => {
        const base = new Timebase(runsOf(pts), ninety);
        for (let n = 0; n < pts.length; n += 1) {
          const middle = base.midpoint(n as Ordinal);
          expect(middle).toBeGreaterThan(base.ptsAt(n as Ordinal));
          expect(middle).toBeLessThan(base.endOf(n as Ordinal));
          expect(base.ordinalAt(middle)).toBe(n);
        }
      }),
    );
  });

  test("survives a browser that cuts media time to whole microseconds", () => {
    fc.assert(
      fc.property(timestamps, (raw) => {
        const pts = raw.map((value) => value - (raw[0] ?? 0));
        const base = new Timebase(runsOf(pts), ninety);
        for (let n = 0; n < pts.length; n += 1) {
          const cut = Math.floor(base.toSeconds(base.ptsAt(n as Ordinal)) * 1e6) / 1e6;
          expect(base.ordinalAtSeconds(cut)).toBe(n);
          expect(base.ordinalAtSeconds(base.seekSeconds(n as Ordinal))).toBe(n);
        }
      }),
    );
  });

  test("never leaves the video", () => {
    fc.assert(
      fc.property(timestamps, fc.integer(), (pts, any) => {
        const base = new Timebase(runsOf(pts), ninety);
        expect(base.ordinalAt(any)).toBeGreaterThanOrEqual(0);
        expect(base.ordinalAt(any)).toBeLessThan(base.count);
        expect(base.clamp(any)).toBe(Math.min(base.last, Math.max(0, any)));
      }),
    );
  });

  test("moves by a second, and by at least one frame", () => {
    const thirty = new Timebase([[0, 3000, 300]], ninety);
    expect(thirty.offsetBySeconds(60 as Ordinal, 1)).toBe(90);
    expect(thirty.offsetBySeconds(60 as Ordinal, -1)).toBe(30);
    expect(thirty.offsetBySeconds(299 as Ordinal, 1)).toBe(299);
    const slow = new Timebase([[0, 900_000, 3]], ninety);
    expect(slow.offsetBySeconds(0 as Ordinal, 1)).toBe(1);
    expect(slow.offsetBySeconds(2 as Ordinal, -1)).toBe(1);
  });

  test("gives the last frame the delta before it, and a lone frame a length", () => {
    expect(new Timebase([[0, 3000, 2], [9000, 0, 1]], ninety).endOf(2 as Ordinal)).toBe(15_000);
    expect(new Timebase([[0, 0, 1]], ninety).durationSeconds).toBeGreaterThan(0);
    expect(new Timebase([[0, 3000, 2]], ninety, 4500).endOf(1 as Ordinal)).toBe(7500);
  });

  test("refuses an index that is empty or runs backwards", () => {
    expect(() => new Timebase([], ninety)).toThrow(TimebaseError);
    expect(() => new Timebase([[100, 10, 5], [120, 10, 2]], ninety)).toThrow(TimebaseError);
    expect(() => new Timebase([[0, 0, 2]], ninety)).toThrow(TimebaseError);
    expect(() => new Timebase([[0, 10, 3]], ninety).ptsAt(3 as Ordinal)).toThrow(TimebaseError);
    expect(() => new Timebase([[0, 10, 3]], ninety).ptsAt(0.5 as Ordinal)).toThrow(TimebaseError);
  });

  test("looks up a frame of a ten-hour video without a table of frames", () => {
    const base = new Timebase([[0, 3000, 1_080_000]], ninety);
    expect(base.ordinalAt(base.midpoint(1_079_999 as Ordinal))).toBe(1_079_999);
  });
});
