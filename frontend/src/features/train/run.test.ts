import { expect, test } from "vitest";
import { found, run } from "./fixtures";
import { aboutStep, accuracyWords, chances, consequence, dealtWords, factsOf, groupWords, interval, leftOutWords, linesOf, onwardWords, partWords, preflightFact, sidesOf, standing, stepsOf, stepWords } from "./run";

const PHASES = [
  { name: "reading frames", share: 0.5, done: 1 },
  { name: "reading", share: 0.02, done: 1 },
  { name: "features", share: 0.1, done: 1 },
  { name: "oracle", share: 0.1, done: 1 },
  { name: "classifier", share: 0.14, done: 0.5 },
  { name: "selector", share: 0.1, done: 0 },
  { name: "test", share: 0.03, done: 0 },
  { name: "writing", share: 0.01, done: 0 },
];

test("phases are told as few steps, of which one is now", () => {
  const steps = stepsOf(PHASES);
  expect(steps.map((step) => `${step.name}: ${step.state}`)).toEqual(["Read frames: done", "Features: done", "Oracle: done", "Classifier: now", "Selector: ahead", "Test once: ahead"]);
  expect(steps.reduce((sum, step) => sum + step.share, 0)).toBeCloseTo(1);
});

test("a part of a recipe is a step of its own, in its place, and tells its epochs", () => {
  const steps = stepsOf([
    { name: "reading", share: 0.02, done: 1 },
    { name: "What moves", share: 0.45, done: 1 },
    { name: "Limbs", share: 0.45, done: 0.5 },
    { name: "test", share: 0.06, done: 0 },
    { name: "writing", share: 0.02, done: 0 },
  ]);
  expect(steps.map((step) => `${step.name}: ${step.state}`)).toEqual(["Features: done", "What moves: done", "Limbs: now", "Test once: ahead"]);
  expect(steps[2] && stepWords(steps[2], run({ epoch: 9 }))).toBe("Limbs, epoch 9 of 40");
  expect(aboutStep("Limbs")).toContain("added up");
  expect(aboutStep("Train and test")).toBe("");
});

test("a part tells what it did without", () => {
  const part = { recipe: "limbs", title: "Limbs", top1: 0.4, val_top1: null, unread: 0, best_epoch: 3 };
  expect(partWords(part)).toBe("Limbs, alone");
  expect(partWords({ ...part, unread: 2 })).toBe("Limbs, alone; 2 clips it could not read");
});

test("how good the chances are is told where it was measured", () => {
  expect(chances({ map: 0.8126, ece: 0.05 })).toEqual([{ value: "0.813", name: "mAP" }, { value: "0.050", name: "calibration error (ECE)" }]);
  expect(chances({ map: null })).toEqual([]);
});

test("while frames are read, the rest of the run is one step ahead", () => {
  expect(stepsOf([{ name: "reading frames", share: 0.5, done: 0.2 }]).map((step) => step.name)).toEqual(["Read frames", "Train and test"]);
});

test("the step under way says how far it is", () => {
  const [, , , classifier] = stepsOf(PHASES);
  const [reading] = stepsOf([{ name: "reading frames", share: 0.5, done: 0.2 }]);
  expect(classifier && stepWords(classifier, run({ epoch: 27 }))).toBe("Classifier, epoch 27 of 40");
  expect(reading && stepWords(reading, run({ features: { done: 39, total: 200, failed: 1 } }))).toBe("Read frames, 40 of 200 clips");
});

const HISTORY = [
  { epoch: 1, train_loss: 1.2, val_loss: 1.1, train_top1: 0.5, val_top1: 0.62 },
  { epoch: 2, train_loss: 0.9, val_loss: 1.2, train_top1: 0.7, val_top1: 0.6 },
];

test("a line holds what was measured, and is left out where nothing was", () => {
  expect(linesOf({ history: HISTORY }, "top1").map((line) => [line.name, line.points.length])).toEqual([["Validation", 2], ["Training", 2]]);
  expect(linesOf({ history: [{ epoch: 1, train_loss: 1, val_loss: null }] }, "loss").map((line) => line.name)).toEqual(["Training"]);
});

