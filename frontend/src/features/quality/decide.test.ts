import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queryClient } from "../../api/queries";
import { neighbours, spans as spansQuery } from "../../api/quality";
import { decide, type Listed, undo } from "./decide";
import { span } from "./fixtures";
import { cellsOf } from "./grid";
import { ALL, chosen, isEmpty, named, NOTHING, type Selection } from "./selection";
import { useDeeds, useDesk } from "./store";
import type { SpanState } from "./types";

const SPANS = [span("a", 0, 4), span("b", 10, 12)];
const PARTS = cellsOf(SPANS).map((cell) => cell.part);

interface Asked {
  readonly url: string;
  readonly body: Record<string, unknown>;
}

/** A network that answers as told, one answer a request, and keeps what it was asked. */
function network(answers: ((asked: Asked) => Response)[]): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, options: RequestInit) => {
    const one: Asked = { url, body: JSON.parse(typeof options.body === "string" ? options.body : "{}") as Record<string, unknown> };
    asked.push(one);
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("the network is away");
    return answer(one);
  });
  return asked;
}

const made = ({ url, body }: Asked): Response => Response.json({ id: body["id"] ?? url.split("/").at(-2), to: body["to"] ?? "confirmed", spans: 1, frames: 3, created_at: "", undo_until: "", undone_at: null });
const refused = (): Response => Response.json({ error: { code: "conflict", sentence: "Ines decided it since." } }, { status: 409 });
const broken = (): Response => new Response("<h1>Bad gateway</h1>", { status: 502 });
const away = (): Response => {
  throw new TypeError("the network is away");
};

const AT = "2026-10-14T08:00:00Z";
const list = (): Listed => ({ spans: SPANS, total: 2, at: AT });

