import { expect, test } from "vitest";
import type { Gate, Thresholds } from "./types";
import { laidOver } from "./useGate";

function gate(revision: number, thresholds: Thresholds): Gate {
  return { camera: "c1", revision, thresholds } as Gate;
}

test("of two versions mine is a draft over theirs, of no more than I had changed", () => {
  const base = gate(3, { too_dark: 0.5, noise: 20, freeze: 2 });
  const theirs = gate(4, { too_dark: 0.5, noise: 30, freeze: null });
  expect(laidOver({ base, theirs, mine: { too_dark: 0.51, noise: 20, freeze: 2 } })).toEqual({ camera: "c1", changes: { too_dark: 0.51 } });
});

test("where both changed the same to the same, no draft is left", () => {
  const base = gate(3, { too_dark: 0.5, noise: 20 });
  expect(laidOver({ base, theirs: gate(4, { too_dark: null, noise: 20 }), mine: { too_dark: null, noise: 20 } })).toBeNull();
});
