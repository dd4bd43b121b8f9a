import fc from "fast-check";
import { expect, test } from "vitest";
import { clampView, followView, frameAt, tickStep, xOf, zoomView } from "./view";

const count = fc.integer({ min: 1, max: 2_000_000 });
const part = fc.double({ min: 0, max: 1, noNaN: true });

test("a view never leaves the video", () => {
  fc.assert(
    fc.property(count, fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 1, max: 1e7 }), (n, from, span) => {
      const view = clampView(from, from + span, n);
      expect(view.from).toBeGreaterThanOrEqual(0);
      expect(view.to).toBeLessThanOrEqual(n);
      expect(view.to).toBeGreaterThan(view.from);
    }),
  );
});

test("zooming keeps the frame under the hand, unless the video ends", () => {
  const view = zoomView({ from: 1000, to: 2000 }, 0.5, 0.25, 100_000);
  expect(view).toEqual({ from: 1125, to: 1625 });
  fc.assert(
    fc.property(count, part, fc.double({ min: 0.01, max: 100, noNaN: true }), (n, at, factor) => {
      const zoomed = zoomView(clampView(0, n, n), factor, at, n);
      expect(zoomed.from).toBeGreaterThanOrEqual(0);
      expect(zoomed.to).toBeLessThanOrEqual(n + 1e-6);
    }),
  );
});

test("the page turns only when the playhead leaves it", () => {
  const view = { from: 100, to: 200 };
  expect(followView(view, 150, 1000)).toBe(view);
  expect(followView(view, 200, 1000)).toEqual({ from: 190, to: 290 });
  expect(followView(view, 99, 1000)).toEqual({ from: 9, to: 109 });
  expect(followView(view, 999, 1000)).toEqual({ from: 900, to: 1000 });
});

test("a frame is found where it is drawn", () => {
  fc.assert(
    fc.property(count, fc.nat(), fc.integer({ min: 300, max: 4000 }), (n, pick, width) => {
      const frame = pick % n;
      const view = clampView(frame - 50, frame + 50, n);
      expect(frameAt(view, xOf(view, frame + 0.5, width), width)).toBe(frame);
    }),
  );
});

test("ruler marks are round numbers with room between them", () => {
  expect(tickStep({ from: 0, to: 300 }, 1200, 96)).toBe(50);
  expect(tickStep({ from: 0, to: 12 }, 1200, 96)).toBe(1);
  expect(tickStep({ from: 0, to: 108_000 }, 1200, 96)).toBe(10_000);
});
