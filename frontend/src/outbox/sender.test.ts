import { expect, test } from "vitest";
import { Browser, edit, rest, Server } from "./testbench";
import type { Result } from "./types";

function setUp() {
  const server = new Server();
  const browser = new Browser(server);
  return { server, browser, clock: browser.clock };
}

test("a label is on the disk when submit returns, and on the server soon", async () => {
  const { server, browser } = setUp();
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  expect(tab.status().waiting).toBe(1);
  await rest();
  expect(server.said("a")).toEqual(["one"]);
  expect(tab.status()).toMatchObject({ waiting: 0, sending: false, entries: [] });
});

test("the screen hears which revision its edit became", async () => {
  const { browser } = setUp();
  const tab = browser.tab();
  const heard: Result[] = [];
  tab.onResult((result) => heard.push(result));
  const { client_id } = await tab.submit(edit("a", "one"));
  await rest();
  expect(heard).toMatchObject([{ kind: "saved", client_id, clip: "a", clip_state: "labelled", annotation: { revision: 1 } }]);
});

test("several edits of one clip go in order, each on the result of the one before", async () => {
  const { server, browser } = setUp();
  const tab = browser.tab();
  server.reachable = false;
  await Promise.all([tab.submit(edit("a", "one")), tab.submit(edit("a", "two")), tab.submit(edit("b", "else"))]);
  await tab.submit(edit("a", "three"));
  server.reachable = true;
  tab.hurry();
  await rest();
  expect(server.said("a")).toEqual(["one", "two", "three"]);
  expect(server.asked.filter((entry) => entry.clip === "a").map((entry) => entry.base)).toEqual([0, 1, 2]);
});

test("an edit from a screen that has not heard of its own save yet stands on that save", async () => {
  const { server, browser } = setUp();
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  await rest();
  await tab.submit(edit("a", "two", 0));
  await rest();
  expect(server.said("a")).toEqual(["one", "two"]);
});

test("a reload loses nothing, and the next page sends it", async () => {
  const { server, browser, clock } = setUp();
  server.reachable = false;
  await browser.tab().submit(edit("a", "one"));
  server.reachable = true;
  const reloaded = browser.tab();
  await clock.turn(20_000);
  expect(server.said("a")).toEqual(["one"]);
  expect(reloaded.status().waiting).toBe(0);
});

test("an answer that is lost on its way back is asked for again under the same client id, and stored once", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push("lost after");
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  await clock.turn(5_000);
  expect(server.asked.map((entry) => entry.client_id)).toEqual([server.asked[0]?.client_id, server.asked[0]?.client_id]);
  expect(server.said("a")).toEqual(["one"]);
  expect(tab.status().waiting).toBe(0);
});

test("without a connection it tries less and less often, and says since when", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push(...Array.from({ length: 100 }, () => "lost before" as const));
  const tab = browser.tab();
  const began = clock.now();
  await tab.submit(edit("a", "one"));
  await clock.turn(120_000);
  expect(server.asked.length).toBeGreaterThan(5);
  expect(server.asked.length).toBeLessThan(12);
  expect(tab.status()).toMatchObject({ waiting: 1, lostSince: began });
});

test("the connection coming back does not wait for the next try", async () => {
  const { server, browser, clock } = setUp();
  server.reachable = false;
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  await clock.turn(60_000);
  server.reachable = true;
  tab.hurry();
  await rest();
  expect(server.said("a")).toEqual(["one"]);
  expect(tab.status().lostSince).toBeNull();
});

test("an error for one clip holds up no other", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push(500);
  const tab = browser.tab();
  await Promise.all([tab.submit(edit("a", "one")), tab.submit(edit("b", "else"))]);
  await rest();
  expect([server.said("a"), server.said("b")]).toEqual([[], ["else"]]);
  await clock.turn(5_000);
  expect(server.said("a")).toEqual(["one"]);
});

test("a hotel's welcome page is no save", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push("portal");
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  await rest();
  expect(tab.status().waiting).toBe(1);
  await clock.turn(5_000);
  expect(server.said("a")).toEqual(["one"]);
});

