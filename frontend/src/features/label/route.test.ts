import { expect, test } from "vitest";
import { CLASS_KEYS, LABEL_ACTIONS } from "./actions";
import { annotation, CLASSES, clip, keys, suggestion } from "./fixtures";
import { type Deed, giveNamed, route, type Situation } from "./route";
import { NO_WORK, select, withSegment } from "./work";

function situation(change: Partial<Situation> = {}): Situation {
  return { clip: clip("a"), work: NO_WORK, classes: CLASSES, at: 150, newKey: keys(), ...change };
}

function doing(deed: Deed | null): string | undefined {
  return deed?.do;
}

const segments = select(withSegment(NO_WORK, "walk", 120, 180, "s1"), null);

test("on a whole clip one class key labels it and moves on", () => {
  expect(route("class2", situation())).toMatchObject({ do: "submit", outcome: "labelled", work: { label: "carry" } });
});

test("among segments a class key only sets the class", () => {
  const deed = route("class2", situation({ work: select(segments, "s1") }));
  expect(deed).toMatchObject({ do: "edit", work: { segments: [{ label: "carry" }] } });
});

test("in, out, class: three keys make an exact segment", () => {
  let now = situation();
  for (const [id, at] of [["markIn", 120], ["markOut", 179], ["class1", 179]] as const) {
    const deed = route(id, { ...now, at });
    if (deed?.do !== "edit") throw new Error(`${id} did ${doing(deed) ?? "nothing"}`);
    now = { ...now, work: deed.work };
  }
  expect(now.work.segments).toMatchObject([{ label: "walk", start: 120, end: 180 }]);
});

test("the tenth class has a letter, and its key labels as a digit does", () => {
  const tenth = { ...CLASSES[0], id: "fall", name: "fall", hotkey: "q" } as (typeof CLASSES)[number];
  expect(route("classq", situation({ classes: [...CLASSES, tenth] }))).toMatchObject({ do: "submit", work: { label: "fall" } });
  expect(route("classq", situation())).toEqual({ do: "say", sentence: "No class has the key Q." });
});

test("no class is given a key that stands for something else on this screen", () => {
  const others = new Set(LABEL_ACTIONS.filter(({ group }) => group !== "Class").flatMap(({ keys: of }) => of));
  expect(CLASS_KEYS.filter((key) => others.has(key))).toEqual([]);
});

test("a key without a class says so and labels nothing", () => {
  expect(route("class9", situation())).toEqual({ do: "say", sentence: "No class has the key 9." });
  expect(doing(route("class1", situation({ classes: CLASSES.map((entry) => ({ ...entry, archived: true })) })))).toBe("say");
});

test("a class found by its name does what its key does", () => {
  const [walk] = CLASSES;
  if (walk === undefined) throw new Error("no class");
  expect(giveNamed(walk, situation())).toMatchObject({ do: "submit", work: { label: "walk" } });
  expect(giveNamed(walk, situation({ work: segments }))).toMatchObject({ do: "edit", work: { armed: "walk" } });
});

test("Enter accepts what is shown: own work before the suggestion", () => {
  const guessed = clip("a", { suggestion: suggestion() });
  expect(route("accept", situation({ clip: guessed }))).toMatchObject({ do: "submit", work: { label: "carry" } });
  expect(route("accept", situation({ clip: guessed, work: segments }))).toMatchObject({ do: "submit", work: { label: null, segments: [{ key: "s1" }] } });
});

test("Enter takes a suggestion's segments over, each under a key of its own", () => {
  const guess = { label: "carry", start: 110, end: 150, p: 0.6, start_sd: 4, end_sd: 19 };
  expect(route("accept", situation({ clip: clip("a", { suggestion: suggestion({ segments: [guess] }) }) }))).toMatchObject({
    do: "submit",
    work: { label: null, segments: [{ key: "s1", label: "carry", start: 110, end: 150, actor: null }] },
  });
});

test("Enter on a clip that is already labelled goes on and writes nothing", () => {
  const settled = clip("a", { annotation: annotation() });
  expect(doing(route("accept", situation({ clip: settled, work: { ...NO_WORK, label: "walk" } })))).toBe("next");
  expect(doing(route("accept", situation({ clip: settled, work: { ...NO_WORK, label: "lift" } })))).toBe("submit");
});

test("Enter with nothing to accept, or with open marks, says what is missing", () => {
  expect(doing(route("accept", situation()))).toBe("say");
  expect(doing(route("accept", situation({ work: { ...segments, markIn: 190 } })))).toBe("say");
});

test("X and U decide at once", () => {
  expect(route("reject", situation())).toMatchObject({ do: "submit", outcome: "rejected" });
  expect(route("uncertain", situation())).toMatchObject({ do: "submit", outcome: "uncertain" });
});

test("a nudge moves the nearer edge and the playhead with it", () => {
  const work = select(segments, "s1");
  expect(route("later", situation({ work, at: 120 }))).toMatchObject({ seek: 121, work: { segments: [{ start: 121, end: 180 }] } });
  expect(route("muchEarlier", situation({ work, at: 179 }))).toMatchObject({ seek: 169, work: { segments: [{ start: 120, end: 170 }] } });
  expect(doing(route("later", situation({ work: segments })))).toBe("say");
});

test("up and down go to segments, and nowhere when there are none", () => {
  expect(route("segmentOn", situation({ work: segments, at: 100 }))).toMatchObject({ do: "edit", seek: 120, work: { selected: "s1" } });
  expect(route("segmentOn", situation())).toBe(null);
});

test("what cannot be split, merged or deleted is explained", () => {
  expect(["split", "merge", "remove"].map((id) => doing(route(id, situation())))).toEqual(["say", "say", "say"]);
  expect(doing(route("split", situation({ work: segments, at: 150 })))).toBe("edit");
});

test("every other key is the player's", () => {
  expect([route("next", situation()), route("skip", situation())]).toEqual([{ do: "play", id: "next" }, { do: "skip" }]);
});
