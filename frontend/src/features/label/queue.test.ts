import { expect, test } from "vitest";
import { clip, row } from "./fixtures";
import { answered, cameBack, labelled, NO_QUEUE, nextRow, skipped, toSkip, unskipped } from "./queue";

const filled = answered(NO_QUEUE, { clip: clip("a"), upcoming: [row("a"), row("b"), row("c")], done_today: 213, seconds_each: 6.8 }, true);

test("the next clip is the first that is neither open nor behind", () => {
  expect(nextRow(filled, "a")?.id).toBe("b");
  expect(nextRow(labelled(filled, "b", true), "a")?.id).toBe("c");
  expect(nextRow(NO_QUEUE, null)).toBe(null);
});

test("an answer that does not know the newest labels yet never offers them again", () => {
  const late = answered(labelled(labelled(filled, "a", true), "b", true), { clip: clip("c"), upcoming: [row("a"), row("b"), row("d")], done_today: 213, seconds_each: 6.8 }, false);
  expect(late.upcoming.map((entry) => entry.id)).toEqual(["d"]);
  expect([late.done, late.total, late.doneToday]).toEqual([38, 2064, 215]);
});

test("a label counts once, a label put right does not count among the clips", () => {
  expect([labelled(filled, "a", true).done, labelled(filled, "a", false).done]).toEqual([37, 36]);
});

test("undo brings the clip back, and the one after it stays the next", () => {
  const on = labelled(filled, "a", true);
  const back = cameBack(on, "a", row("b"), true);
  expect([back.done, nextRow(back, "a")?.id, toSkip(back)]).toEqual([36, "b", []]);
});

test("skipped clips are named to the server until they are wanted again", () => {
  const on = skipped(skipped(filled, "a"), "b");
  expect([toSkip(on), on.skipped]).toEqual([["a", "b"], ["a", "b"]]);
  expect(toSkip(unskipped(labelled(on, "c", true)))).toEqual(["c"]);
});

test("the count never passes the number of clips", () => {
  const last = answered(NO_QUEUE, { clip: clip("a", { position: { done: 2064, total: 2064 } }), upcoming: [], done_today: 1, seconds_each: null }, true);
  expect(labelled(last, "a", true).done).toBe(2064);
});
