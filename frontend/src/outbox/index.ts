/** The one outbox of this page. Labels go through it and nowhere else: `await outbox.submit(...)`, then move on. */
import { useSyncExternalStore } from "react";
import { annotationPut, sessionGet } from "../api/generated/client";
import { csrfToken } from "../api/http";
import { randomId } from "../player/capabilities";
import { type Answer, type Channel, type Message, Outbox, type Transport } from "./sender";
import { DiskStore, SafeStore } from "./store";
import type { Status } from "./types";

export { same } from "./rules";
export type { Draft, Edit, Entry, Outcome, Pending, Result, Segment, Status, Stored, Verdict } from "./types";

/** Django turns the CSRF token at every sign-in, so the same token means the same person. */
let asked: { readonly token: string; readonly user: string | null } | null = null;

const transport: Transport = {
  // The server names every field of what it answers; the schema only lets a writer leave `actor` out.
  send: ({ slug, clip, base, client_id, annotation, suggestion }) =>
    annotationPut(slug, clip, { client_id, ...annotation, segments: [...annotation.segments], suggestion }, { headers: { "If-Match": `"${base}"` } }) as Promise<Answer>,
  who: async (fresh) => {
    if (!fresh && asked !== null && asked.token === csrfToken()) return asked.user;
    const { user } = await sessionGet();
    asked = { token: csrfToken(), user: user === null ? null : String(user.id) };
    return asked.user;
  },
};

function tabs(): Channel | null {
  if (typeof BroadcastChannel !== "function") return null;
  const channel = new BroadcastChannel("rushes-outbox");
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows; a channel has one origin
    post: (message) => channel.postMessage(message),
    listen: (hear) => channel.addEventListener("message", ({ data }: MessageEvent<Message>) => hear(data)),
  };
}

/** Reading `indexedDB` itself throws where a browser blocks storage. */
function disk(): DiskStore | null {
  try {
    return globalThis.indexedDB === undefined ? null : new DiskStore(globalThis.indexedDB);
  } catch {
    return null;
  }
}

export const outbox = new Outbox({
  store: new SafeStore(disk()),
  transport,
  clock: {
    now: () => Date.now(),
    after: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  },
  newId: randomId,
  channel: tabs(),
});

window.addEventListener("online", () => outbox.hurry());
window.addEventListener("pageshow", (event) => event.persisted && outbox.hurry());
window.addEventListener("pagehide", () => void outbox.leave());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.hurry());
window.addEventListener("beforeunload", (event) => {
  const { durable, waiting, conflicts, refused } = outbox.status();
  if (!durable && waiting + conflicts + refused > 0) event.preventDefault();
});

const subscribe = (listener: () => void): (() => void) => outbox.subscribe(listener);
const status = (): Status => outbox.status();

/** How the outbox stands, live. */
export function useOutbox(): Status {
  return useSyncExternalStore(subscribe, status);
}
