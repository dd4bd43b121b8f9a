import fc from "fast-check";
import { expect, test } from "vitest";
import { span } from "./fixtures";
import { cellsOf } from "./grid";
import { ALL, bodies, chosen, exceptions, isChosen, isEmpty, keyOf, named, NOTHING, type Part, resolved, retiled, type Selection, sizeOf, spared, spares, stretched, toggled } from "./selection";

const SPANS = [span("a", 0, 30, 10), span("b", 40, 44), span("c", 50, 51)];
const PARTS = cellsOf(SPANS).map((cell) => cell.part);
const at = (i: number): Part => {
  const part = PARTS[i];
  if (part === undefined) throw new Error(`no part ${i}`);
  return part;
};
const selections = fc.record({ all: fc.boolean(), some: fc.subarray(PARTS) }).map(({ all, some }): Selection => chosen(all ? ALL : NOTHING, some, !all));

test("a part is taken and let go again", () => {
  const one = toggled(NOTHING, [at(1)]);
  expect([isChosen(one, at(1)), isChosen(one, at(0)), isEmpty(toggled(one, [at(1)]))]).toEqual([true, false, true]);
});

test("toggling twice changes nothing, whatever is selected", () => {
  fc.assert(
    fc.property(selections, fc.constantFrom(...PARTS), (selection, part) => {
      const twice = toggled(toggled(selection, [part]), [part]);
      expect(PARTS.map((entry) => isChosen(twice, entry))).toEqual(PARTS.map((entry) => isChosen(selection, entry)));
    }),
  );
});

test("several are taken together, and let go only where all were taken", () => {
  const some = toggled(chosen(NOTHING, [at(0)], true), [at(0), at(1)]);
  expect([isChosen(some, at(0)), isChosen(some, at(1))]).toEqual([true, true]);
  expect(isEmpty(toggled(some, [at(0), at(1)]))).toBe(true);
});

test("where all are selected, a stretch is left out", () => {
  const left = stretched(ALL, [at(3), at(4)]);
  expect(PARTS.map((part) => isChosen(left, part))).toEqual([true, true, true, false, false, true, true, true]);
  expect(sizeOf(left, { frames: 35, spans: 3 })).toEqual({ frames: 33, spans: 3 });
});

test("frames and spans are counted", () => {
  expect(sizeOf(chosen(NOTHING, [at(0), at(1), at(3)], true), { frames: 35, spans: 3 })).toEqual({ frames: 21, spans: 2 });
});

test("neighbouring parts go as one, a whole span without limits", () => {
  const mine = [at(1), at(0), at(3), at(4), at(5), at(6)];
  expect(bodies(mine, SPANS)).toEqual([{ id: "a", start: 0, end: 20, state: "pending" }, { id: "b", state: "pending" }]);
});

test("a part says in which state it was seen, if that is known", () => {
  const saw = [span("a", 0, 30, 10, { state: "restored" })];
  expect(bodies([at(0), at(7)], SPANS, saw)).toEqual([{ id: "a", start: 0, end: 10, state: "restored" }, { id: "c" }]);
});

test("an exception says its video and frames, also a whole span and one that is not in the list any more", () => {
  const lost: Part = { span: "z", video: "v9", start: 7, end: 9 };
  expect(spares([at(3), at(4), at(5), at(6), lost], SPANS)).toEqual([
    { id: "b", start: 40, end: 44, state: "pending", video: "v1" },
    { id: "z", start: 7, end: 9, video: "v9" },
  ]);
});

test("what is sent holds exactly the frames that are selected", () => {
  fc.assert(
    fc.property(fc.subarray(PARTS), (some) => {
      const held = new Set(some.flatMap((part) => Array.from({ length: part.end - part.start }, (_, i) => part.start + i)));
      const told = bodies(some, SPANS).flatMap(({ id, start, end }) => {
        const whole = SPANS.find((entry) => entry.id === id);
        const [first, last] = [start ?? whole?.start ?? 0, end ?? whole?.end ?? 0];
        return Array.from({ length: last - first }, (_, i) => first + i);
      });
      expect(new Set(told)).toEqual(held);
      expect(told).toHaveLength(held.size);
    }),
  );
});

test("a part follows its frames when a decision has cut its span", () => {
  const now = [span("a1", 0, 5), span("a2", 8, 30, 11)];
  expect(resolved([at(0)], now)).toEqual([
    { span: "a1", video: "v1", start: 0, end: 5 },
    { span: "a2", video: "v1", start: 8, end: 10 },
  ]);
  expect(resolved([at(7)], now)).toEqual([at(7)]);
});

test("what was left out is what is selected next", () => {
  const left = chosen(ALL, [at(2)], false);
  expect(named(exceptions(left)).map(keyOf)).toEqual([keyOf(at(2))]);
  expect(isEmpty(exceptions(chosen(NOTHING, [at(2)], true)))).toBe(true);
});

test("an exception leaves out every tile it touches, however tiles are cut by now", () => {
  const kept = retiled(chosen(ALL, [at(1)], false), [span("a1", 0, 15, 15), span("a2", 15, 30, 15), span("b", 40, 44)]);
  expect(named(kept)).toEqual([
    { span: "a1", video: "v1", start: 0, end: 15 },
    { span: "a2", video: "v1", start: 15, end: 30 },
  ]);
});

test("an exception that is not loaded stays one", () => {
  const left = chosen(ALL, [at(1), at(7)], false);
  expect(named(retiled(left, [])).map(keyOf)).toEqual([keyOf(at(1)), keyOf(at(7))]);
  expect(named(retiled(left, [span("a1", 0, 15, 5)]))).toEqual([
    { span: "a1", video: "v1", start: 10, end: 15 },
    { ...at(1), start: 15 },
    at(7),
  ]);
});

test("no refetch lets go of a frame that was left out", () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.subarray(PARTS, { minLength: 1 }), cuts, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 8 }), (some, inner, each, shown) => {
      const edges = [0, ...inner.toSorted((a, b) => a - b), 51];
      const now = edges.slice(1).map((end, i) => span(`n${i}`, edges[i] ?? 0, end, each)).slice(0, shown);
      const kept = named(retiled(chosen(ALL, some, false), now));
      const frames = new Set(kept.flatMap((part) => Array.from({ length: part.end - part.start }, (_, i) => part.start + i)));
      for (const part of some) for (let n = part.start; n < part.end; n += 1) expect(frames.has(n)).toBe(true);
    }),
  );
});

test("what is decided alone is neither among some nor among all", () => {
  const some = spared(chosen(NOTHING, [at(1), at(2)], true), at(1));
  expect(named(some)).toEqual([at(2)]);
  expect(isChosen(spared(ALL, at(1)), at(1))).toBe(false);
});

test("a selection stands for the tiles of a list that came anew", () => {
  const some = chosen(NOTHING, [at(0), at(1), at(7)], true);
  const kept = retiled(some, [span("a9", 0, 20, 5), span("b", 40, 44)]);
  expect(named(kept)).toEqual([0, 5, 10, 15].map((start) => ({ span: "a9", video: "v1", start, end: start + 5 })));
});
