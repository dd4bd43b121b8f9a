import { expect, test } from "vitest";
import { ApiError } from "../../api/http";
import { refusalIn } from "./uploads";

test("a file that is here already points to it and is not tried again", () => {
  expect(refusalIn(new ApiError(409, "conflict", "It is here.", { video: "v1" }))).toEqual({ video: "v1", again: false });
});

test.each([
  [422, false],
  [404, false],
  [0, true],
  [401, true],
  [409, true],
  [503, true],
])("after status %i another try is offered: %s", (status, again) => {
  expect(refusalIn(new ApiError(status, "x", "No."))).toEqual({ video: null, again });
});
