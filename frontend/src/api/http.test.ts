import { afterEach, expect, test, vi } from "vitest";
import { ApiError, csrfToken, http, sentenceOf } from "./http";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string, type = "application/json"): void {
  vi.stubGlobal("fetch", async () => new Response(body === "" ? null : body, { status, headers: { "Content-Type": type } }));
}

test("an error arrives as the server's own sentence", async () => {
  answer(409, JSON.stringify({ error: { code: "conflict", sentence: "gate.mp4 is already here.", details: { received: 5 } } }));
  const error = await http("/api/x").catch((raised: unknown) => raised);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 409, code: "conflict", sentence: "gate.mp4 is already here.", details: { received: 5 } });
});

test("a proxy's HTML page still becomes a sentence", async () => {
  answer(502, "<h1>Bad gateway</h1>", "text/html");
  await expect(http("/api/x")).rejects.toMatchObject({ status: 502, sentence: expect.stringContaining("try again") });
});

test("no answer at all says that what was saved is safe", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(http("/api/x")).rejects.toMatchObject({ status: 0, sentence: expect.stringContaining("safe") });
});

test("only what changes something carries the CSRF token", async () => {
  const sent: Headers[] = [];
  vi.stubGlobal("fetch", async (_url: string, options: RequestInit) => {
    sent.push(new Headers(options.headers));
    return new Response("{}");
  });
  await http("/api/x");
  await http("/api/x", { method: "POST" });
  expect(sent.map((headers) => headers.has("X-CSRFToken"))).toEqual([false, true]);
  expect(csrfToken("a=1; csrftoken=abc123; b=2")).toBe("abc123");
});

test("nothing to read is no error", async () => {
  answer(204, "");
  expect(await http("/api/x", { method: "DELETE" })).toBeUndefined();
});

test("an unforeseen error gets a sentence too", () => {
  expect(sentenceOf(new Error("x is not a function"))).toMatch(/Reload it/);
});
