import { expect, test } from "vitest";
import type { SessionOut } from "./generated/model";
import { standing } from "./queries";

const ann = { user: { id: 1, name: "Ann" }, projects: [{ slug: "yard" }] } as unknown as SessionOut;
const ben = { user: { id: 2, name: "Ben" }, projects: [] } as unknown as SessionOut;
const nobody: SessionOut = { user: null, must_choose_password: false, projects: [] };

test("who was here is still shown when the session has ended, as somebody whose session has ended", () => {
  expect(standing(ann, nobody)).toEqual({ ...ann, expired: true });
  expect(standing({ ...ann, expired: true }, nobody)).toEqual({ ...ann, expired: true });
});

test("a sign-in ends that, whoever it is", () => {
  expect(standing({ ...ann, expired: true }, ann)).toEqual(ann);
  expect(standing({ ...ann, expired: true }, ben)).toEqual(ben);
});

test("where nobody was, nobody's session has ended", () => {
  expect(standing(undefined, nobody)).toEqual(nobody);
  expect(standing(nobody, nobody)).toEqual(nobody);
});
