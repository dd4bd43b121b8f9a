import { expect, test } from "vitest";
import { cardLines, limitsOf } from "./card";

const MODEL = { card: {}, weights: null, files: [], clips: 1530, dataset: 14, budget: null, left_out: [] };
const CARD = {
  name: "SMART, light (smart-light)",
  purpose: "Suggests what happens in a clip.",
  data: { videos: 40, split: { by: "camera_day", groups: { train: 9, val: 3, test: 3 } } },
  recipe: { why: "No GPU", best_epoch: 24, chosen_by: "val macro-F1", budget_by: "As asked for." },
  cost: { parameters: 51000, frames_decoded: 128, seconds_a_clip: 0.0042 },
  limits: ["It names one class.", 3],
};

test("a card says what it was made from and what it costs", () => {
  const lines = Object.fromEntries(cardLines({ ...MODEL, card: CARD, budget: 8 }).map((line) => [line.name, line.text]));
  expect(lines).toMatchObject({
    Data: "dataset 14, 1,530 clips of 40 videos",
    Split: "by camera and day: groups 9 train, 3 val, 3 test",
    "Best epoch": "24, chosen by val macro-F1",
    Frames: "8 of a clip are looked at. As asked for.",
    Cost: "51,000 parameters, about 128 frames decoded of a clip, 4.2 ms a clip once its features are made",
  });
});

test("no weights is said aloud, and a card without a part leaves its line out", () => {
  expect(cardLines(MODEL).map((line) => `${line.name}: ${line.text}`)).toEqual(["Data: dataset 14, 1,530 clips", "Weights: no weights: the network that looks at single frames is random"]);
});

test("a card says what could not be read for it", () => {
  const left_out = [{ video: "a", name: "a.mp4", clips: 3, sentence: "" }, { video: "b", name: "b.mp4", clips: 1, sentence: "" }];
  expect(cardLines({ ...MODEL, left_out })).toContainEqual({ name: "Left out", text: "4 clips of 2 recordings: the frames could not be read" });
});

test("a card of a model that adds up several tells each by itself", () => {
  const parts = [{ title: "Motion", top1: 0.431, val_top1: 0.5 }, { title: "Limbs", top1: null, val_top1: 0.25 }, "odd"];
  expect(cardLines({ ...MODEL, card: { parts } })).toContainEqual({ name: "Parts", text: "Motion, alone 43.1 %; Limbs, alone 25.0 %" });
});

function chancesOf(results: object): string | undefined {
  return cardLines({ ...MODEL, card: { results } }).find((line) => line.name === "Chances")?.text;
}

test("a card tells how good the chances are, where they were measured", () => {
  expect(chancesOf({ map: 0.8126, ece: 0.05 })).toBe("mAP 0.813, calibration error (ECE) 0.050");
  expect(chancesOf({ map: 0.8126, ece: null })).toBe("mAP 0.813");
  expect(chancesOf({ top1: 0.9 })).toBeUndefined();
});

test("limits are sentences and nothing else", () => {
  expect([limitsOf({ card: CARD }), limitsOf({ card: {} })]).toEqual([["It names one class."], []]);
});
