import { describe, expect, it } from "vitest";
import { waitingWords } from "./waiting";

const NOW = new Date(2026, 10, 26);
const until = new Date(2026, 11, 3, 8, 5).toISOString();

describe("a one-time password that nobody has changed", () => {
  it("says until when it opens something", () => {
    expect(waitingWords({ until, over: false }, NOW)).toBe("one-time password not changed yet, ends 3 Dec, 08:05");
  });

  it("says that it ran out, and what is needed", () => {
    expect(waitingWords({ until, over: true }, NOW)).toBe("one-time password ran out, needs a new one");
  });

  it("says no time where it has no end", () => {
    expect(waitingWords({ until: null, over: false }, NOW)).toBe("one-time password not changed yet");
  });
});
