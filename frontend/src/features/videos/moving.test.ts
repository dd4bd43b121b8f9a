import { expect, test } from "vitest";
import { cameraMissing, NEW, UNNAMED } from "./CameraPick";
import { isMovable } from "./MoveDialog";

test.each([
  ["ready", true],
  ["failed", true],
  ["registered", false],
  ["working", false],
] as const)("a video that is %s can be moved: %s", (state, can) => {
  expect(isMovable({ state })).toBe(can);
});

test("a camera is chosen, or a new one has a name and a site", () => {
  expect(cameraMissing("", UNNAMED, "Choose one first.")).toBe("Choose one first.");
  expect(cameraMissing("17", UNNAMED, "Choose one first.")).toBeUndefined();
  expect(cameraMissing(NEW, { name: "Gate 1", site: " " }, "")).toBe("Give the camera a name and a site first.");
  expect(cameraMissing(NEW, { name: "Gate 1", site: "Yard" }, "")).toBeUndefined();
});
