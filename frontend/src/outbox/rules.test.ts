import { expect, test } from "vitest";
import { append, lease, refuse } from "./rules";
import { Book } from "./store";
import type { Edit } from "./types";

const LENGTH = 8_000;

function edit(base: number): Edit {
  return { slug: "yard", clip: "a", base, annotation: { outcome: "labelled", label: "walk", segments: [], comment: "" }, suggestion: null };
}

test("another tab's lease holds until it runs out", () => {
  const book = new Book([], { owner: "other", until: 5_000 });
  expect(lease(book, "me", 4_999, LENGTH)).toBe(false);
  expect(lease(book, "me", 5_000, LENGTH)).toBe(true);
  expect(book.lease).toEqual({ owner: "me", until: 13_000 });
});

test("a lease that ends later than any lease can was given by a clock that was ahead, and does not count", () => {
  const book = new Book([], { owner: "other", until: 1_000 + LENGTH + 1 });
  expect(lease(book, "me", 1_000, LENGTH)).toBe(true);
});

test("what stood on a refused edit stands on what that one stood on", () => {
  const book = new Book([], null);
  const origin = { user: "1", at: 0 };
  append(book, edit(3), { ...origin, client_id: "first", known: new Set() });
  append(book, edit(4), { ...origin, client_id: "second", known: new Set(["first"]) });
  refuse(book, "first", "No.");
  expect(book.get("second")).toMatchObject({ base: 3, after: null, state: "waiting" });
});