function decided(selection: Selection, to: SpanState = "confirmed"): Promise<void> {
  return decide({ slug: "yard", to, selection, filter: { state: "pending" }, list }, "v1:10");
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
  useDeeds.setState({ deeds: [] });
  useDesk.setState({ focus: "v1:0", selection: NOTHING, anchor: null, settling: null });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("some parts are sent by their spans, and the focus goes on at once", async () => {
  const asked = network([made]);
  const work = decided(chosen(NOTHING, PARTS.slice(0, 4), true));
  expect(useDesk.getState().focus).toBe("v1:10");
  await work;
  expect(asked[0]?.body).toMatchObject({ to: "confirmed", spans: [{ id: "a", state: "pending" }] });
  expect(useDeeds.getState().deeds).toHaveLength(1);
});

test("all go by the filter with what was seen of it, and what was left out is selected next", async () => {
  const asked = network([made]);
  await decided(chosen(ALL, PARTS.slice(1, 3), false));
  expect(asked[0]?.body).toMatchObject({ where: { state: "pending" }, besides: [{ id: "a", start: 1, end: 3, state: "pending", video: "v1" }], seen: 2, at: AT });
  expect(named(useDesk.getState().selection)).toEqual(PARTS.slice(1, 3));
  expect(useDesk.getState().focus).toBe("v1:1");
});

test("one frame is decided alone, and the others stay selected", async () => {
  const asked = network([made]);
  const left = chosen(NOTHING, PARTS.slice(2, 4), true);
  await decide({ slug: "yard", to: "restored", selection: chosen(NOTHING, PARTS.slice(0, 1), true), left, filter: { state: "pending" }, list }, "v1:1");
  expect(asked[0]?.body).toMatchObject({ to: "restored", spans: [{ id: "a", start: 0, end: 1 }] });
  expect([useDesk.getState().selection, useDesk.getState().focus]).toEqual([left, "v1:1"]);
});

test("where all are selected, one decided alone is no exception once it is gone", async () => {
  network([made]);
  const one = PARTS.slice(0, 1);
  const left = chosen(ALL, one, false);
  await decide({ slug: "yard", to: "restored", selection: chosen(NOTHING, one, true), left, filter: { state: "pending" }, list }, "v1:1");
  expect(useDesk.getState().selection).toEqual(ALL);
});

test("names and number are those of its turn, time and states those of the moment it was decided", async () => {
  const asked = network([made, made]);
  let now = list();
  void decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  const work = decide({ slug: "yard", to: "restored", selection: chosen(ALL, PARTS.slice(1, 2), false), filter: { state: "all" }, list: () => now }, null);
  now = { spans: [span("a1", 0, 1, 1, { state: "confirmed" }), span("a2", 1, 4, 1, { state: "confirmed" })], total: 3, at: "2026-10-14T09:00:00Z" };
  await work;
  expect(asked[1]?.body).toMatchObject({ besides: [{ id: "a2", start: 1, end: 2, state: "pending" }], seen: 3, at: AT });
});

test("an answer that was lost is asked for again with the same id", async () => {
  const asked = network([away, made]);
  await decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  expect(asked).toHaveLength(2);
  expect(asked[1]?.body["id"]).toBe(asked[0]?.body["id"]);
});

test("an answer that a broken server hid is asked for again with the same id", async () => {
  const asked = network([broken, made]);
  await decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  expect(asked.map(({ body }) => body["id"])).toEqual([asked[0]?.body["id"], asked[0]?.body["id"]]);
  expect(useDeeds.getState().deeds).toEqual([{ kind: "review", slug: "yard", id: asked[0]?.body["id"] }]);
});

test("what may have been done can be undone, though no answer came", async () => {
  const asked = network([broken, broken, broken, made]);
  await decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  expect([asked.length, useDeeds.getState().deeds.length]).toEqual([3, 1]);
  await undo("yard");
  expect(asked[3]?.url).toContain(String(asked[0]?.body["id"]));
  expect(useDeeds.getState().deeds).toEqual([]);
});


test("a list shows whole spans as decided without being fetched again", async () => {
  const asked = network([made]);
  const { queryKey } = spansQuery("yard", { state: "pending" }, "time");
  queryClient.setQueryData(queryKey, { pages: [{ at: AT, total: 2, frames: 6, items: [...SPANS] }], pageParams: [0] });
  await decided(chosen(NOTHING, PARTS.slice(0, 4), true));
  expect(queryClient.getQueryData(queryKey)?.pages).toEqual([{ at: AT, total: 1, frames: 2, items: SPANS.slice(1) }]);
  expect(asked).toHaveLength(1);
});

const leaving = (): boolean => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

test("nobody leaves unasked while a decision is on its way", async () => {
  network([made]);
  const work = decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  expect(leaving()).toBe(true);
  await work;
  expect(leaving()).toBe(false);
});

test("a decision that was refused gives the selection and the place back", async () => {
  network([refused]);
  const selection = chosen(ALL, PARTS.slice(1, 2), false);
  useDesk.setState({ selection });
  await decided(selection);
  expect([useDesk.getState().selection, useDesk.getState().focus]).toEqual([selection, "v1:0"]);
  expect(useDeeds.getState().deeds).toEqual([]);
});

test("undone is what was decided last, also where that is still on its way", async () => {
  const asked = network([made, made, made, made]);
  void decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  void decided(chosen(NOTHING, PARTS.slice(1, 2), true));
  void undo("yard");
  await undo("yard");
  const ids = asked.map(({ url, body }) => body["id"] ?? url.split("/").at(-2));
  expect(ids).toEqual([ids[0], ids[1], ids[1], ids[0]]);
  expect(useDeeds.getState().deeds).toEqual([]);
});

test("what the server will not undo is not offered again, what did not reach it is", async () => {
  network([made, refused]);
  await decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  await undo("yard");
  expect(useDeeds.getState().deeds).toEqual([]);
  network([made, away]);
  await decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  await undo("yard");
  expect(useDeeds.getState().deeds).toHaveLength(1);
});

test("with nothing to undo nothing is asked", async () => {
  const asked = network([]);
  await undo("yard");
  expect([asked, isEmpty(useDesk.getState().selection)]).toEqual([[], true]);
});

test("what lies around a frame is not asked of a span that a decision cuts", async () => {
  let stopped = false;
  vi.stubGlobal("fetch", (_url: string, options: RequestInit) => {
    const answer = new Promise<Response>((_, fail) => options.signal?.addEventListener("abort", () => fail(new DOMException("", "AbortError"))));
    options.signal?.addEventListener("abort", () => (stopped = true));
    return answer;
  });
  const looking = queryClient.fetchQuery({ ...neighbours("yard", "a", 2), retry: false }).catch(() => undefined);
  await vi.waitFor(() => expect(queryClient.isFetching({ queryKey: ["p", "yard", "review", "around"] })).toBe(1));
  network([made]);
  await decided(chosen(NOTHING, PARTS.slice(0, 1), true));
  await looking;
  expect(stopped).toBe(true);
});
