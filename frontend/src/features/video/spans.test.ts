import { expect, test } from "vitest";
import type { SpanOut } from "../../api/generated/model";
import { neighbour, spanAt, spansOnTimeline } from "./spans";

function span(start: number, end: number, state = "pending"): SpanOut {
  const reasons = [{ reason: "defocus", metric: "sharpness", value: 38, threshold: 90, frames: end - start }];
  return { id: `${start}`, start, end, reason: "defocus", reasons, state, profile_revision: 1 };
}

const spans = [span(10, 20), span(50, 98), span(200, 201, "restored")];

test("the reason and its number stand beside the verdict", () => {
  expect(spansOnTimeline(spans)).toEqual([
    { start: 10, end: 20, label: "Defocus 38", detail: "10 frames rejected" },
    { start: 50, end: 98, label: "Defocus 38", detail: "48 frames rejected" },
  ]);
});

test("up and down go from stretch to stretch and pass restored ones by", () => {
  expect([neighbour(spans, 0, 1), neighbour(spans, 10, 1), neighbour(spans, 60, 1)]).toEqual([10, 50, null]);
  expect([neighbour(spans, 60, -1), neighbour(spans, 50, -1), neighbour(spans, 10, -1)]).toEqual([50, 10, null]);
});

test("a stretch holds its start and not its end", () => {
  expect([spanAt(spans, 9), spanAt(spans, 20), spanAt(spans, 200)]).toEqual([null, null, null]);
  expect(spanAt(spans, 10)?.id).toBe("10");
  expect(spanAt(spans, 19)?.id).toBe("10");
});
