import { afterEach, expect, test } from "vitest";
import { type Action, bindShortcuts, holdShortcuts, keyLabel, keysOf } from "./shortcuts";

const actions: Action[] = [
  { id: "play", name: "Play", group: "Play", keys: ["Space"] },
  { id: "next", name: "Next", group: "Move", keys: ["ArrowRight"] },
];
const done: string[] = [];
let release = (): void => undefined;

function bind(remap = {}): void {
  release = bindShortcuts(window, actions, remap, (id) => done.push(id));
}

function press(element: Element, key: string, code = key): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true });
  element.dispatchEvent(event);
  return event;
}

function put(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild ?? document.body;
}

afterEach(() => {
  release();
  done.length = 0;
});

test("a key does its deed and the page does not scroll", () => {
  bind();
  expect(press(document.body, " ", "Space").defaultPrevented).toBe(true);
  expect(done).toEqual(["play"]);
});

test("typing is never taken for a command", () => {
  bind();
  press(put("<input>"), "ArrowRight");
  expect(done).toEqual([]);
});

test("Space on a focused button presses that button, arrows still move the frame", () => {
  bind();
  const button = put("<button>Save</button>");
  expect(press(button, " ", "Space").defaultPrevented).toBe(false);
  press(button, "ArrowRight");
  expect(done).toEqual(["next"]);
});

test("keys in a menu or dialog stay there", () => {
  bind();
  press(put("<div role=menu tabindex=0></div>"), "ArrowRight");
  press(put("<div role=dialog><p></p></div>").querySelector("p") ?? document.body, " ", "Space");
  expect(done).toEqual([]);
});

test("while anything holds the keys none does a deed, wherever the focus is", () => {
  bind();
  const [one, two] = [holdShortcuts(), holdShortcuts()];
  press(document.body, "ArrowRight");
  one();
  one();
  press(document.body, "ArrowRight");
  expect(done).toEqual([]);
  two();
  press(document.body, "ArrowRight");
  expect(done).toEqual(["next"]);
});

test("a remapped key replaces the old one, and one that is off does nothing", () => {
  bind({ play: "p", next: null });
  press(document.body, " ", "Space");
  press(document.body, "ArrowRight");
  press(document.body, "p");
  expect(done).toEqual(["play"]);
  expect(keysOf(actions[1] as Action, { next: null })).toEqual([]);
});

test("keys are shown as a person reads them", () => {
  expect(["Shift+ArrowLeft", "$mod+k", "g", "Space", "Shift+?"].map(keyLabel)).toEqual(["Shift ←", "Ctrl K", "G", "Space", "?"]);
});
