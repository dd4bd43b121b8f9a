import { expect, test, vi } from "vitest";
import { takeBack, tell } from "./toasts";

test("the newest of a room is taken back first, and each once", () => {
  const done: string[] = [];
  for (const name of ["first", "second"]) tell(`${name} removed`, { name: "Bring back", room: "yard", run: () => done.push(name) });
  for (let i = 0; i < 3; i += 1) takeBack("yard");
  expect(done).toEqual(["second", "first"]);
});

test("another room's deed is left alone", () => {
  const run = vi.fn<() => void>();
  tell("gate.mp4 removed", { name: "Bring back", room: "north", run });
  takeBack("south");
  expect(run).not.toHaveBeenCalled();
});

test("what a message offers without a room is no deed to take back", () => {
  const run = vi.fn<() => void>();
  tell("Signed out", { name: "Sign in", run });
  takeBack("anywhere");
  expect(run).not.toHaveBeenCalled();
});
