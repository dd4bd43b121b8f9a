import { expect, test } from "vitest";
import { span, tile } from "./fixtures";
import { cellWords, moved, shadeOf, topOf } from "./heat";
import { bridgeText, changesOf, chipText, clockText, instantText, inUnit, limitOf, limitText, limitWords, ruleText, valueOf, whyText } from "./words";

const FREEZE = { reason: "freeze", reasons: [{ reason: "freeze", metric: "freeze", value: 45, threshold: 20, frames: 45 }] };

test("a number is told in its unit", () => {
  expect([inUnit(0.714, "score"), inUnit(3.24, "seconds"), inUnit(26.12, "levels")]).toEqual(["0.71", "3.2 s", "26.1 levels"]);
});

test("a freeze is counted in frames and told in seconds", () => {
  const frozen = span("f", 0, 50, 50, FREEZE);
  expect([valueOf("freeze", 45, 10), limitOf(frozen), chipText(frozen, tile(0, 50, 45))]).toEqual([4.5, 2, "4.5 s"]);
});

test("a number that just passed its limit does not look like it", () => {
  const soft = span("a", 0, 10);
  expect([chipText(soft, tile(0, 1, 0.503)), chipText(soft, tile(0, 1, 0.71)), chipText(soft, tile(0, 1, 0.5)), chipText(soft, tile(0, 1, null))]).toEqual(["0.503", "0.71", "0.50", ""]);
});

test("a reason is told with its number and unit", () => {
  const frozen = span("f", 0, 50, 50, FREEZE);
  expect([whyText(frozen, "freeze", "Freeze"), whyText(frozen, "freeze", "Freeze", 20.4), whyText(frozen, "noise", "Noise")]).toEqual(["Freeze 4.5 s", "Freeze 2.04 s", "Noise"]);
});

test("limits read as what they reject", () => {
  expect([limitText(0.5, "score"), limitText(2, "seconds"), limitText(null, "levels")]).toEqual(["above 0.50", "longer than 2.0 s", "off"]);
  expect([limitWords(0.62, 0.5, "score"), limitWords(0.5, 0.5, "score"), limitWords(null, 24, "levels")]).toEqual(["above 0.62, was 0.50", "above 0.50", "off, rejects nothing, was 24.0"]);
  expect([ruleText("too_dark", 0.4), ruleText("bridge", 3)]).toEqual(["Too dark above 0.40", "Gaps of up to 2 frames are rejected too"]);
  expect([bridgeText(1), bridgeText(2)]).toEqual(["No gap is closed", "A gap of 1 frame is rejected too"]);
});

test("changes are the rules that differ", () => {
  expect(changesOf({ defocus: 0.5, noise: 24, bridge: 3 }, { defocus: 0.5, noise: null, bridge: 5 })).toEqual(["noise", "bridge"]);
});

test("times are the recorder's own", () => {
  const at = new Date("2026-10-14T08:12:41.733Z");
  expect([clockText(at), instantText(at)]).toEqual(["08:12:41", "14 Oct, 08:12:41.733"]);
});

test("a heat map shades by the most there is, and says what a cell holds", () => {
  const rows = [{ camera: "c", name: "Yard North", share: [null, 0, 0.02, 0.2] }];
  const top = topOf(rows);
  expect([shadeOf(null, top), shadeOf(0, top), shadeOf(0.02, top), shadeOf(0.2, top)]).toEqual([null, 0, 1, 5]);
  expect([cellWords("Yard North", 8, 0.2), cellWords("Yard North", 23, null)]).toEqual(["Yard North, 08:00–09:00: 20.0 % of frames rejected", "Yard North, 23:00–00:00: nothing recorded"]);
  expect([moved("ArrowDown", [0, 3], 2), moved("ArrowRight", [1, 23], 2), moved("Home", [1, 9], 2), moved("x", [0, 0], 2)]).toEqual([[1, 3], [1, 23], [1, 0], null]);
});
