import fc from "fast-check";
import { expect, test } from "vitest";
import { type Desk, edit, EMPTY_DESK, found, move, redo, refreshed, revisionOf, seatOf, sit, submit, undo, unwritten, verdictOn, type Write } from "./desk";
import { annotation, clip, suggestion } from "./fixtures";
import { NO_WORK, select, withSegment, type Work } from "./work";

const at = (id: string): Desk => sit(EMPTY_DESK, seatOf(clip(id)));
const said = (label: string): Work => ({ ...NO_WORK, label });

test("a label is written on the revision that it edits, and the next clip is open at once", () => {
  const { desk, write } = submit(at("a"), said("walk"), "labelled", seatOf(clip("b")));
  expect(write).toEqual({ clip: "a", base: 0, content: { outcome: "labelled", label: "walk", segments: [], comment: "" }, suggestion: null });
  expect(desk.seat?.clip.id).toBe("b");
});

test("undo after a label goes back to its clip and writes what it held before, as a further revision", () => {
  const before = clip("a", { revision: 4, annotation: annotation({ label: "lift", revision: 4 }) });
  const { desk } = submit(sit(EMPTY_DESK, seatOf(before)), said("walk"), "labelled", seatOf(clip("b")));
  const back = undo(desk);
  expect(back?.write).toMatchObject({ clip: "a", base: 5, content: { outcome: "labelled", label: "lift" } });
  expect(back?.desk.seat?.clip.id).toBe("a");
  expect(back?.desk.seat?.work.label).toBe("lift");
});

test("a clip that held nothing is cleared again", () => {
  const back = undo(submit(at("a"), said("walk"), "labelled", null).desk);
  expect(back?.write).toMatchObject({ base: 1, content: { outcome: "cleared", label: null } });
});

test("redo writes the label once more and moves on to the same clip", () => {
  const back = undo(submit(at("a"), said("walk"), "labelled", seatOf(clip("b"))).desk);
  const again = redo(back?.desk ?? EMPTY_DESK);
  expect(again?.write).toMatchObject({ clip: "a", base: 2, content: { label: "walk" } });
  expect(again?.desk.seat?.clip.id).toBe("b");
});

test("edits are taken back one by one, through a submit into the clip before", () => {
  const one = withSegment(NO_WORK, "walk", 100, 150, "s1");
  const two = withSegment(one, "lift", 150, 200, "s2");
  let desk = edit(edit(at("a"), one), two);
  desk = submit(desk, two, "labelled", seatOf(clip("b"))).desk;
  desk = edit(desk, said("carry"));
  const trail = [desk];
  for (let step = undo(desk); step !== null; step = undo(step.desk)) trail.push(step.desk);
  expect(trail.map(({ seat }) => [seat?.clip.id, seat?.work.segments.length, seat?.work.label])).toEqual([
    ["b", 0, "carry"],
    ["b", 0, null],
    ["a", 2, null],
    ["a", 1, null],
    ["a", 0, null],
  ]);
});

test("a selection is no step to take back", () => {
  const work = withSegment(NO_WORK, "walk", 100, 150, "s1");
  const desk = edit(at("a"), work);
  expect(edit(desk, select(work, null)).history).toBe(desk.history);
});

test("where a step led is known once the next clip is there", () => {
  const waiting = submit(at("a"), said("walk"), "labelled", null).desk;
  const there = sit(waiting, seatOf(clip("b")));
  const again = redo(undo(there)?.desk ?? EMPTY_DESK);
  expect(again?.desk.seat?.clip.id).toBe("b");
});

test("skipping writes nothing and can be taken back", () => {
  const back = undo(move(at("a"), seatOf(clip("b"))));
  expect([back?.write, back?.desk.seat?.clip.id]).toEqual([null, "a"]);
});

test("the server's newer word replaces work that nobody touched, and only that", () => {
  const newer = clip("a", { revision: 1, annotation: annotation() });
  expect(refreshed(at("a"), newer).seat?.work.label).toBe("walk");
  const touched = edit(at("a"), said("carry"));
  expect(refreshed(touched, newer).seat?.work.label).toBe("carry");
  expect(revisionOf(refreshed(touched, newer), newer)).toBe(1);
  expect(submit(refreshed(touched, newer), said("carry"), "labelled", null).write?.base).toBe(0);
});

