import { expect, test } from "vitest";
import { cameraNamed, refusal, withMore } from "./chosen";

const file = (name: string, webkitRelativePath = "") => ({ name, webkitRelativePath });
const CAMERAS = [
  { id: "1", name: "Gate 1" },
  { id: "11", name: "Gate 11" },
  { id: "n", name: "Yard north" },
];

test.each([
  ["gate_1_20261012.mp4", "1"],
  ["20261012-gate-11.mp4", "11"],
  ["YARD-NORTH.mp4", "n"],
  ["gate1.mp4", null],
  ["20261012_141936.mp4", null],
])("%s is from camera %s", (name, camera) => {
  expect(cameraNamed([file(name)], CAMERAS)).toBe(camera);
});

test("a folder names the camera of what lies in it", () => {
  expect(cameraNamed([file("a.mp4", "yard_north/a.mp4"), file("b.mp4", "yard_north/b.mp4")], CAMERAS)).toBe("n");
});

test("files of two cameras, or one that names none, leave it to the person", () => {
  expect(cameraNamed([file("gate 1 a.mp4"), file("yard north.mp4")], CAMERAS)).toBeNull();
  expect(cameraNamed([file("gate 1 a.mp4"), file("b.mp4")], CAMERAS)).toBeNull();
  expect(cameraNamed([], CAMERAS)).toBeNull();
});

test.each([
  ["notes.txt", 5, "text/plain", "Not a video"],
  ["photo.jpg", 5, "image/jpeg", "Not a video"],
  ["a.mp4", 0, "video/mp4", "Empty"],
  ["a.mp4", 5, "video/mp4", null],
  ["recorder.dav", 5, "", null],
  ["stream.ts", 5, "text/vnd.trolltech.linguist", null],
  ["unknown", 5, "", null],
])("of %s (%i B, %s) it is said: %s", (name, size, type, says) => {
  expect(refusal({ name, size, type })).toBe(says);
});

test("a file that is chosen twice is sent once", () => {
  const [a, b] = [new File(["1"], "a.mp4", { lastModified: 1 }), new File(["2"], "b.mp4", { lastModified: 1 })];
  expect(withMore([a], [a, b, b])).toEqual([a, b]);
});
