import { beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../api/http";
import type { Waits, Write } from "./desk";
import { annotation, clip, row } from "./fixtures";
import { type Doors, Room } from "./room";
import type { Clip, NextClip } from "./types";
import { NO_WORK, withSegment, type Work } from "./work";

const said = (label: string): Work => ({ ...NO_WORK, label });
const turn = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** A server with a line of clips; `hold` keeps its answers back. */
class Server {
  line: string[] = ["a", "b", "c", "d"];
  hold = false;
  down = false;
  readonly asked: (string | null)[] = [];
  readonly writes: Write[] = [];
  readonly released: string[] = [];
  readonly known = new Map<string, Clip>();
  left: Waits[] = [];
  showed: Waits[] = [];
  readonly drafts = new Map<string, Work>();
  private readonly held: (() => void)[] = [];

  readonly doors: Doors = {
    next: async (skip, name) => {
      this.asked.push(name);
      if (this.down) throw new ApiError(0, "offline", "no");
      if (this.hold) await new Promise<void>((go) => this.held.push(go));
      return this.answer(skip, name);
    },
    known: (id) => this.known.get(id) ?? null,
    release: (id) => this.released.push(id),
    send: async (write) => this.writes.push(write),
    left: async (showed) => {
      this.showed = this.left.filter((waits) => showed(waits));
    },
    waiting: () => 0,
    draft: (open) => this.drafts.get(open.id) ?? null,
    keep: (open, work) => this.drafts.set(open.id, work),
    drop: (id) => this.drafts.delete(id),
    problem: vi.fn<(error: unknown) => void>(),
  };

  go(): void {
    this.hold = false;
    for (const go of this.held.splice(0)) go();
  }

  private answer(skip: readonly string[], name: string | null): NextClip | null {
    const left = this.line.filter((id) => !skip.includes(id));
    const id = name ?? left[0];
    if (id === undefined) return null;
    return { clip: this.known.get(id) ?? clip(id), upcoming: left.filter((other) => other !== id).map((other) => row(other)), done_today: 10, seconds_each: 6.8 };
  }
}

let server: Server;
let room: Room;
const open = (): string | undefined => room.state().desk.seat?.clip.id;

beforeEach(async () => {
  server = new Server();
  for (const id of server.line) server.known.set(id, clip(id));
  room = new Room(server.doors);
  room.open(null);
  await turn();
});

test("the next clip is open before the server has answered", () => {
  server.hold = true;
  room.submit(said("walk"), "labelled");
  expect([open(), server.writes.length]).toEqual(["b", 1]);
  room.submit(said("walk"), "labelled");
  expect(open()).toBe("c");
});

test("an answer that was overtaken changes nothing", async () => {
  server.hold = true;
  room.submit(said("walk"), "labelled");
  room.submit(said("walk"), "labelled");
  server.go();
  await turn();
  expect([open(), room.state().queue.upcoming.map((entry) => entry.id)]).toEqual(["c", ["d"]]);
});

test("a clip that is not here yet is waited for, and keys label nothing meanwhile", async () => {
  server.known.delete("b");
  server.hold = true;
  room.submit(said("walk"), "labelled");
  expect([open(), room.state().phase]).toEqual([undefined, "loading"]);
  room.submit(said("lift"), "labelled");
  expect(server.writes.length).toBe(1);
  server.go();
  await turn();
  expect(open()).toBe("b");
});

test("undo goes back to the clip and writes what it held; redo goes on", () => {
  room.submit(said("walk"), "labelled");
  room.undo();
  expect([open(), server.writes.at(-1)?.content.outcome, server.writes.at(-1)?.base]).toEqual(["a", "cleared", 1]);
  room.redo();
  expect([open(), server.writes.at(-1)?.content.label, server.writes.at(-1)?.base]).toEqual(["b", "walk", 2]);
});

test("the count goes with what was done here, whatever an older answer says", async () => {
  expect(room.state().queue.done).toBe(36);
  room.submit(said("walk"), "labelled");
  room.submit(said("walk"), "labelled");
  await turn();
  expect(room.state().queue.done).toBe(38);
  room.undo();
  expect(room.state().queue.done).toBe(37);
});

test("a skipped clip is given back and does not come again by itself", async () => {
  room.pass(true);
  await turn();
  expect([open(), server.released, room.state().queue.skipped]).toEqual(["b", ["a"], ["a"]]);
});

test("when nothing is left it says so, and undo still leads back", async () => {
  for (let i = 0; i < 4; i += 1) room.submit(said("walk"), "labelled");
  await turn();
  expect([open(), room.state().phase]).toEqual([undefined, "empty"]);
  room.undo();
  expect([open(), room.state().phase]).toEqual(["d", "open"]);
});

test("clips that come later open by themselves", async () => {
  vi.useFakeTimers();
  for (let i = 0; i < 4; i += 1) room.submit(said("walk"), "labelled");
  await vi.advanceTimersByTimeAsync(10);
  server.line.push("e");
  await vi.advanceTimersByTimeAsync(16_000);
  vi.useRealTimers();
  expect([open(), room.state().phase]).toEqual(["e", "open"]);
});

test("without a connection what is here goes on, and what is not is tried again", async () => {
  vi.useFakeTimers();
  server.down = true;
  room.submit(said("walk"), "labelled");
  expect(open()).toBe("b");
  for (let i = 0; i < 3; i += 1) room.submit(said("walk"), "labelled");
  await vi.advanceTimersByTimeAsync(10);
  expect([open(), room.state().phase, server.writes.length]).toEqual([undefined, "broken", 4]);
  server.down = false;
  server.line.push("e");
  await vi.advanceTimersByTimeAsync(5000);
  vi.useRealTimers();
  expect([open(), room.state().phase]).toEqual(["e", "open"]);
});

test("segments that were not submitted come back with their clip", () => {
  room.edit(withSegment(NO_WORK, "walk", 100, 150, "s1"));
  room.pass(true);
  room.open("a");
  expect([open(), room.state().desk.seat?.work.segments.length]).toEqual(["a", 1]);
});

test("an edge that was dragged is one step to take back", () => {
  const before = withSegment(NO_WORK, "walk", 100, 150, "s1");
  room.edit(before);
  for (const end of [160, 170, 180]) room.drag({ ...before, segments: before.segments.map((segment) => ({ ...segment, end })) }, end === 180);
  expect(room.state().desk.seat?.work.segments[0]?.end).toBe(180);
  room.undo();
  expect(room.state().desk.seat?.work.segments[0]?.end).toBe(150);
});

test("a clip that is opened again shows what was just said of it, before the server has it", () => {
  room.submit(said("walk"), "labelled");
  room.open("a");
  expect(room.state().desk.seat?.work.label).toBe("walk");
});

const left = (id: string, revision: number, label: string): Waits => ({ clip: id, revision, content: { outcome: "labelled", label, segments: [], comment: "" } });

test("what an earlier page left waiting is the clip's answer, and an edit builds on it", async () => {
  server.left = [left("z", 3, "lift")];
  server.known.set("z", clip("z", { revision: 1, annotation: annotation() }));
  room.open("z");
  await turn();
  expect([room.state().desk.seat?.work.label, server.showed.length]).toEqual(["lift", 1]);
  room.submit(said("walk"), "labelled");
  expect(server.writes.at(-1)).toMatchObject({ clip: "z", base: 3 });
  room.undo();
  expect(server.writes.at(-1)?.content.label).toBe("lift");
});

test("what the server has meanwhile wins over what waited when it was asked", async () => {
  server.left = [left("z", 1, "lift")];
  server.line = [];
  server.known.set("z", clip("z", { revision: 2, annotation: annotation({ revision: 2 }) }));
  room.open("z");
  await turn();
  expect(room.state().desk.seat?.work.label).toBe("walk");
});

test("a label put right does not count twice", async () => {
  server.known.set("z", clip("z", { revision: 1, annotation: annotation() }));
  room.open("z");
  await turn();
  const { done } = room.state().queue;
  room.submit(said("lift"), "labelled");
  expect(room.state().queue.done).toBe(done);
});
