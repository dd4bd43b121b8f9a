import { expect, test } from "vitest";
import { span } from "../features/quality/fixtures";
import type { SpanPage } from "./generated/model";
import { renewed, settled } from "./quality";

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

test("a page whose span was cut comes anew between its neighbours", () => {
  const pages = [...PAGES, { at: AT, total: 7, frames: 40, items: [span("d", 40, 44)] }];
  const fresh = { at: "2026-10-14T09:00:00Z", total: 8, frames: 39, items: [span("b", 10, 12), span("c1", 20, 24), span("c2", 25, 30), span("d", 40, 44)] };
  expect(brief(renewed(pages, 1, fresh) ?? [])).toEqual([
    [8, 39, ["a pending", "b pending"]],
    [8, 39, ["c1 pending", "c2 pending"]],
    [8, 39, ["d pending"]],
  ]);
});

test("a page that joins its neighbours no more is not enough", () => {
  const pages = [...PAGES, { at: AT, total: 7, frames: 40, items: [span("d", 40, 44)] }];
  const fresh = (items: SpanPage["items"]): SpanPage => ({ at: AT, total: 7, frames: 40, items });
  expect(renewed(pages, 1, fresh([span("c1", 20, 24), span("d", 40, 44)]))).toBeNull();
  expect(renewed(pages, 1, fresh([span("b", 10, 12), span("c1", 20, 24)]))).toBeNull();
});
