import { expect, test } from "vitest";
import { span } from "../features/quality/fixtures";
import type { SpanPage } from "./generated/model";
import { settled } from "./quality";

const AT = "2026-10-14T08:00:00Z";
const PAGES: SpanPage[] = [
  { at: AT, total: 7, frames: 40, items: [span("a", 0, 4), span("b", 10, 12)] },
  { at: AT, total: 7, frames: 40, items: [span("c", 20, 30)] },
];
const brief = (pages: readonly SpanPage[]) => pages.map(({ total, frames, items }) => [total, frames, items.map(({ id, state }) => `${id} ${state}`)]);

test("what the filter holds no more goes from the pages and from every count", () => {
  expect(brief(settled(PAGES, { state: "pending" }, new Set(["a", "c", "z"]), "confirmed"))).toEqual([
    [5, 26, ["b pending"]],
    [5, 26, []],
  ]);
});

test("what the filter still holds stands in its new state", () => {
  expect(brief(settled(PAGES, { state: "all" }, new Set(["b"]), "restored"))).toEqual([
    [7, 40, ["a pending", "b restored"]],
    [7, 40, ["c pending"]],
  ]);
});
