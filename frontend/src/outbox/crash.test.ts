import fc from "fast-check";
import { expect, test } from "vitest";
import { Browser, CrashingStore, edit, type Fate, rest, Server } from "./testbench";
import type { Entry } from "./types";

test("a tab may crash after any of its writes: what submit promised arrives, once and in order", async () => {
  for (let writes = 0; writes < 14; writes += 1) {
    const server = new Server();
    const browser = new Browser(server);
    const promised: string[] = [];
    const tab = browser.tab({ store: new CrashingStore(browser.disk(), writes) });
    for (const comment of ["one", "two", "three"]) void tab.submit(edit("a", comment)).then(() => promised.push(comment));
    await rest();
    browser.tab();
    await browser.clock.turn(60_000);
    const said = server.said("a");
    expect(said).toEqual(["one", "two", "three"].slice(0, said.length));
    expect(said.length).toBeGreaterThanOrEqual(promised.length);
  }
});

const fate = fc.oneof({ weight: 4, arbitrary: fc.constant<Fate>("through") }, fc.constantFrom<Fate>("lost before", "lost after", "hangs after", "portal", 500, 503, 429));
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("label" as const), clip: fc.constantFrom("a", "b", "c") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("reload", "sign out", "sign in", "offline", "online") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 20_000 }) }) },
);

test("whatever the line, the server and the reloads do, every label arrives once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 25 }), fc.array(fate, { maxLength: 25 }), async (deeds, fates) => {
      const server = new Server();
      const browser = new Browser(server);
      server.fates.push(...fates);
      const said: Record<string, string[]> = { a: [], b: [], c: [] };
      let tab = browser.tab();
      let serial = 0;
      for (const step of deeds) {
        if ("clip" in step) {
          serial += 1;
          // The screen shows what waits before a person can change it.
          for (const waits of await tab.pending("harbour")) tab.showed(waits);
          await tab.submit(edit(step.clip, `n${serial}`, server.revision(step.clip)));
          said[step.clip]?.push(`n${serial}`);
        } else if ("ms" in step) await browser.clock.turn(step.ms);
        else if (step.kind === "reload") {
          await tab.leave();
          tab = browser.tab();
        } else if (step.kind === "sign out") server.user = null;
        else if (step.kind === "sign in") {
          server.user = "ann";
          tab.identify("ann");
        } else server.reachable = step.kind === "online";
      }
      server.user = "ann";
      server.reachable = true;
      server.fates.length = 0;
      tab = browser.tab();
      await browser.clock.turn(300_000);
      const stuck = tab.status().entries.map((entry: Entry) => [entry.state, entry.annotation.comment]);
      expect({ stuck, a: server.said("a"), b: server.said("b"), c: server.said("c") }).toEqual({ stuck: [], ...said });
    }),
    { numRuns: 150 },
  );
}, 60_000);
