/** The outbox: keeps each edit until the server has it, sends them in order, and says how it stands. No framework, no globals. */
import { again, append, clash, correct, decide, drop, finish, isOf, lease, newest, pending, refuse, release, same, sendable } from "./rules";
import type { Book, Store } from "./store";
import type { Draft, Edit, Entry, Pending, Result, Status, Stored } from "./types";

export interface Answer {
  readonly annotation: Stored;
  readonly clip_state: string;
}

/** The way to the server. Rejections carry `status` (0: no answer), `sentence` and `details`, as ApiError does. */
export interface Transport {
  send: (entry: Entry) => Promise<Answer>;
  /** Id of the person whom the server takes us for, null for nobody. `fresh` asks it again. */
  who: (fresh: boolean) => Promise<string | null>;
}

export interface Clock {
  now: () => number;
  /** Runs `work` after so many milliseconds, unless what it returns is called first. */
  after: (ms: number, work: () => void) => () => void;
}

/** Where the tabs tell each other. */
export interface Channel {
  post: (message: Message) => void;
  listen: (hear: (message: Message) => void) => void;
}

export type Message = { readonly kind: "changed" } | { readonly kind: "result"; readonly result: Result };

export interface Parts {
  readonly store: Store;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly channel?: Channel | null;
}

const LEASE_MS = 8_000;
const RENEW_MS = 3_000;
const ANSWER_MS = 30_000;
const SIGNED_OUT_MS = 30_000;
const MOST_MS = 30_000;
/** A gateway that speaks for a server that is away, and a server that asks for less. */
const AWAY = new Set([0, 408, 425, 429, 502, 503, 504]);

type Next =
  | { readonly kind: "send"; readonly entry: Entry }
  | { readonly kind: "later"; readonly at: number }
  | { readonly kind: "idle" };

export class Outbox {
  readonly #parts: Parts;
  readonly #tab: string;
  readonly #known = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(result: Result) => void>();
  /** Clips whose last try failed by itself: when to try again, and how often it failed. */
  readonly #later = new Map<string, { readonly at: number; readonly tries: number }>();
  #user = "";
  #lost = { tries: 0, until: 0 };
  #fresh = false;
  #running = false;
  #again = false;
  #wake: (() => void) | null = null;
  #status: Status = { entries: [], waiting: 0, refused: 0, conflicts: 0, others: 0, sending: false, signedOut: false, lostSince: null, durable: true };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#tab = parts.newId();
    parts.channel?.listen((message) => this.#hear(message));
  }