test("the curve is told with its best epoch", () => {
  expect(accuracyWords(run({ history: HISTORY }))).toBe("Validation top-1 is 60.0 % after epoch 2, 62.0 % at the best epoch, 1.");
});

test("facts are told only where the run gave them", () => {
  expect(factsOf(run())).toEqual([]);
  expect(factsOf(run({ history: HISTORY, seconds_left: [300, 420], memory_bytes: 3.1e9 })).map((fact) => `${fact.value} ${fact.name}`)).toEqual([
    "5–7 min left",
    "60.0 % validation top-1, 62.0 % at the best epoch",
    "1.200 validation loss",
    "3.1 GB most memory held",
  ]);
});

test("the room says what is new since the labels were last frozen", () => {
  expect([standing(found()), standing(found({ new_since: 0 })), standing(found({ dataset: null })), standing(found({ labelled: 0 }))]).toEqual([
    "312 clips labelled since dataset 14",
    "No new label since dataset 14",
    "1,842 labelled clips, no run yet",
    "No labelled clip yet",
  ]);
});

test("the dialog says of what, how much is new and how long it takes", () => {
  expect(preflightFact(found(), [16, 21])).toBe("1,842 labelled clips, 312 newer than dataset 14. Takes 16–21 min on this machine, as the latest run did.");
  expect(preflightFact(found({ dataset: null, labelled: 1 }), null)).toBe("1 labelled clip.");
});

test("the consequence is one sentence, and so is what stands in the way", () => {
  expect(consequence(found())).toContain("takes over from v12 by itself if it is no worse");
  expect(consequence(found({ compares_to: null }))).toContain("becomes the champion");
  expect(consequence(found({ running: 30 }))).toContain("Run 30 is under way");
  expect(consequence(found({ blocked: "Label at least two clips." }))).toBe("Label at least two clips.");
});

test("what became of a model is said, also once another one suggests", () => {
  expect(onwardWords(3, "champion")).toContain("v3 is the champion");
  expect(onwardWords(3, "candidate")).toContain("did not take over");
  expect(onwardWords(3, "retired")).toBe("v3 was the champion: another version suggests now.");
});

test("before a run has told how long it takes, the latest one does", () => {
  expect(factsOf(run({ state: "features" }), [16, 21])[0]).toEqual({ value: "16–21 min", name: "in all, as the latest run took" });
  expect(factsOf(run({ state: "features", seconds_left: [300, 420] }), [16, 21])[0]?.name).toBe("left");
});

test("every step says what it is", () => {
  for (const step of stepsOf(PHASES)) expect(aboutStep(step.name)).not.toBe("");
});

test("what could not be read is counted, and said to be left out once it is", () => {
  const rows = [{ video: "a", name: "a.mp4", clips: 3, sentence: "" }, { video: "b", name: "b.mp4", clips: 1, sentence: "" }];
  expect(leftOutWords(run({ state: "features", left_out: rows }))).toBe("4 of 1,842 clips could not be read so far.");
  expect(leftOutWords(run({ state: "done", left_out: rows }))).toBe("4 of 1,842 clips could not be read and are left out.");
});

test("a frozen dataset says its sides and of how many groups they are", () => {
  expect(sidesOf({ classes: [{ label: "a", train: 5, val: 2, test: 1 }, { label: "b", train: 3, val: 0, test: 1 }] })).toEqual({ train: 8, val: 2, test: 2 });
  expect(groupWords({ by: "recording", groups: { train: 4, val: 1, test: 1 } })).toBe(", of which there are 6 recordings");
  expect(groupWords({ by: "none", groups: { train: 4, val: 1, test: 1 } })).toBe("");
});

test("no test side is said aloud", () => {
  expect(dealtWords(found())).toBe("1,352 train, 268 validation, 222 test; apart by subject");
  expect(dealtWords(found({ sides: { train: 8, val: 2, test: 0 }, by: "none" }))).toBe("8 train, 2 validation, no test; apart by clip");
  expect(interval(null, null)).toBe("–");
});
