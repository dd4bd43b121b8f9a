import { expect, test } from "vitest";
import { filterOf, headline, isNarrowed, periodsOf, periodText, searchOf, sortOf, underline } from "./filters";

test("an address that makes no sense is dropped, and what goes without saying left out", () => {
  expect(searchOf({ camera: "c1", reason: "defocus", state: "pending", sort: "time", group: "span" })).toEqual({ camera: "c1", reason: "defocus" });
  expect(searchOf({ reason: "ugly", state: "gone", since: "yesterday", sort: 3, group: "hour", camera: "", hour: 24 })).toEqual({ group: "hour" });
});

test("without a word about it, what nobody decided is asked for", () => {
  expect(filterOf({})).toEqual({ state: "pending" });
  expect(filterOf({ state: "all", camera: "c1", group: "none", hour: 0 })).toEqual({ state: "all", camera: "c1", hour: 0 });
  expect([isNarrowed({ state: "all", sort: "worst" }), isNarrowed({ reason: "glare" })]).toEqual([false, true]);
});

test("hours are only told apart in the order of time", () => {
  expect([sortOf({ sort: "worst", group: "hour" }), sortOf({ sort: "worst" }), sortOf({})]).toEqual(["time", "worst", "time"]);
});

test("the list says what it holds", () => {
  expect(headline(1204, { reason: "defocus" })).toBe("1,204 frames rejected for defocus");
  expect(headline(1, { state: "restored" })).toBe("1 frame restored");
  expect(underline(61, { state: "all" }, { decided: 3 })).toBe("in 61 spans, 3 decided");
  expect(underline(1, {}, { decided: 3 })).toBe("in 1 span");
});

test("days are picked from the newest footage back", () => {
  const periods = periodsOf("2026-10-12T20:00:00Z", "2026-10-14T10:00:00Z");
  expect(periods.map((entry) => entry.label)).toEqual(["All, 12–14 Oct", "14 Oct", "13 Oct", "12 Oct"]);
  expect(periods[1]).toEqual({ label: "14 Oct", since: "2026-10-14T00:00:00.000Z", until: "2026-10-15T00:00:00.000Z" });
  expect(periodsOf("2026-10-14T01:00:00Z", "2026-10-14T10:00:00Z")).toHaveLength(1);
  expect(periodsOf(null, null)).toEqual([{ label: "All" }]);
  expect(periodsOf("2026-08-01T00:00:00Z", "2026-10-14T10:00:00Z").slice(0, 3).map((entry) => entry.label)).toEqual(["All, 1 Aug–14 Oct", "The last 7 days", "The last 30 days"]);
});

test("a period that came by a link reads, too", () => {
  const periods = periodsOf("2026-10-12T20:00:00Z", "2026-10-14T10:00:00Z");
  expect(periodText({}, periods)).toBe("12–14 Oct");
  expect(periodText({ since: "2026-10-13T00:00:00.000Z", until: "2026-10-14T00:00:00.000Z" }, periods)).toBe("13 Oct");
  expect(periodText({ since: "2026-10-13T06:00:00Z", until: "2026-10-14T07:00:00Z" }, periods)).toBe("13 Oct–14 Oct");
  expect(periodText({ until: "2026-10-14T07:00:00Z" }, periods)).toBe("until 14 Oct");
});
