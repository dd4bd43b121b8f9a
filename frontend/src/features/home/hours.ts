/** Labels by the hour, with the hours in which nobody labelled. */
import type { LabelHourOut } from "../../api/generated/model";

export interface Hour {
  /** Of the day here, 0 to 23. */
  readonly clock: number;
  readonly accepted: number;
  readonly fixed: number;
  readonly byHand: number;
  readonly imported: number;
  readonly all: number;
}

const HOUR_MS = 3_600_000;

/** The `shown` hours up to that of `now`, oldest first. */
export function hoursUpTo(now: Date, told: readonly LabelHourOut[], shown: number): readonly Hour[] {
  const last = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const found = new Map(told.map((hour) => [new Date(hour.at).getTime(), hour]));
  return Array.from({ length: shown }, (_, place) => {
    const at = last - (shown - 1 - place) * HOUR_MS;
    const { accepted = 0, fixed = 0, by_hand: byHand = 0, imported = 0 } = found.get(at) ?? {};
    return { clock: new Date(at).getHours(), accepted, fixed, byHand, imported, all: accepted + fixed + byHand + imported };
  });
}

/** The top of an axis that counts: at least `most`, in steps that are easy to read, and never below three steps of one. */
export function axisTop(most: number, steps = 3): number {
  const rough = Math.max(1, most / steps);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 3, 5, 10].map((factor) => factor * power).find((value) => value >= rough) ?? rough;
  return step * steps;
}
