import { expect, test } from "vitest";
import { Browser, CrashingStore, edit, rest, Server } from "./testbench";
import type { Result } from "./types";

function setUp() {
  const server = new Server();
  return { server, browser: new Browser(server) };
}

test("two tabs share one sender: never two requests for one clip at once, each label stored once", async () => {
  const { server, browser } = setUp();
  const [one, two] = [browser.tab(), browser.tab()];
  await Promise.all([one.submit(edit("a", "a1")), two.submit(edit("b", "b1")), one.submit(edit("a", "a2")), two.submit(edit("c", "c1"))]);
  await browser.clock.turn(20_000);
  expect([server.said("a"), server.said("b"), server.said("c")]).toEqual([["a1", "a2"], ["b1"], ["c1"]]);
  expect(server.asked).toHaveLength(4);
  expect([one.status().waiting, two.status().waiting]).toEqual([0, 0]);
});

test("a tab hears what became of its edit although another tab sent it", async () => {
  const { server, browser } = setUp();
  server.reachable = false;
  const one = browser.tab();
  const heard: Result[] = [];
  one.onResult((result) => heard.push(result));
  const { client_id } = await one.submit(edit("a", "one"));
  const two = browser.tab();
  server.reachable = true;
  two.hurry();
  await rest();
  expect(heard).toMatchObject([{ kind: "saved", client_id }]);
  expect(one.status().waiting).toBe(0);
});

test("a tab that knew nothing of the other's edit of the same clip conflicts with it instead of covering it", async () => {
  const { server, browser } = setUp();
  const [one, two] = [browser.tab(), browser.tab()];
  await one.submit(edit("a", "one"));
  await rest();
  await two.submit(edit("a", "two", 0));
  await rest();
  expect(server.said("a")).toEqual(["one"]);
  expect(two.status().conflicts).toBe(1);
});

test("a tab that showed what waits stands on it", async () => {
  const { server, browser } = setUp();
  server.reachable = false;
  await browser.tab().submit(edit("a", "one"));
  const two = browser.tab();
  const [waits] = await two.pending("harbour");
  expect(waits).toMatchObject({ clip: "a", revision: 1, annotation: { comment: "one" } });
  if (waits !== undefined) two.showed(waits);
  await two.submit(edit("a", "two", 0));
  server.reachable = true;
  two.hurry();
  await rest();
  expect(server.said("a")).toEqual(["one", "two"]);
  expect(await two.pending("harbour")).toEqual([]);
});

test("a tab that dies in the middle of sending is followed by another when its lease ends", async () => {
  const { server, browser } = setUp();
  server.fates.push("hangs after");
  const disk = new CrashingStore(browser.disk());
  const dying = browser.tab({ talks: false, store: disk });
  await dying.submit(edit("a", "one"));
  await rest();
  disk.crash();
  const heir = browser.tab({ talks: false });
  await heir.submit(edit("b", "two"));
  await rest();
  expect(server.asked).toHaveLength(1); // the other tab may still be waiting for its answer
  await browser.clock.turn(9_000);
  expect([server.said("a"), server.said("b")]).toEqual([["one"], ["two"]]);
  expect(heir.status().waiting).toBe(0);
});

test("a tab that leaves hands over at once", async () => {
  const { server, browser } = setUp();
  server.fates.push("hangs after");
  const leaving = browser.tab({ talks: false });
  await leaving.submit(edit("a", "one"));
  await rest();
  await leaving.leave();
  const heir = browser.tab({ talks: false });
  await rest();
  expect(server.said("a")).toEqual(["one"]);
  expect(server.asked).toHaveLength(2);
  expect(heir.status().waiting).toBe(0);
});

test("tabs that cannot talk to each other still send everything once and in order", async () => {
  const { server, browser } = setUp();
  const [one, two] = [browser.tab({ talks: false }), browser.tab({ talks: false })];
  await Promise.all([one.submit(edit("a", "a1")), two.submit(edit("b", "b1"))]);
  await one.submit(edit("a", "a2"));
  await browser.clock.turn(60_000);
  expect([server.said("a"), server.said("b")]).toEqual([["a1", "a2"], ["b1"]]);
});

test("what one person saved in a tab is not taken as seen by the next person there", async () => {
  const { server, browser } = setUp();
  const tab = browser.tab();
  await tab.submit(edit("a", "Ann's"));
  await rest();
  server.user = "ben";
  tab.identify("ben");
  await tab.submit(edit("a", "Ben's", 0));
  await rest();
  expect(server.said("a")).toEqual(["Ann's"]);
  expect(tab.status().conflicts).toBe(1);
});
