import fc from "fast-check";
import { expect, test } from "vitest";
import type { Segment } from "./types";
import {
  agreed, type Bounds, comment, edgeNear, giveClass, letGo, merge, moveEdge, neighbourOf, NO_WORK, nudge, relabel, remove, sameSaying, select, setMarkIn, setMarkOut, split, type Work, workOf, contentOf, withSegment,
} from "./work";

const clip: Bounds = { start: 100, end: 400 };

/** Keys that count up, so that a test can name them. */
function keys(): () => string {
  let n = 0;
  return () => `s${(n += 1)}`;
}

function held(...segments: readonly [string, string, number, number][]): Work {
  return workOf({ outcome: "labelled", label: null, comment: "", segments: segments.map(([key, label, start, end]): Segment => ({ key, label, start, end, actor: null })) });
}

test("in, out and a class make a segment that holds both marked frames", () => {
  const key = keys();
  const marked = setMarkOut(setMarkIn(NO_WORK, 120, clip, key), 179, clip, key);
  const made = giveClass(marked, "walk", 300, clip, key);
  expect(made.segments).toEqual([{ key: "s1", label: "walk", start: 120, end: 180, actor: null }]);
  expect([made.selected, made.markIn, made.markOut]).toEqual(["s1", null, null]);
});

test("a class first and then in and out make the same segment", () => {
  const key = keys();
  const armed = giveClass(setMarkIn(NO_WORK, 120, clip, key), "walk", 120, clip, key);
  expect(armed.armed).toBe("walk");
  expect(setMarkOut(armed, 179, clip, key).segments).toEqual([{ key: "s1", label: "walk", start: 120, end: 180, actor: null }]);
});

test("in and a class while it plays end the segment at the playhead", () => {
  const key = keys();
  expect(giveClass(setMarkIn(NO_WORK, 120, clip, key), "walk", 150, clip, key).segments).toMatchObject([{ start: 120, end: 151 }]);
});

test("out alone begins with the clip", () => {
  const key = keys();
  expect(giveClass(setMarkOut(NO_WORK, 150, clip, key), "walk", 150, clip, key).segments).toMatchObject([{ start: 100, end: 151 }]);
});

test("a mark on the wrong side of the other one takes its place", () => {
  const key = keys();
  const marked = setMarkOut(setMarkIn(NO_WORK, 200, clip, key), 150, clip, key);
  expect([marked.markIn, marked.markOut]).toEqual([null, 151]);
  expect(setMarkIn(marked, 300, clip, key)).toMatchObject({ markIn: 300, markOut: null });
});

test("a class changes the selected segment and no other", () => {
  const work = select(held(["a", "walk", 100, 120], ["b", "walk", 120, 140]), "b");
  expect(giveClass(work, "lift", 0, clip, keys()).segments.map((segment) => segment.label)).toEqual(["walk", "lift"]);
});

test("with nothing marked or selected a class waits, and the same key lets it go", () => {
  const waiting = giveClass(held(["a", "walk", 100, 120]), "lift", 130, clip, keys());
  expect(waiting.armed).toBe("lift");
  expect(giveClass(waiting, "lift", 130, clip, keys()).armed).toBe(null);
});

test("edges stop at each other and at the clip", () => {
  const work = select(held(["a", "walk", 105, 110]), "a");
  expect(nudge(work, "start", -10, clip).segments[0]?.start).toBe(100);
  expect(nudge(work, "start", 10, clip).segments[0]?.start).toBe(109);
  expect(nudge(work, "end", -10, clip).segments[0]?.end).toBe(106);
  expect(moveEdge(work, "end", 9999, clip).segments[0]?.end).toBe(400);
});

test("the nearer edge moves, and a segment of one frame can grow both ways", () => {
  const [segment] = held(["a", "walk", 105, 115]).segments;
  const [single] = held(["a", "walk", 105, 106]).segments;
  if (segment === undefined || single === undefined) throw new Error("no segment");
  expect([edgeNear(segment, 104, 1), edgeNear(segment, 113, -1)]).toEqual(["start", "end"]);
  expect([edgeNear(single, 105, -1), edgeNear(single, 105, 1)]).toEqual(["start", "end"]);
});

test("a split leaves no frame out and merging undoes it", () => {
  const whole = select(held(["a", "walk", 110, 150]), "a");
  const halves = split(whole, 130, keys());
  expect(halves.segments.map(({ start, end }) => [start, end])).toEqual([[110, 130], [130, 150]]);
  expect(merge(halves).segments.map(({ start, end }) => [start, end])).toEqual([[110, 150]]);
});

test("a split at an edge or beside every segment changes nothing", () => {
  const work = held(["a", "walk", 110, 150]);
  expect([split(work, 110, keys()), split(work, 150, keys())]).toEqual([work, work]);
});

test("only segments of one class merge", () => {
  const work = select(held(["a", "walk", 100, 120], ["b", "lift", 120, 140], ["c", "walk", 150, 160]), "a");
  expect(merge(work).segments.map(({ key, start, end }) => [key, start, end])).toEqual([["a", 100, 160], ["b", 120, 140]]);
  expect(merge(select(work, "b"))).toEqual(select(work, "b"));
});

