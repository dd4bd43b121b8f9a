import { expect, test } from "vitest";
import { count, estimate, footage, length, metric, moment, percent, remaining, roughly, score, share, signed, size, timecode } from "./words";

test("counts say of what", () => {
  expect([count(1, "video"), count(4182, "frame"), count(0, "clip")]).toEqual(["1 video", "4,182 frames", "0 clips"]);
});

test("shares have one digit and a space, and nothing of nothing is a dash", () => {
  expect([percent(41, 1000), percent(0, 5), percent(0, 0)]).toEqual(["4.1 %", "0.0 %", "–"]);
});

test("lengths and amounts of footage read like a recorder's", () => {
  expect([length(7440), length(12.43), length(1800)]).toEqual(["2:04:00", "12.4 s", "0:30:00"]);
  expect([footage(222_000), footage(250), footage(35)]).toEqual(["61 h 40 min", "4 min", "35 s"]);
});

test("time-code is cut, never rounded up into the next frame", () => {
  expect([timecode(124.4339), timecode(0), timecode(3600.5)]).toEqual(["0:02:04.433", "0:00:00.000", "1:00:00.500"]);
});

test("large numbers and sizes keep three and two digits", () => {
  expect([roughly(6_660_000), roughly(999_999), size(9_840_000), size(412), size(20_000_000_000)]).toEqual(["6.66 million", "999,999", "9.8 MB", "412 B", "20 GB"]);
});

test("the year is said only when it is another one", () => {
  const now = new Date("2026-11-20T12:00:00");
  expect(moment("2026-10-14T17:00:00", now)).toBe("14 Oct, 17:00");
  expect(moment("2025-10-14T07:05:00", now)).toBe("14 Oct 2025, 07:05");
});

test("what is left is a range", () => {
  expect([remaining(4), remaining(42), remaining(300)]).toEqual(["under 10 s", "40–50 s", "5–7 min"]);
});

test("metrics keep the digits that matter and a true minus", () => {
  expect([metric(1204.3), metric(38.44), metric(0.6213), metric(-0.5)]).toEqual(["1204", "38.4", "0.62", "−0.50"]);
  expect([metric(29, 20), metric(0.503, 0.5), metric(0.57, 0.5)]).toEqual(["29", "0.503", "0.57"]);
});

test("an estimate is a range", () => {
  expect([estimate([300, 420]), estimate([22, 41]), estimate([2, 6]), estimate([40, 80]), estimate([3700, 7100])]).toEqual(["5–7 min", "20–50 s", "up to 10 s", "up to 2 min", "1–2 h"]);
});

test("what was not measured is a dash, never a zero", () => {
  expect([share(0.874), share(0), share(null), score(0.8514), score(null)]).toEqual(["87.4 %", "0.0 %", "–", "0.851", "–"]);
});

test("a difference shows its sign unless it is nothing", () => {
  expect([signed(1.81, 1), signed(-0.052, 2), signed(-0.001, 1)]).toEqual(["+1.8", "−0.05", "0.0"]);
});
