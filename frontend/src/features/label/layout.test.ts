import { expect, test } from "vitest";
import { CLASSES, clip, annotation, suggestion } from "./fixtures";
import { lanesOf, rejectedSpans, rowsOf, stillGuessed } from "./layout";
import { loopOf } from "./playing";
import type { LabelClass } from "./types";
import { NO_WORK, select, withSegment } from "./work";

const many: LabelClass[] = Array.from({ length: 9 }, (_, i) => ({ id: `k${i}`, name: `k${i}`, colour: i, hotkey: "", position: i, description: "", archived: i === 8, count: 0 }));
const guess = { label: "carry", start: 110, end: 150, p: 0.612, start_sd: 4, end_sd: 19 };

test("the classes that a clip holds come first, others fill five rows, archived ones do not", () => {
  const work = withSegment(withSegment(NO_WORK, "k6", 100, 110, "a"), "k6", 120, 130, "b");
  expect(rowsOf(clip("a"), work, many).map(({ label, note }) => `${label.id} ${note}`.trim())).toEqual(["k6 2", "k0", "k1", "k2", "k3"]);
});

test("a clip that holds more than five classes shows all of them", () => {
  const work = many.slice(0, 7).reduce((held, { id }, i) => withSegment(held, id, 100 + i, 110 + i, id), NO_WORK);
  expect(rowsOf(clip("a"), work, many)).toHaveLength(7);
});

test("what a model says is hatched and scored", () => {
  const open = clip("a", { suggestion: suggestion({ segments: [guess] }) });
  expect(lanesOf(open, NO_WORK, rowsOf(open, NO_WORK, CLASSES), CLASSES).segments).toMatchObject([{ name: "carry 0.61", guess: true, selected: false, start: 110, end: 150, startSd: 4, endSd: 19 }]);
});

test("what a person draws is solid and takes the model's place: Enter submits what is shown", () => {
  const open = clip("a", { suggestion: suggestion({ segments: [guess] }) });
  const work = select(withSegment(NO_WORK, "walk", 200, 250, "s1"), "s1");
  expect(lanesOf(open, work, rowsOf(open, work, CLASSES), CLASSES).segments).toMatchObject([{ name: "walk", guess: false, selected: true, start: 200, end: 250 }]);
});

test("a suggestion without segments fills the clip, until a person has named it", () => {
  const open = clip("a", { suggestion: suggestion() });
  const lanes = (work = NO_WORK) => lanesOf(open, work, rowsOf(open, work, CLASSES), CLASSES).segments;
  expect(lanes()).toMatchObject([{ name: "carry 0.61", guess: true, start: 100, end: 400 }]);
  expect(lanes({ ...NO_WORK, label: "walk" })).toMatchObject([{ name: "walk", guess: false }]);
  expect(stillGuessed(clip("a", { suggestion: suggestion(), annotation: annotation() }), NO_WORK)).toBe(false);
});

test("neighbours wear the class that was given here, though the server's copy is older", () => {
  const open = clip("a", { neighbours: [{ clip: "b", start: 0, end: 100, label: null }, { clip: "c", start: 400, end: 500, label: "walk" }] });
  const said = { b: { revision: 1, content: { outcome: "labelled", label: "lift", segments: [], comment: "" } } } as const;
  expect(lanesOf(open, NO_WORK, [], CLASSES, said).stretches.map(({ colour }) => colour)).toEqual([3, 1]);
});

test("restored stretches are not drawn as rejected", () => {
  const span = { start: 1, end: 49, reason: "defocus", value: 38, threshold: 90, state: "pending" };
  expect(rejectedSpans([span, { ...span, state: "restored" }])).toEqual([{ start: 1, end: 49, label: "Defocus 38", detail: "48 frames rejected" }]);
});

test("the loop takes the selected segment, else the marks, else the clip", () => {
  const work = withSegment(NO_WORK, "walk", 200, 250, "s1");
  expect(loopOf({ start: 100, end: 400 }, work)).toEqual({ start: 200, end: 250 });
  expect(loopOf({ start: 100, end: 400 }, { ...NO_WORK, markIn: 120 })).toEqual({ start: 120, end: 400 });
  expect(loopOf({ start: 100, end: 400 }, null)).toEqual({ start: 100, end: 400 });
});
