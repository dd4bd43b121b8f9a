import { expect, test } from "vitest";
import { Browser, edit, rest, Server } from "./testbench";
import type { Draft, Entry } from "./types";

const theirs: Draft = { outcome: "labelled", label: "carrying", segments: [], comment: "theirs" };

/** Ann saves `mine`, each edit on the one before, while Tomás has saved revision 1. */
async function conflict(...mine: string[]) {
  const server = new Server();
  const browser = new Browser(server);
  server.others("a", theirs);
  const tab = browser.tab();
  server.reachable = false;
  for (const comment of mine) await tab.submit(edit("a", comment));
  server.reachable = true;
  tab.hurry();
  await rest();
  const entry = tab.status().entries.find(({ state }) => state === "conflict") as Entry;
  return { server, browser, tab, entry };
}

test("when somebody else was first both versions are kept and nothing is overwritten", async () => {
  const { server, browser, tab, entry } = await conflict("mine");
  await browser.clock.turn(300_000);
  expect(server.said("a")).toEqual(["theirs"]);
  expect(tab.status()).toMatchObject({ conflicts: 1, waiting: 0 });
  expect(entry.theirs).toMatchObject({ comment: "theirs", revision: 1, author: { name: "Tomás Reyes" } });
  expect(tab.mine(entry).comment).toBe("mine");
});

test("a conflict survives a reload with both versions", async () => {
  const { browser, server } = await conflict("mine");
  const reloaded = browser.tab();
  await browser.clock.turn(60_000);
  expect(reloaded.status().conflicts).toBe(1);
  expect(reloaded.status().entries[0]).toMatchObject({ annotation: { comment: "mine" }, theirs: { comment: "theirs" } });
  expect(server.said("a")).toEqual(["theirs"]);
});

test("keeping mine puts it on top of theirs", async () => {
  const { server, tab, entry } = await conflict("mine");
  await tab.decide(entry.client_id, tab.mine(entry));
  await rest();
  expect(server.said("a")).toEqual(["theirs", "mine"]);
  expect(tab.status()).toMatchObject({ conflicts: 0, waiting: 0 });
});

test("keeping theirs leaves mine in the history and ends with theirs", async () => {
  const { server, tab, entry } = await conflict("mine");
  await tab.decide(entry.client_id, theirs);
  await rest();
  expect(server.said("a")).toEqual(["theirs", "mine", "theirs"]);
});

test("keeping both adds a third version on top of the two", async () => {
  const { server, tab, entry } = await conflict("mine");
  await tab.decide(entry.client_id, { ...theirs, comment: "both" });
  await rest();
  expect(server.said("a")).toEqual(["theirs", "mine", "both"]);
});

test("edits behind a conflict wait for the decision, and the newest of them is mine", async () => {
  const { server, tab, entry } = await conflict("first", "second");
  await tab.submit(edit("b", "another clip"));
  await rest();
  expect([server.said("a"), server.said("b")]).toEqual([["theirs"], ["another clip"]]);
  expect(tab.mine(entry).comment).toBe("second");
  await tab.decide(entry.client_id, tab.mine(entry));
  await rest();
  expect(server.said("a")).toEqual(["theirs", "first", "second"]);
});

test("a decision that comes too late itself is one more conflict", async () => {
  const { server, tab, entry } = await conflict("mine");
  server.others("a", { ...theirs, comment: "a third person" });
  await tab.decide(entry.client_id, tab.mine(entry));
  await rest();
  const next = tab.status().entries[0] as Entry;
  expect(next).toMatchObject({ state: "conflict", theirs: { comment: "a third person", revision: 2 } });
  await tab.decide(next.client_id, tab.mine(next));
  await rest();
  expect(server.said("a")).toEqual(["theirs", "a third person", "mine"]);
});

test("a decision is taken once", async () => {
  const { server, tab, entry } = await conflict("mine");
  await Promise.all([tab.decide(entry.client_id, theirs), tab.decide(entry.client_id, theirs)]);
  await rest();
  expect(server.said("a")).toEqual(["theirs", "mine", "theirs"]);
});

test("a decision made offline survives a reload", async () => {
  const { server, browser, tab, entry } = await conflict("mine");
  server.reachable = false;
  await tab.decide(entry.client_id, theirs);
  browser.tab();
  server.reachable = true;
  await browser.clock.turn(60_000);
  expect(server.said("a")).toEqual(["theirs", "mine", "theirs"]);
});

test("two people who say the same are not asked to decide", async () => {
  const server = new Server();
  const tab = new Browser(server).tab();
  const segment = { label: "walking", start: 3, end: 9, actor: null };
  server.others("a", { ...edit("a", "same").annotation, segments: [{ key: "theirs", ...segment }] });
  await tab.submit(edit("a", "same", 0, { segments: [{ key: "mine", ...segment }] }));
  await tab.submit(edit("a", "and more"));
  await rest();
  expect(server.said("a")).toEqual(["same", "and more"]);
  expect(tab.status()).toMatchObject({ conflicts: 0, waiting: 0 });
});

test("overruling mine takes back what it said of the suggestion, keeping it does not", async () => {
  for (const keeps of [true, false]) {
    const server = new Server();
    const tab = new Browser(server).tab();
    server.others("a", theirs);
    await tab.submit({ ...edit("a", "mine"), suggestion: { id: "s", verdict: "accepted" } });
    await rest();
    const entry = tab.status().entries[0] as Entry;
    await tab.decide(entry.client_id, keeps ? tab.mine(entry) : theirs);
    await rest();
    const sent = server.asked.filter(({ annotation }) => annotation.comment === "mine");
    expect(sent.at(-1)?.suggestion).toEqual(keeps ? { id: "s", verdict: "accepted" } : null);
  }
});
