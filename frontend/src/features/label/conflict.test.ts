import { expect, test } from "vitest";
import type { Draft, Segment } from "../../outbox";
import { difference, differing, merged, rows } from "./conflict";

const BOUNDS = { start: 100, end: 400 };
let serial = 0;
const newKey = (): string => `new-${(serial += 1)}`;

function segment(key: string, label: string, start: number, end: number): Segment {
  return { key, label, start, end, actor: null };
}

function draft(more: Partial<Draft> = {}): Draft {
  return { outcome: "labelled", label: null, segments: [], comment: "", ...more };
}

const walk = segment("k1", "walking", 100, 160);
const carry = segment("k2", "carrying", 180, 300);
const push = segment("k2", "pushing", 180, 310);

test("a segment differs when the other version has none just like it, whatever its key", () => {
  const mine = draft({ segments: [walk, carry] });
  const theirs = draft({ segments: [{ ...walk, key: "other" }, push] });
  expect([...differing(mine, theirs)]).toEqual(["k2"]);
  expect([...differing(theirs, mine)]).toEqual(["k2"]);
});

test("the same segment twice is not the same as once", () => {
  expect([...differing(draft({ segments: [walk, { ...walk, key: "again" }] }), draft({ segments: [walk] }))]).toEqual(["again"]);
});

test("the difference is said in words", () => {
  expect(difference(draft({ segments: [walk, carry] }), draft({ segments: [walk, push] }))).toBe("1 segment differs");
  expect(difference(draft({ segments: [walk, carry] }), draft())).toBe("2 segments differ");
  expect(difference(draft({ label: "a" }), draft({ label: "b" }))).toBe("the class of the whole clip differs");
  expect(difference(draft({ segments: [walk], comment: "x" }), draft({ outcome: "uncertain" }))).toBe("1 segment, the verdict and the comment differ");
});

test("keeping both keeps every segment of either, and what both say once", () => {
  const both = merged(draft({ segments: [walk, carry] }), draft({ segments: [{ ...walk, key: "other" }, push] }), BOUNDS, newKey);
  expect(both?.segments.map(({ label, start, end }) => [label, start, end])).toEqual([["walking", 100, 160], ["carrying", 180, 300], ["pushing", 180, 310]]);
  expect(new Set(both?.segments.map(({ key }) => key)).size).toBe(3);
});

test("two classes for the whole clip are both kept: theirs fills it, mine becomes a segment over all of it", () => {
  const both = merged(draft({ label: "walking", comment: "mine" }), draft({ label: "carrying", comment: "theirs" }), BOUNDS, newKey);
  expect(both).toMatchObject({ outcome: "labelled", label: "carrying", comment: "theirs\nmine", segments: [{ label: "walking", start: 100, end: 400 }] });
});

test("a label and a rejection together are a label, two rejections are nothing to put together", () => {
  expect(merged(draft({ label: "walking" }), draft({ outcome: "rejected" }), BOUNDS, newKey)).toMatchObject({ outcome: "labelled", label: "walking", segments: [] });
  expect(merged(draft({ outcome: "uncertain" }), draft({ outcome: "rejected" }), BOUNDS, newKey)).toBeNull();
});

test("segments that overlap are drawn in rows of their own, those that only touch share one", () => {
  const touching = segment("k3", "digging", 160, 180);
  expect(rows([carry, push, walk, touching]).map((lane) => lane.map(({ label }) => label))).toEqual([["walking", "digging", "carrying"], ["pushing"]]);
});