test("with an expired session it waits for the sign-in and goes on", async () => {
  const { server, browser } = setUp();
  const tab = browser.tab();
  await rest();
  server.user = null;
  await tab.submit(edit("a", "one"));
  await rest();
  expect(tab.status()).toMatchObject({ waiting: 1, signedOut: true });
  server.user = "ann";
  tab.identify("ann");
  await rest();
  expect(server.said("a")).toEqual(["one"]);
  expect(tab.status()).toMatchObject({ waiting: 0, signedOut: false });
});

test("a sign-in in another tab is noticed by itself", async () => {
  const { server, browser, clock } = setUp();
  server.user = null;
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  await rest();
  server.user = "ann";
  await clock.turn(31_000);
  expect(server.said("a")).toEqual(["one"]);
});

test("a label never goes under somebody else's name", async () => {
  const { server, browser, clock } = setUp();
  server.user = "ben";
  const tab = browser.tab();
  await tab.submit(edit("a", "Ann's"));
  await clock.turn(100_000);
  expect(server.said("a")).toEqual([]);
  tab.identify("ben");
  await tab.submit(edit("a", "Ben's"));
  await rest();
  expect(server.said("a")).toEqual(["Ben's"]);
  expect(tab.status()).toMatchObject({ waiting: 0, others: 1 });
});

test("what the server refuses is kept with its sentence, and what stood on it goes on", async () => {
  const { server, browser } = setUp();
  server.fates.push(422);
  const tab = browser.tab();
  const { client_id } = await tab.submit(edit("a", "bad"));
  await tab.submit(edit("a", "better"));
  await rest();
  expect(tab.status()).toMatchObject({ refused: 1, waiting: 0 });
  expect(tab.status().entries).toMatchObject([{ client_id, sentence: "The server said 422.", state: "refused" }]);
  expect(server.said("a")).toEqual(["better"]);
});

test("what was refused can be sent again or let go, and only by a person", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push(403, 404);
  const tab = browser.tab();
  const first = await tab.submit(edit("a", "one"));
  const second = await tab.submit(edit("b", "two"));
  await clock.turn(100_000);
  expect(tab.status().refused).toBe(2);
  await tab.again(first.client_id);
  await tab.drop(second.client_id);
  await rest();
  expect([server.said("a"), server.said("b")]).toEqual([["one"], []]);
  expect(tab.status().entries).toEqual([]);
});

test("a line that goes dead in the middle of an answer is given up, and what it carried is stored once", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push("hangs after");
  const tab = browser.tab();
  await tab.submit(edit("a", "one"));
  await clock.turn(29_000);
  expect(tab.status()).toMatchObject({ waiting: 1, sending: true });
  await clock.turn(5_000);
  expect(server.said("a")).toEqual(["one"]);
  expect(tab.status()).toMatchObject({ waiting: 0, sending: false });
});

test("an edit on a revision that never came goes on what the server has", async () => {
  const { server, browser } = setUp();
  server.others("a", edit("a", "theirs, and seen").annotation);
  const tab = browser.tab();
  await tab.submit(edit("a", "mine", 2));
  await rest();
  expect(server.said("a")).toEqual(["theirs, and seen", "mine"]);
});

test("while a slow answer is waited for no other tab sends anything", async () => {
  const { server, browser, clock } = setUp();
  server.fates.push("hangs after");
  await browser.tab().submit(edit("a", "one"));
  await rest();
  const other = browser.tab({ talks: false });
  await other.submit(edit("b", "else"));
  await clock.turn(25_000);
  expect(server.asked.map(({ clip }) => clip)).toEqual(["a"]);
  await clock.turn(30_000);
  expect([server.said("a"), server.said("b")]).toEqual([["one"], ["else"]]);
});

test("what submit and a decision promise lies on the disk, not in a queue in front of it", async () => {
  const { server, browser } = setUp();
  const asked: string[] = [];
  const disk = browser.disk();
  const tab = browser.tab({
    store: {
      durable: true,
      write: (work, durability = "relaxed") => {
        asked.push(durability);
        return disk.write(work, durability);
      },
    },
  });
  await rest();
  asked.length = 0;
  server.others("a", edit("a", "theirs").annotation);
  const { client_id } = await tab.submit(edit("a", "mine"));
  expect(asked[0]).toBe("strict");
  await rest();
  asked.length = 0;
  await tab.decide(client_id, edit("a", "mine").annotation);
  expect(asked[0]).toBe("strict");
});
