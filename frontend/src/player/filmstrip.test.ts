import { expect, test } from "vitest";
import { type Filmstrip, tileOf } from "./filmstrip";

const strip: Filmstrip = { tileWidth: 160, tileHeight: 90, columns: 5, rows: 4, every: 30, sheets: ["a.jpg", "b.jpg"] };

test("a frame takes the nearest picture", () => {
  expect(tileOf(strip, 0, 900)).toEqual({ sheet: 0, x: 0, y: 0 });
  expect(tileOf(strip, 14, 900)).toEqual({ sheet: 0, x: 0, y: 0 });
  expect(tileOf(strip, 16, 900)).toEqual({ sheet: 0, x: 160, y: 0 });
  expect(tileOf(strip, 30 * 7, 900)).toEqual({ sheet: 0, x: 320, y: 90 });
});

test("pictures go on over the sheets", () => {
  expect(tileOf(strip, 30 * 20, 900)).toEqual({ sheet: 1, x: 0, y: 0 });
});

test("the end of the video never asks for a picture that was not made", () => {
  expect(tileOf(strip, 899, 900)).toEqual(tileOf(strip, 870, 900));
});
