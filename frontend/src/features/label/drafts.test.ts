import { afterEach, expect, test } from "vitest";
import { Drafts } from "./drafts";
import { clip } from "./fixtures";
import { NO_WORK, withSegment } from "./work";

const work = withSegment(NO_WORK, "walk", 110, 150, "s1");
const DAY_MS = 24 * 3_600_000;

afterEach(() => localStorage.clear());

test("segments that were not submitted are there after a reload", () => {
  new Drafts("7").keep(clip("a"), work);
  expect(new Drafts("7").of(clip("a"))).toEqual(work);
  expect(new Drafts("7").of(clip("b"))).toBe(null);
});

test("the next person at this browser does not get them", () => {
  new Drafts("7").keep(clip("a"), work);
  const next = new Drafts("8");
  expect(next.of(clip("a"))).toBe(null);
  next.drop("a");
  expect(new Drafts("7").of(clip("a"))).toEqual(work);
});

test("a draft of an older revision is not laid over a newer one", () => {
  const drafts = new Drafts("7");
  drafts.keep(clip("a"), work);
  expect(drafts.of(clip("a", { revision: 1 }))).toBe(null);
});

test("what is submitted leaves no draft, what is broken is none", () => {
  const drafts = new Drafts("7");
  drafts.keep(clip("a"), work);
  drafts.drop("a");
  localStorage.setItem("rushes.draft.7.b", "{not json");
  localStorage.setItem("rushes.draft.7.c", '{"revision":0}');
  expect(["a", "b", "c"].map((id) => drafts.of(clip(id)))).toEqual([null, null, null]);
});

test("a draft whose clip is not opened again goes after 30 days, and nothing else in the store does", () => {
  localStorage.setItem("rushes.keys", "mine");
  let now = 0;
  const drafts = new Drafts("7", localStorage, () => now);
  drafts.keep(clip("old"), work);
  now = 20 * DAY_MS;
  drafts.keep(clip("young"), work);
  now = 31 * DAY_MS;
  const later = new Drafts("8", localStorage, () => now);
  expect(later.of(clip("young"))).toBe(null);
  expect(Object.keys(localStorage).toSorted()).toEqual(["rushes.draft.7.young", "rushes.keys"]);
});
