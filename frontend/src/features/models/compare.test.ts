import { expect, test } from "vitest";
import { acceptedWords, chanceWords, columnsOf, comparable, fallen, pairedWords, promoteVerb, promoteWords, spokeWords, standing, topDelta, withoutWords } from "./compare";
import { row } from "./fixtures";

const CHAMPION = row(12, { state: "champion", top1: 0.856, champion_since: "2026-10-12T09:00:00Z" });
const report = (label: string, f1: number | null) => ({ label, f1, precision: null, recall: null, support: 9 });
const against = (p: number | null, top1 = 0.874) => row(13, { top1, paired: { version: 12, won: 12, lost: 8, p, top1: 0.856 } });

test("the selected version comes first, then the champion, then the newest", () => {
  const rows = [row(14), row(13), CHAMPION, row(11), row(10)];
  expect(columnsOf(rows, 10).map((each) => each.number)).toEqual([10, 12, 14, 13]);
  expect(columnsOf(rows, 12).map((each) => each.number)).toEqual([12, 14, 13, 11]);
});

test("a difference inside the interval stays grey and says so", () => {
  expect(topDelta(against(0.5), CHAMPION)).toEqual({ text: "+1.8, within chance", tone: "" });
  expect(topDelta(against(null), CHAMPION)).toEqual({ text: "+1.8, within chance", tone: "" });
});

test("a version says what it was made without, and what it never suggests", () => {
  const lost = { number: 3, clips: 50, left_out: [{ video: "a", name: "a.mp4", clips: 4, sentence: "" }] };
  expect(withoutWords(lost, [])).toBe("v3 was made without 4 of 50 clips: their frames could not be read.");
  expect(withoutWords({ ...lost, left_out: [] }, ["Digging", "Falling"])).toBe("v3 never suggests Digging, Falling: it had no clip to learn them from.");
});

test("a real difference has a colour, for better and for worse", () => {
  expect(topDelta(against(0.01), CHAMPION)).toEqual({ text: "+1.8", tone: "ok" });
  expect(topDelta(against(0.01, 0.8), CHAMPION)).toEqual({ text: "−5.6", tone: "bad" });
});

test("versions that were not measured side by side have no difference", () => {
  expect(topDelta(row(13), CHAMPION)).toBe(null);
  expect(topDelta(row(13, { paired: { version: 9, won: 1, lost: 0, p: 1 } }), CHAMPION)).toBe(null);
  expect(chanceWords(row(13), CHAMPION)).toContain("not measured side by side");
});

test("the paired test says won, lost and p", () => {
  expect([pairedWords(against(0.5)), pairedWords(against(0.0004)), pairedWords(row(1)), pairedWords(CHAMPION)]).toEqual([
    "12 clips won, 8 lost against v12, p = 0.50",
    "12 clips won, 8 lost against v12, p under 0.001",
    "not compared",
    "is the champion",
  ]);
});

test("a version is held against a champion that came later, too", () => {
  const later = row(14, { state: "champion", top1: 0.9, paired: { version: 13, won: 9, lost: 2, p: 0.07, top1: 0.874 } });
  expect(topDelta(row(13), later)).toEqual({ text: "−2.6, within chance", tone: "" });
  expect(pairedWords(row(13), later)).toBe("2 clips won, 9 lost against v14, p = 0.070");
  expect(chanceWords(row(13), later)).toBe("Top-1 87.4 % against 90.0 %: −2.6 points, within chance.");
  expect([comparable(row(13), later), comparable(row(12), later)]).toEqual([true, false]);
});

test("only a version before the champion is gone back to", () => {
  const [before, after] = [row(11, { state: "retired" }), row(13, { state: "retired" })];
  expect([before, after, row(14)].map((each) => promoteVerb(each, CHAMPION))).toEqual(["Roll back to v11", "Promote v13", "Promote v14"]);
});

test("accepted says of how many, and when there is nothing to say", () => {
  expect([acceptedWords(row(1)), acceptedWords({ ...CHAMPION }), acceptedWords(row(1, { accepted: { accepted: 863, judged: 1106 } }))]).toEqual(["not in use yet", "nothing judged yet", "78 % of 1,106"]);
});

test("when a version spoke", () => {
  expect([spokeWords(row(13)), spokeWords(CHAMPION)]).toEqual(["run 31", "since 12 Oct"]);
  expect(spokeWords(row(11, { state: "retired", champion_since: "2026-10-09T08:00:00Z", champion_until: "2026-10-12T09:00:00Z" }))).toBe("9 Oct – 12 Oct");
});

test("a class that falls by more than two points is named, the worst first", () => {
  const now = { per_class: [report("fall", 0.69), report("saw", 0.6), report("walk", 0.9), report("new", 0.1)] };
  const before = { per_class: [report("fall", 0.74), report("saw", 0.9), report("walk", 0.92), report("new", null)] };
  expect(fallen(now, before).map(({ label, points }) => `${label} ${points.toFixed(2)}`)).toEqual(["saw 0.30", "fall 0.05"]);
  expect(fallen(now, undefined)).toEqual([]);
});

test("the room says which version speaks", () => {
  expect([standing([row(13), CHAMPION]), standing([row(13)])]).toEqual(["2 versions; v12 speaks, measured on 222 test clips", "1 version, none speaks"]);
  expect(promoteWords(row(13), CHAMPION)).toBe("v13 makes the suggestions from now on in place of v12. Open clips get its suggestions; labels stay as they are.");
});
