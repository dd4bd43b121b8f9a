import { afterEach, expect, test } from "vitest";
import { draftOf, dropDraft, keepDraft } from "./drafts";
import { clip } from "./fixtures";
import { NO_WORK, withSegment } from "./work";

const work = withSegment(NO_WORK, "walk", 110, 150, "s1");

afterEach(() => localStorage.clear());

test("segments that were not submitted are there after a reload", () => {
  keepDraft(clip("a"), work);
  expect(draftOf(clip("a"))).toEqual(work);
  expect(draftOf(clip("b"))).toBe(null);
});

test("a draft of an older revision is not laid over a newer one", () => {
  keepDraft(clip("a"), work);
  expect(draftOf(clip("a", { revision: 1 }))).toBe(null);
});

test("what is submitted leaves no draft, what is broken is none", () => {
  keepDraft(clip("a"), work);
  dropDraft("a");
  localStorage.setItem("rushes.draft.b", "{not json");
  localStorage.setItem("rushes.draft.c", '{"revision":0}');
  expect([draftOf(clip("a")), draftOf(clip("b")), draftOf(clip("c"))]).toEqual([null, null, null]);
});
