import { expect, test } from "vitest";
import { themeOf } from "./appearance";

const JUDGED = ["/p/yard/quality", "/p/yard/label", "/p/yard/label/0192", "/p/yard/videos/0192", "/p/yard/videos/0192/quality"];
const OTHERS = ["/", "/signin", "/p/yard", "/p/yard/videos", "/p/yard/videos/", "/p/yard/settings", "/p/label", "/p/yard/labels", "/p/quality"];

test("without a choice it is dark where footage is judged, and as the system says elsewhere", () => {
  expect(JUDGED.map((path) => themeOf("footage", path, true))).toEqual(JUDGED.map(() => "dark"));
  expect(OTHERS.map((path) => themeOf("footage", path, true))).toEqual(OTHERS.map(() => "light"));
  expect(OTHERS.map((path) => themeOf("footage", path, false))).toEqual(OTHERS.map(() => "dark"));
});

test("a choice counts in every room", () => {
  for (const path of [...JUDGED, ...OTHERS]) {
    expect([themeOf("light", path, false), themeOf("dark", path, true)]).toEqual(["light", "dark"]);
    expect([themeOf("system", path, true), themeOf("system", path, false)]).toEqual(["light", "dark"]);
  }
});
