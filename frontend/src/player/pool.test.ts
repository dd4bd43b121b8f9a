import { beforeEach, expect, test, vi } from "vitest";
import type { Player, PlayerMedia } from "./player";
import { PlayerPool } from "./pool";

const media = { aspect: 16 / 9 } as PlayerMedia;
const disposed: string[] = [];
let stage: HTMLElement;
let pool: PlayerPool;
let serial = 0;

beforeEach(() => {
  stage = document.createElement("div");
  disposed.length = serial = 0;
  pool = new PlayerPool(stage, () => {
    serial += 1;
    const name = `p${serial}`;
    return { name, pause: vi.fn<() => void>(), warm: vi.fn<() => Promise<void>>(async () => undefined), dispose: () => disposed.push(name) } as unknown as Player;
  });
});

test("one video is in front, the next lies ready behind it", () => {
  pool.show("a", media, 0);
  pool.warm("b", media, 30);
  expect(Array.from(stage.children, (child) => child.className)).toEqual(["pic", "pic-behind"]);
});

test("the warmed player is the one that is shown, and what it covers stands still", () => {
  const first = pool.show("a", media, 0);
  pool.warm("b", media, 30);
  pool.show("b", media, 30);
  expect([serial, stage.querySelectorAll(".pic").length]).toEqual([2, 1]);
  expect(first.pause).toHaveBeenCalledOnce();
});

test("while nothing is known of what is open, no other video's picture is shown", () => {
  const first = pool.show("a", media, 0);
  pool.hide();
  expect([stage.querySelectorAll(".pic").length, stage.children.length]).toEqual([0, 1]);
  expect(first.pause).toHaveBeenCalledOnce();
});

test("only three videos stay open, those that were used last", () => {
  for (const id of ["a", "b", "c"]) pool.show(id, media, 0);
  pool.show("a", media, 0);
  pool.show("d", media, 0);
  expect([disposed, stage.children.length]).toEqual([["p2"], 3]);
});

test("leaving closes all of them", () => {
  for (const id of ["a", "b"]) pool.show(id, media, 0);
  pool.dispose();
  expect([disposed, stage.children.length]).toEqual([["p1", "p2"], 0]);
});
