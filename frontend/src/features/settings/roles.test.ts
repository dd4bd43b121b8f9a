import { describe, expect, it } from "vitest";
import { withArticle } from "./roles";

describe("a role in a sentence", () => {
  it.each([
    ["Viewer", "a viewer"],
    ["Annotator", "an annotator"],
    ["Data lead", "a data lead"],
    ["ML lead", "an ML lead"],
    ["Admin", "an admin"],
  ])("makes %s %s", (role, said) => {
    expect(withArticle(role)).toBe(said);
  });
});
