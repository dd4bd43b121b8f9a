import { expect, test } from "vitest";
import { curveLines, curveOn, readingOf, readingWords } from "./budget";

const CURVE = { uniform: { "1": 0.6, "4": 0.75, "10": 0.8, "22": 0.85 }, smart: { "4": 0.85, "1": 0.7 } };
const told = (curve: Record<string, Record<string, number>>, budget: number | null): string | null => {
  const reading = readingOf(curve, budget);
  if (reading === null) return null;
  const { lead, tail } = readingWords(reading);
  return lead + tail;
};

test("lines come in the key's order with their points in order, and only what was measured", () => {
  expect(curveLines(CURVE).map((line) => [line.name, line.points.map((point) => point.x)])).toEqual([["SMART", [1, 4]], ["Uniform", [1, 4, 10, 22]]]);
});

test("lines differ by more than colour", () => {
  const all = curveLines({ ...CURVE, random: { "1": 0 }, mgsampler: { "1": 0 }, single: { "1": 0 }, global: { "1": 0 } });
  expect(new Set(all.map((line) => `${line.dash ?? ""} ${line.thick ?? false}`)).size).toBe(6);
});

test("the chart says how many evenly spread frames do as well", () => {
  expect(told(CURVE, 4)).toBe("SMART at 4 frames matches uniform at 22: 5.5 times fewer to look at.");
});

test("it says so too where nothing is saved, or where uniform never gets there", () => {
  expect(told({ smart: { "8": 0.7, "9": 0.6 }, uniform: { "4": 0.7 } }, 8)).toBe("SMART at 8 frames is no better than uniform at 4: here the choice saves nothing.");
  expect(told({ smart: { "1": 0.9 }, uniform: { "4": 0.7, "8": 0.6 } }, 1)).toBe("SMART at 1 frame is better than uniform at any number: 90.0 % against at best 70.0 %, at 4.");
});

test("where no frame was spared it says so, and blames no choice", () => {
  expect(told({ smart: { "3": 0.7, "25": 0.7 }, uniform: { "3": 0.7, "25": 0.7 } }, 25)).toBe("SMART looks at 25 frames, the most it may: validation did not show that fewer would do as well.");
});

test("where the model's own number of frames was not measured it says nothing", () => {
  expect([told(CURVE, 7), told(CURVE, null), told({}, 4)]).toEqual([null, null, null]);
  expect([curveOn("test"), curveOn("none")]).toEqual(["on the test clips", ""]);
});
