import fc from "fast-check";
import { expect, test } from "vitest";
import { amend, doAgain, emptyHistory, type History, record, takeBack } from "./undo";

interface Step {
  readonly before: number;
  readonly after: number;
}

/** Drives a number through a history the way a screen does. */
function run(deeds: readonly ("undo" | "redo" | number)[]): { value: number; history: History<Step> } {
  let value = 0;
  let history = emptyHistory<Step>();
  for (const deed of deeds) {
    if (typeof deed === "number") {
      history = record(history, { before: value, after: deed });
      value = deed;
      continue;
    }
    const taken = deed === "undo" ? takeBack(history) : doAgain(history);
    if (taken === null) continue;
    value = deed === "undo" ? taken[0].before : taken[0].after;
    history = taken[1];
  }
  return { value, history };
}

const deeds = fc.array(fc.oneof(fc.integer(), fc.constant("undo" as const), fc.constant("redo" as const)), { maxLength: 60 });

test("undo after any deed is as if it had not been done", () => {
  fc.assert(
    fc.property(deeds, fc.integer(), (before, deed) => {
      expect(run([...before, deed, "undo"]).value).toBe(run(before).value);
    }),
  );
});

test("undo and redo together change nothing", () => {
  fc.assert(
    fc.property(deeds, fc.integer(), (before, deed) => {
      const once = run([...before, deed]);
      expect(run([...before, deed, "undo", "redo"])).toEqual(once);
    }),
  );
});

test("as many undos as deeds lead back to the beginning, as many redos to the end", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 40 }), (all) => {
      const back = all.map(() => "undo" as const);
      const forth = all.map(() => "redo" as const);
      expect(run([...all, ...back]).value).toBe(0);
      expect(run([...all, ...back, ...forth]).value).toBe(all.at(-1) ?? 0);
    }),
  );
});

test("a new deed forgets what was taken back", () => {
  expect(run([1, 2, "undo", 3, "redo"]).value).toBe(3);
  expect(run([1, 2, "undo", 3]).history.undone).toEqual([]);
});

test("with nothing done there is nothing to take back", () => {
  expect([takeBack(emptyHistory()), doAgain(emptyHistory())]).toEqual([null, null]);
});

test("the newest step can be completed later, and only that one", () => {
  const history = record(record(emptyHistory<number>(), 1), 2);
  expect(amend(history, 5)).toEqual({ done: [1, 5], undone: [] });
});

test("the oldest of very many steps are let go", () => {
  let history = emptyHistory<number>();
  for (let i = 0; i < 1200; i += 1) history = record(history, i);
  expect([history.done.length, history.done.at(-1), history.done[0]]).toEqual([500, 1199, 700]);
});