test("an old answer does not bring back what was written since", () => {
  const written = submit(at("a"), said("walk"), "labelled", seatOf(clip("b"))).desk;
  const back = undo(written)?.desk ?? EMPTY_DESK;
  expect(refreshed(back, clip("a", { revision: 1, annotation: annotation() })).seat?.work.label).toBe(null);
});

test("the same class accepts a suggestion, another fixes it, X rejects it, doubt leaves it open", () => {
  const content = { outcome: "labelled", label: "carry", segments: [], comment: "" } as const;
  expect(verdictOn(suggestion(), content)?.verdict).toBe("accepted");
  expect(verdictOn(suggestion(), { ...content, label: "walk" })?.verdict).toBe("fixed");
  expect(verdictOn(suggestion(), { ...content, outcome: "rejected", label: null })?.verdict).toBe("rejected");
  expect(verdictOn(suggestion(), { ...content, outcome: "uncertain" })).toBe(null);
  const guess = { label: "carry", start: 110, end: 150, p: 0.6, start_sd: 4, end_sd: 19 };
  const segment = { key: "s1", label: "carry", start: 110, end: 150, actor: null };
  expect(verdictOn(suggestion({ segments: [guess] }), { ...content, label: null, segments: [segment] })?.verdict).toBe("accepted");
  expect(verdictOn(suggestion({ segments: [guess] }), { ...content, label: null, segments: [{ ...segment, end: 151 }] })?.verdict).toBe("fixed");
});

test("work is unwritten as soon as it says something else than the server", () => {
  const seat = seatOf(clip("a", { annotation: annotation() }));
  expect(unwritten(seat)).toBe(false);
  expect(unwritten({ ...seat, work: said("carry") })).toBe(true);
});

/** A server that keeps revisions, refusing a write on any but the newest. */
function replay(writes: readonly Write[]): Record<string, number> {
  const revisions: Record<string, number> = {};
  for (const write of writes) {
    expect(write.base).toBe(revisions[write.clip] ?? 0);
    revisions[write.clip] = write.base + 1;
  }
  return revisions;
}

type Deed = "label" | "reject" | "edit" | "skip" | "undo" | "redo";

test("whatever is labelled, skipped, taken back and done again, every write fits on the one before", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Deed>("label", "reject", "edit", "skip", "undo", "redo"), { maxLength: 60 }), (deeds) => {
      let desk = at("c0");
      let serial = 0;
      const writes: Write[] = [];
      const seats: [unknown, unknown][] = [];
      const next = () => seatOf(clip(`c${(serial += 1)}`));
      for (const deed of deeds) {
        const work = desk.seat?.work ?? NO_WORK;
        const history = desk;
        if (deed === "edit") desk = edit(desk, { ...work, label: work.label === "walk" ? "lift" : "walk" });
        else if (deed === "skip") desk = move(desk, next());
        else {
          const made = deed === "undo" ? undo(desk) : deed === "redo" ? redo(desk) : submit(desk, said("walk"), deed === "label" ? "labelled" : "rejected", next());
          if (made === null) continue;
          desk = made.desk;
          if (made.write !== null) writes.push(made.write);
        }
        const taken = deed === "undo" || deed === "redo" ? null : undo(desk);
        seats.push([taken?.desk.seat, taken === null ? undefined : history.seat]);
        seats.push([taken === null ? undefined : redo(taken.desk)?.desk.seat, taken === null ? undefined : desk.seat]);
      }
      for (const [back, before] of seats) expect(back).toEqual(before);
      replay(writes);
    }),
  );
});

test("an answer of another tab is shown on an open clip, unless somebody has touched it here", () => {
  const waits = { clip: "a", revision: 1, content: { outcome: "labelled", label: "lift", segments: [], comment: "" } } as const;
  expect(found(at("a"), waits).seat?.work.label).toBe("lift");
  const touched = edit(at("a"), said("walk"));
  expect(found(touched, waits)).toBe(touched);
});
