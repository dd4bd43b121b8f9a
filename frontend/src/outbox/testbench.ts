/** For the tests: a server that keeps revisions as the real one does and fails as told, a clock that is turned by hand, tabs that crash. */
import { IDBFactory } from "fake-indexeddb";
import { type Answer, type Channel, type Clock, type Message, Outbox, type Transport } from "./sender";
import { DiskStore, SafeStore, type Store } from "./store";
import type { Draft, Edit, Entry, Stored } from "./types";

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly sentence = "",
    readonly details: Record<string, unknown> = {},
  ) {
    super(sentence);
  }
}

/** What happens to one request: it goes through, it fails before or after the server stored it, or it never comes back. */
export type Fate = "through" | "lost before" | "lost after" | "hangs after" | "portal" | number;

export class Server {
  readonly history = new Map<string, Stored[]>();
  readonly asked: Entry[] = [];
  readonly fates: Fate[] = [];
  readonly #replies = new Map<string, Answer>();
  user: string | null = "ann";
  reachable = true;
  #inFlight = new Set<string>();

  revision(clip: string): number {
    return this.history.get(clip)?.length ?? 0;
  }

  /** Somebody else saves a clip. */
  others(clip: string, annotation: Draft, name = "Tomás Reyes"): Stored {
    const stored: Stored = { ...annotation, revision: this.revision(clip) + 1, author: { id: 2, name, initials: "TR" }, source: "person", created_at: "2026-10-14T17:41:33Z" };
    this.history.set(clip, [...(this.history.get(clip) ?? []), stored]);
    return stored;
  }

  said(clip: string): string[] {
    return (this.history.get(clip) ?? []).map((stored) => stored.comment);
  }

  transport(): Transport {
    return {
      who: async () => {
        if (!this.reachable) throw new Refusal(0);
        return this.user;
      },
      send: (entry) => this.#answer(entry),
    };
  }

  async #answer(entry: Entry): Promise<Answer> {
    this.asked.push(entry);
    if (this.#inFlight.has(entry.clip)) throw new Error(`Two requests at once for ${entry.clip}.`);
    this.#inFlight.add(entry.clip);
    await Promise.resolve();
    this.#inFlight.delete(entry.clip);
    const fate = this.fates.shift() ?? "through";
    if (!this.reachable || fate === "lost before") throw new Refusal(0);
    if (typeof fate === "number") throw new Refusal(fate, `The server said ${fate}.`);
    if (fate === "portal") return "<h1>Welcome to the hotel</h1>" as unknown as Answer;
    if (this.user === null) throw new Refusal(401, "Sign in first.");
    const answer = this.#replies.get(entry.client_id) ?? this.#store(entry);
    if (fate === "lost after") throw new Refusal(0);
    if (fate === "hangs after") return new Promise<Answer>(() => undefined);
    return answer;
  }

  #store(entry: Entry): Answer {
    const now = this.history.get(entry.clip)?.at(-1) ?? null;
    if (entry.base !== (now?.revision ?? 0)) throw new Refusal(412, "Somebody else saved this clip first.", { current: now });
    const annotation: Stored = { ...entry.annotation, revision: entry.base + 1, author: { id: 1, name: entry.user, initials: "A" }, source: "person", created_at: "2026-10-14T17:42:13Z" };
    this.history.set(entry.clip, [...(this.history.get(entry.clip) ?? []), annotation]);
    const answer = { annotation, clip_state: annotation.outcome };
    this.#replies.set(entry.client_id, answer);
    return answer;
  }
}

/** Time stands still until it is turned. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #timers: { readonly at: number; readonly work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.#now + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Turns on by so many milliseconds, timer by timer, letting what each starts come to rest. */
  async turn(ms: number): Promise<void> {
    const end = this.#now + ms;
    await rest();
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.work();
      await rest();
    }
    this.#now = end;
  }
}

/** Lets everything that needs no time happen: IndexedDB's fake works in macrotasks. */
export async function rest(turns = 40): Promise<void> {
  for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** One browser: its disk, its clock, its tabs. */
export class Browser {
  readonly factory = new IDBFactory();
  readonly clock = new HandClock();
  #ears: ((message: Message) => void)[] = [];
  #serial = 0;

  constructor(readonly server: Server) {}

  tab({ user = "ann", store = this.disk(), talks = true }: { user?: string; store?: Store; talks?: boolean } = {}): Outbox {
    const outbox = new Outbox({
      store,
      transport: this.server.transport(),
      clock: this.clock,
      newId: () => `id-${(this.#serial += 1)}`,
      channel: talks ? this.#channel() : null,
    });
    if (user !== "") outbox.identify(user);
    return outbox;
  }

  disk(): Store {
    return new SafeStore(new DiskStore(this.factory));
  }

  #channel(): Channel {
    let own: ((message: Message) => void) | null = null;
    return {
      listen: (hear) => {
        own = hear;
        this.#ears.push(hear);
      },
      post: (message) => {
        for (const hear of this.#ears) if (hear !== own) hear(message);
      },
    };
  }
}

/** A disk under a tab that crashes: after so many writes nothing that the tab does has any effect, and nothing returns to it. */
export class CrashingStore implements Store {
  readonly durable = true;

  constructor(
    private readonly inner: Store,
    private left = Number.POSITIVE_INFINITY,
  ) {}

  crash(): void {
    this.left = 0;
  }

  write<T>(work: Parameters<typeof this.inner.write<T>>[0]): Promise<T> {
    this.left -= 1;
    return this.left < 0 ? new Promise<T>(() => undefined) : this.inner.write(work);
  }
}

/** An edit that says `comment` of a clip. */
export function edit(clip: string, comment: string, base = 0, more: Partial<Draft> = {}): Edit {
  return { slug: "harbour", clip, base, annotation: { outcome: "labelled", label: "walking", segments: [], comment, ...more }, suggestion: null };
}