  /** Keeps an edit and sends it as soon as it can. Resolves once it would survive a crash, or, where nothing can be stored, once it is in memory. */
  async submit(edit: Edit): Promise<{ client_id: string }> {
    const client_id = this.#parts.newId();
    const known = new Set(this.#known);
    this.#known.add(client_id); // a later edit of this tab stands on this one, also when both are submitted at once
    await this.#write((book) => append(book, edit, { client_id, user: this.#user, at: this.#parts.clock.now(), known }), "strict");
    this.kick();
    return { client_id };
  }

  /** The person's newest edits that are not on the server, to be shown instead of what the server has. */
  async pending(slug: string): Promise<Pending[]> {
    const entries = await this.#write((book) => book.all());
    return pending(entries, slug, this.#user);
  }

  /** The person sees what waits here: later edits of this tab stand on it. */
  showed({ client_ids }: Pending): void {
    for (const id of client_ids) this.#known.add(id);
  }

  /** The version of the person in a conflict: the newest edit behind it. */
  mine(conflict: Entry): Draft {
    return newest(this.#status.entries, conflict).annotation;
  }

  /** Ends a conflict: what is decided becomes the newest revision, both versions stay in the history. */
  async decide(client_id: string, decision: Draft): Promise<void> {
    const made = this.#parts.newId();
    const entry = await this.#write((book) => decide(book, client_id, decision, { client_id: made, user: this.#user, at: this.#parts.clock.now() }), "strict");
    this.#known.add(client_id);
    if (entry !== null) this.#known.add(made);
    this.kick();
  }

  /** Sends what the server refused once more. */
  async again(client_id: string): Promise<void> {
    await this.#write((book) => again(book, client_id));
    this.kick();
  }

  /** Lets go of what the server refused. */
  async drop(client_id: string): Promise<void> {
    await this.#write((book) => drop(book, client_id));
  }

  /** Who works in this page. Called on every sign-in, also of the same person. */
  identify(user: string): void {
    this.#user = user;
    this.#fresh = true;
    this.#set({ signedOut: false });
    void this.#look();
  }

  /** Tries at once, whatever it waited for: the connection is back, the tab is looked at again. */
  hurry(): void {
    this.#later.clear();
    this.#lost = { ...this.#lost, until: 0 };
    this.#set({ signedOut: false });
    void this.#look();
  }

  /** Lets the next tab send at once. */
  async leave(): Promise<void> {
    this.#wake?.();
    await this.#parts.store.write((book) => release(book, this.#tab));
  }

  status(): Status {
    return this.#status;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears what became of every edit, whichever tab sent it. */
  onResult(hearer: (result: Result) => void): () => void {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  /** Starts sending unless it does already. */
  kick(): void {
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        while (await this.#step());
        await this.#parts.store.write((book) => release(book, this.#tab));
      }
    } finally {
      this.#running = false;
    }
  }

  /** One edit, or none; whether there may be another at once. */
  async #step(): Promise<boolean> {
    const { clock } = this.#parts;
    if (this.#status.signedOut) return this.#sleep(SIGNED_OUT_MS, true);
    if (this.#lost.until > clock.now()) return this.#sleep(this.#lost.until - clock.now());
    if (sendable(this.#status.entries, this.#user).length === 0) return false;
    if (!(await this.#signedIn())) return false;
    const next = await this.#write((book) => this.#next(book.all(), lease(book, this.#tab, clock.now(), LEASE_MS), book.lease?.until ?? 0));
    if (next.kind === "idle") return false;
    if (next.kind === "later") return this.#sleep(next.at - clock.now());
    await this.#send(next.entry);
    return true;
  }

  #next(entries: readonly Entry[], held: boolean, until: number): Next {
    if (!held) return { kind: "later", at: until };
    const now = this.#parts.clock.now();
    const heads = sendable(entries, this.#user);
    const dueAt = (entry: Entry): number => this.#later.get(entry.client_id)?.at ?? 0;
    const entry = heads.find((head) => dueAt(head) <= now);
    if (entry !== undefined) return { kind: "send", entry };
    return heads.length === 0 ? { kind: "idle" } : { kind: "later", at: Math.min(...heads.map(dueAt)) };
  }

  /** Whether the server takes us for the person of this page: a label never goes under somebody else's name. */
  async #signedIn(): Promise<boolean> {
    try {
      const user = await this.#answered(this.#parts.transport.who(this.#fresh));
      this.#fresh = false;
      if (user !== null && (this.#user === "" || this.#user === user)) return true;
      this.#set({ signedOut: true });
      return this.#sleep(SIGNED_OUT_MS, true);
    } catch {
      this.#away();
      return false;
    }
  }

  async #send(entry: Entry): Promise<void> {
    const stop = this.#renewing();
    this.#set({ sending: true });
    try {
      const answer = await this.#answered(this.#parts.transport.send(entry));
      // A captive portal says 200 to everything; only a revision is a save.
      if (!Number.isInteger(answer?.annotation?.revision)) return this.#away();
      await this.#saved(entry, answer);
    } catch (error) {
      await this.#failed(entry, error);
    } finally {
      stop();
      this.#set({ sending: false });
    }
  }

  /** A line that went dead without a word counts as no answer. */
  #answered<T>(sending: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.#parts.clock.after(ANSWER_MS, () => reject(new Error("No answer.")));
      void sending.then(resolve, reject).finally(stop);
    });
  }

  async #saved(entry: Entry, { annotation, clip_state }: Answer): Promise<void> {
    this.#lost = { tries: 0, until: 0 };
    this.#later.delete(entry.client_id);
    this.#set({ lostSince: null });
    await this.#write((book) => finish(book, entry.client_id, annotation.revision));
    this.#tell({ kind: "saved", client_id: entry.client_id, slug: entry.slug, clip: entry.clip, annotation, clip_state });
  }

  async #failed(entry: Entry, error: unknown): Promise<void> {
    const { status, sentence, details } = reasonOf(error);
    if (AWAY.has(status) || details["reason"] === "csrf") {
      this.#fresh = true;
      return this.#away();
    }
    this.#lost = { tries: 0, until: 0 };
    this.#set({ lostSince: null });
    if (status === 401) {
      this.#fresh = true;
      this.#set({ signedOut: true });
    } else if (status >= 500) {
      const tries = (this.#later.get(entry.client_id)?.tries ?? 0) + 1;
      this.#later.set(entry.client_id, { at: this.#parts.clock.now() + backoff(tries), tries });
    } else if (status === 412) {
      await this.#clashed(entry, (details["current"] ?? null) as Stored | null);
    } else {
      await this.#write((book) => refuse(book, entry.client_id, sentence));
      this.#tell({ kind: "refused", client_id: entry.client_id, slug: entry.slug, clip: entry.clip, sentence });
    }
  }

  async #clashed(entry: Entry, theirs: Stored | null): Promise<void> {
    if (theirs !== null && same(theirs, entry.annotation)) return this.#saved(entry, { annotation: theirs, clip_state: theirs.outcome === "cleared" ? "open" : theirs.outcome });
    const revision = theirs?.revision ?? 0;
    if (revision < entry.base) return void (await this.#write((book) => correct(book, entry.client_id, revision)));
    await this.#write((book) => clash(book, entry.client_id, theirs));
    this.#tell({ kind: "conflict", client_id: entry.client_id, slug: entry.slug, clip: entry.clip, theirs });
  }

  /** No answer: wait, longer each time. */
  #away(): void {
    const now = this.#parts.clock.now();
    const tries = this.#lost.tries + 1;
    this.#lost = { tries, until: now + backoff(tries) };
    this.#set({ lostSince: this.#status.lostSince ?? now });
    this.#sleep(backoff(tries));
  }

  /** Keeps the lease while a slow answer is waited for. */
  #renewing(): () => void {
    const { clock, store } = this.#parts;
    const wait = (): (() => void) =>
      clock.after(RENEW_MS, () => {
        void store.write((book) => lease(book, this.#tab, clock.now(), LEASE_MS));
        stop = wait();
      });
    let stop = wait();
    return () => stop();
  }

  #sleep(ms: number, askAgain = false): false {
    this.#wake?.();
    this.#wake = this.#parts.clock.after(Math.max(50, ms), () => {
      if (askAgain) this.#set({ signedOut: false });
      this.kick();
    });
    return false;
  }

  /** Reads what is there, and sends what can go. */
  async #look(): Promise<void> {
    await this.#write(() => undefined);
    this.kick();
  }

  async #write<T>(work: (book: Book) => T, durability: "strict" | "relaxed" = "relaxed"): Promise<T> {
    let changed = false;
    let entries: readonly Entry[] = [];
    const answer = await this.#parts.store.write((book) => {
      const result = work(book);
      changed = book.changed.size > 0;
      entries = book.all();
      return result;
    }, durability);
    this.#count(entries);
    if (changed) this.#parts.channel?.post({ kind: "changed" });
    return answer;
  }

  #hear(message: Message): void {
    if (message.kind === "result") this.#pass(message.result);
    else void this.#look();
  }

  #tell(result: Result): void {
    this.#pass(result);
    this.#parts.channel?.post({ kind: "result", result });
  }

  #pass(result: Result): void {
    for (const hearer of this.#hearers) hearer(result);
  }

  #count(all: readonly Entry[]): void {
    const entries = all.filter((entry) => entry.state !== "done");
    const mine = entries.filter((entry) => isOf(entry, this.#user));
    const inState = (state: Entry["state"]): number => mine.filter((entry) => entry.state === state).length;
    this.#set({
      entries,
      waiting: inState("waiting"),
      refused: inState("refused"),
      conflicts: inState("conflict"),
      others: entries.length - mine.length,
      durable: this.#parts.store.durable,
    });
  }

  #set(change: Partial<Status>): void {
    this.#status = { ...this.#status, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function backoff(tries: number): number {
  return Math.min(MOST_MS, 1_000 * 2 ** (tries - 1));
}

function reasonOf(error: unknown): { readonly status: number; readonly sentence: string; readonly details: Record<string, unknown> } {
  const { status, sentence, details } = error as { status?: number; sentence?: string; details?: Record<string, unknown> };
  return { status: typeof status === "number" ? status : 0, sentence: sentence ?? "", details: details ?? {} };
}
