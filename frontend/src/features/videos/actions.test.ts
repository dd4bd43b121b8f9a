import { expect, test } from "vitest";
import { LIST_ACTIONS, rowAfter } from "./actions";

test.each([
  ["vDown", 4, 5],
  ["vUp", 4, 3],
  ["vPageDown", 4, 14],
  ["vPageUp", 14, 4],
  ["vFirst", 50, 0],
  ["vLast", 50, 72],
])("%s leads from row %i to row %i", (id, from, to) => {
  expect(rowAfter(id, from, 73, 10)).toBe(to);
});

test("no key leads out of the list", () => {
  for (const { id } of LIST_ACTIONS) for (const from of [0, 2]) expect([0, 1, 2]).toContain(rowAfter(id, from, 3, 10));
});
