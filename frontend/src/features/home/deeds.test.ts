import { describe, expect, it } from "vitest";
import { deedPlace, deedWords, VERBS, when } from "./deeds";

const deed = (verb: string, data: Record<string, unknown> = {}, times = 1, who = "Priya Nair") => ({ at: "2026-10-14T08:00:00Z", who, verb, times, object: "17", data });

describe("what people did", () => {
  it("names the one and counts the many", () => {
    expect(deedWords(deed("video.register", { name: "gate.mp4" }))).toBe("Priya Nair added gate.mp4");
    expect(deedWords(deed("video.register", { name: "gate.mp4" }, 1204))).toBe("Priya Nair added 1,204 videos");
    expect(deedWords(deed("member.add", { user: "tomas" }, 3))).toBe("Priya Nair let 3 people in");
  });

  it("says how many frames a decision was about", () => {
    expect(deedWords(deed("review.restored", { frames: 1, spans: 1 }))).toBe("Priya Nair restored 1 frame");
    expect(deedWords(deed("review.confirmed", { frames: 1204, spans: 61 }))).toBe("Priya Nair confirmed 1,204 rejected frames");
  });

  it("says which rules of a gate were changed", () => {
    expect(deedWords(deed("gate.apply", { revision: 4, from: { too_dark: 0.5 }, to: { too_dark: 0.7, motion_blur: null } }))).toBe("Priya Nair changed a gate: too dark, motion blur");
  });

  it("says where a video was moved, and leads to it", () => {
    const moved = { name: "gate.mp4", from: "Gate 1", to: "Gate 2" };
    expect(deedWords(deed("video.move", moved))).toBe("Priya Nair moved gate.mp4 from Gate 1 to Gate 2");
    expect(deedWords(deed("video.move", moved, 3))).toBe("Priya Nair moved 3 videos");
    expect(deedPlace(deed("video.move", moved))).toEqual({ room: "video", id: "17" });
  });

  it("begins with a capital where the system did it", () => {
    expect(deedWords(deed("modelversion.champion", {}, 1, ""))).toBe("A new model became the champion");
    expect(deedWords(deed("video.register", { name: "a.mp4" }, 2, ""))).toBe("Added 2 videos");
  });

  it("has words for everything that it asks for", () => {
    for (const verb of VERBS) expect(deedWords(deed(verb))).not.toContain(verb);
  });

  it("leads to what it tells of: the one, or the room of the many", () => {
    expect(deedPlace(deed("video.register", { name: "gate.mp4" }))).toEqual({ room: "video", id: "17" });
    expect(deedPlace(deed("video.register", { name: "gate.mp4" }, 12))).toEqual({ room: "videos" });
    expect(deedPlace(deed("video.remove", { name: "gate.mp4" }))).toEqual({ room: "videos" });
    expect(deedPlace(deed("trainingrun.start", { number: 31 }))).toEqual({ room: "run", number: "31" });
    expect(deedPlace(deed("review.restored", { frames: 1 }))).toEqual({ room: "quality" });
  });

  it("shows the time today and the day before", () => {
    const now = new Date(2026, 9, 14, 20);
    expect(when(new Date(2026, 9, 14, 7, 5).toISOString(), now)).toBe("07:05");
    expect(when(new Date(2026, 9, 13, 23, 59).toISOString(), now)).toBe("13 Oct");
  });
});
