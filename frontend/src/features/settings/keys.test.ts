import { expect, test } from "vitest";
import { TRAIN_ACTIONS } from "../train/actions";
import { BY_SCREEN, takenBy } from "./keys";

const named = (id: string) => {
  const found = BY_SCREEN.flatMap(({ actions }) => actions).find((action) => action.id === id);
  if (found === undefined) throw new Error(`no action ${id}`);
  return found;
};

test("the key of Train can be set, too", () => {
  expect(BY_SCREEN.flatMap(({ actions }) => actions)).toEqual(expect.arrayContaining([...TRAIN_ACTIONS]));
});

test("a key of the same screen is taken", () => {
  expect(takenBy(named("reject"), "u", {})?.id).toBe("uncertain");
  expect(takenBy(named("reject"), "u", { uncertain: null })).toBeUndefined();
});

test("a key of another screen is free", () => {
  expect(takenBy(named("train"), "x", {})).toBeUndefined();
  expect(takenBy(named("reject"), "t", {})).toBeUndefined();
});

test("a key that works everywhere is taken on every screen", () => {
  expect(takenBy(named("train"), "?", {})?.id).toBe("help");
  expect(takenBy(named("reject"), "?", {})?.id).toBe("help");
});