test("deleting selects what came after, and then what came before", () => {
  const work = select(held(["a", "walk", 100, 120], ["b", "lift", 120, 140]), "a");
  expect(remove(work).selected).toBe("b");
  expect(remove(remove(work))).toMatchObject({ segments: [], selected: null });
});

test("up and down walk through the segments from the playhead", () => {
  const work = held(["a", "walk", 100, 120], ["b", "lift", 150, 160]);
  expect([neighbourOf(work, 130, 1)?.key, neighbourOf(work, 130, -1)?.key, neighbourOf(work, 170, 1)]).toEqual(["b", "a", null]);
  expect(neighbourOf(select(work, "a"), 999, 1)?.key).toBe("b");
});

test("escape lets go of one thing at a time", () => {
  const work: Work = { ...select(held(["a", "walk", 100, 120]), "a"), markIn: 110, armed: "lift" };
  const steps = [work, letGo(work), letGo(letGo(work)), letGo(letGo(letGo(work)))];
  expect(steps.map(({ armed, markIn, selected }) => [armed, markIn, selected])).toEqual([["lift", 110, "a"], [null, 110, "a"], [null, null, "a"], [null, null, null]]);
});

test("what a suggestion says of frames outside the clip makes no segment", () => {
  const guesses = [{ label: "walk", start: 20, end: 100 }, { label: "lift", start: 400, end: 450 }];
  expect(agreed(NO_WORK, guesses, clip, keys()).segments).toEqual([]);
});

test("an accepted suggestion stays inside the clip", () => {
  const guesses = [{ label: "walk", start: 50, end: 130 }, { label: "lift", start: 390, end: 450 }];
  expect(agreed(NO_WORK, guesses, clip, keys()).segments.map(({ start, end }) => [start, end])).toEqual([[100, 130], [390, 400]]);
});

test("a rejected clip carries no label, an uncertain one keeps its doubt", () => {
  const work = withSegment({ ...NO_WORK, label: "walk", comment: "which one?" }, "lift", 110, 120, "a");
  expect(contentOf(work, "rejected")).toEqual({ outcome: "rejected", label: null, segments: [], comment: "which one?" });
  expect(contentOf(work, "uncertain")).toMatchObject({ label: "walk", segments: [{ key: "a" }] });
});

const frame = fc.integer({ min: -50, max: 600 });
const label = fc.constantFrom("walk", "lift", "carry");
type Edit = (work: Work, newKey: () => string) => Work;
const edits: fc.Arbitrary<Edit> = fc.oneof(
  frame.map((at): Edit => (work, key) => setMarkIn(work, at, clip, key)),
  frame.map((at): Edit => (work, key) => setMarkOut(work, at, clip, key)),
  fc.tuple(label, frame).map(([name, at]): Edit => (work, key) => giveClass(work, name, at, clip, key)),
  fc.tuple(fc.constantFrom("start" as const, "end" as const), fc.integer({ min: -300, max: 300 })).map(([edge, by]): Edit => (work) => nudge(work, edge, by, clip)),
  frame.map((at): Edit => (work, key) => split(work, at, key)),
  fc.constant<Edit>((work) => merge(work)),
  fc.constant<Edit>((work) => remove(work)),
  fc.constant<Edit>((work) => letGo(work)),
  label.map((name): Edit => (work) => relabel(work, name)),
  fc.tuple(frame, fc.constantFrom(1 as const, -1 as const)).map(([at, way]): Edit => (work) => select(work, neighbourOf(work, at, way)?.key ?? null)),
  fc.tuple(label, frame, frame).map(([name, start, end]): Edit => (work, key) => agreed(work, [{ label: name, start, end }], clip, key)),
  fc.string({ maxLength: 5 }).map((text): Edit => (work) => comment(work, text)),
);

test("whatever is pressed, every segment lies in the clip, in order, under a key of its own", () => {
  fc.assert(
    fc.property(fc.array(edits, { maxLength: 40 }), (deeds) => {
      const key = keys();
      const work = deeds.reduce((state, deed) => deed(state, key), NO_WORK);
      for (const segment of work.segments) {
        expect(segment.start).toBeGreaterThanOrEqual(clip.start);
        expect(segment.end).toBeLessThanOrEqual(clip.end);
        expect(segment.start).toBeLessThan(segment.end);
      }
      expect(new Set(work.segments.map((segment) => segment.key)).size).toBe(work.segments.length);
      expect(work.segments.map((segment) => segment.start)).toEqual(work.segments.map((segment) => segment.start).toSorted((a, b) => a - b));
      expect([null, ...work.segments.map((segment) => segment.key)]).toContain(work.selected);
      expect((work.markIn ?? -1) < (work.markOut ?? Number.POSITIVE_INFINITY)).toBe(true);
    }),
  );
});

test("an edit never changes the value it was given", () => {
  fc.assert(
    fc.property(fc.array(edits, { maxLength: 20 }), edits, (deeds, last) => {
      const key = keys();
      const work = deeds.reduce((state, deed) => deed(state, key), NO_WORK);
      const copy = structuredClone(work);
      last(work, key);
      expect(work).toEqual(copy);
    }),
  );
});

test("what is selected or marked is not said", () => {
  const work = held(["a", "walk", 100, 120]);
  expect(sameSaying(work, { ...work, selected: "a", markIn: 3, armed: "lift" })).toBe(true);
  expect(sameSaying(work, comment(work, "why"))).toBe(false);
});
