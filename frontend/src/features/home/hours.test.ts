import { describe, expect, it } from "vitest";
import { axisTop, hoursUpTo } from "./hours";

describe("labels by the hour", () => {
  const now = new Date("2026-10-14T17:41:00Z");

  it("ends with the hour of now and has one for each before", () => {
    const hours = hoursUpTo(now, [{ at: "2026-10-14T16:00:00Z", accepted: 3, fixed: 1, by_hand: 2, imported: 50 }], 3);
    expect(hours.map((hour) => hour.all)).toEqual([0, 56, 0]);
    expect(hours[1]).toMatchObject({ accepted: 3, fixed: 1, byHand: 2, imported: 50 });
    expect(hours[2]?.clock).toBe(now.getHours());
  });

  it("leaves out what is older", () => {
    expect(hoursUpTo(now, [{ at: "2026-10-14T03:00:00Z", accepted: 3, fixed: 0, by_hand: 0, imported: 0 }], 12).every((hour) => hour.all === 0)).toBe(true);
  });

  it.each([
    [0, 3],
    [3, 3],
    [4, 6],
    [82, 90],
    [100, 150],
    [301, 600],
  ])("has an axis for %i that ends at %i", (most, top) => {
    expect(axisTop(most)).toBe(top);
  });
});
