import { expect, test } from "vitest";
import { parsePlace } from "./GoTo";

const at = (seconds: number): number => Math.floor(seconds * 10);

test("a number is a frame, with or without its comma", () => {
  expect([parsePlace("4182", at), parsePlace(" 4,182 ", at), parsePlace("0", at)]).toEqual([4182, 4182, 0]);
});

test("a time-code is a time", () => {
  expect([parsePlace("1:02", at), parsePlace("1:00:00.5", at), parsePlace("62.5", at)]).toEqual([620, 36_005, 625]);
});

test("anything else is neither", () => {
  expect(["", "-4", "soon", "1:2:3:4", "1e9"].map((text) => parsePlace(text, at))).toEqual([null, null, null, null, null]);
});
