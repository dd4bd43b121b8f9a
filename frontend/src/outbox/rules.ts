/** What may happen to the entries: pure changes of a book, so that each is one transaction. */
import type { Book } from "./store";
import type { Draft, Edit, Entry, Pending, Stored } from "./types";

/** How many sent entries are remembered, so that a late edit finds what it stands on. */
export const REMEMBERED = 50;

export interface Origin {
  readonly client_id: string;
  readonly user: string;
  readonly at: number;
  /** What the tab that submits has submitted or shown before. */
  readonly known: ReadonlySet<string>;
}

/**
 * Adds an edit at the end. It stands on the newest edit of this clip that its tab knew: on that one's result while it waits, on the
 * revision that it became once it is done. An edit that knew nothing of another tab's stands on its own base, and may conflict.
 */
export function append(book: Book, edit: Edit, origin: Origin): Entry {
  const all = book.all();
  const earlier = all.findLast((entry) => sameClip(entry, edit) && entry.user === origin.user && entry.state !== "refused" && origin.known.has(entry.client_id));
  const entry: Entry = {
    slug: edit.slug,
    clip: edit.clip,
    annotation: edit.annotation,
    suggestion: edit.suggestion,
    base: Math.max(edit.base, earlier?.revision ?? 0),
    after: earlier === undefined || earlier.state === "done" ? null : earlier.client_id,
    client_id: origin.client_id,
    user: origin.user,
    at: origin.at,
    state: "waiting",
    serial: (all.at(-1)?.serial ?? 0) + 1,
    sentence: "",
    theirs: null,
    revision: null,
  };
  book.put(entry);
  return entry;
}

/** The first entry of each of the person's clips, oldest first, that may be sent: behind a conflict nothing goes. */
export function sendable(entries: readonly Entry[], user: string): Entry[] {
  const heads = new Map<string, Entry>();
  for (const entry of entries) {
    const clip = `${entry.slug}/${entry.clip}`;
    if (isOf(entry, user) && (entry.state === "waiting" || entry.state === "conflict") && !heads.has(clip)) heads.set(clip, entry);
  }
  return [...heads.values()].filter((entry) => entry.state === "waiting");
}

/** The server has it as `revision`; what stood on it now stands on that. */
export function finish(book: Book, id: string, revision: number): void {
  const entry = book.get(id);
  if (entry === undefined || entry.state === "done") return;
  book.put({ ...entry, state: "done", revision, theirs: null });
  rebase(book, id, revision);
  const done = book.all().filter((other) => other.state === "done");
  for (const old of done.slice(0, Math.max(0, done.length - REMEMBERED))) book.remove(old.client_id);
}

/** The server will not have it. It is kept with the reason; what stood on it stands on what it stood on. */
export function refuse(book: Book, id: string, sentence: string): void {
  const entry = book.get(id);
  if (entry?.state !== "waiting") return;
  book.put({ ...entry, state: "refused", sentence });
  rebase(book, id, entry.base);
}

/** Somebody else's revision came first. Both are kept until the person decides. */
export function clash(book: Book, id: string, theirs: Stored | null): void {
  const entry = book.get(id);
  if (entry?.state === "waiting") book.put({ ...entry, state: "conflict", theirs });
}

/** The edit was made on a revision that never came, as when the edit before it was refused: nobody has said anything newer than `revision`. */
export function correct(book: Book, id: string, revision: number): void {
  const entry = book.get(id);
  if (entry?.state === "waiting") book.put({ ...entry, base: revision });
}

/** What waits of a person in a project, one a clip. A conflict is seen as it ends if this person's word is kept. */
export function pending(entries: readonly Entry[], slug: string, user: string): Pending[] {
  const heads = new Map<string, Entry>();
  for (const entry of entries) {
    const waits = entry.state === "waiting" || entry.state === "conflict";
    if (waits && entry.slug === slug && isOf(entry, user) && !heads.has(entry.clip)) heads.set(entry.clip, entry);
  }
  return [...heads.values()].map((head) => {
    const all = chain(entries, head);
    const base = head.state === "conflict" ? (head.theirs?.revision ?? 0) : head.base;
    return { clip: head.clip, annotation: (all.at(-1) ?? head).annotation, revision: base + all.length, client_ids: all.map((entry) => entry.client_id) };
  });
}

/** The person's newest word on a clip in conflict: the last of the edits that wait behind it. */
export function newest(entries: readonly Entry[], conflict: Entry): Entry {
  return chain(entries, conflict).at(-1) ?? conflict;
}

/**
 * Ends a conflict. Mine goes on top of theirs; when the decision is another one, that follows as one more revision. So the history
 * holds both versions and the decision, whatever it is.
 */
export function decide(book: Book, id: string, decision: Draft, origin: Omit<Origin, "known">): Entry | null {
  const conflict = book.get(id);
  if (conflict?.state !== "conflict") return null;
  const waiting = chain(book.all(), conflict);
  const mine = waiting.at(-1) ?? conflict;
  const keepsMine = same(decision, mine.annotation);
  for (const entry of waiting) {
    // What is overruled settles no suggestion.
    const suggestion = keepsMine ? entry.suggestion : null;
    if (entry.client_id === id) book.put({ ...entry, state: "waiting", base: conflict.theirs?.revision ?? 0, after: null, theirs: null, suggestion });
    else book.put({ ...entry, suggestion });
  }
  if (keepsMine) return null;
  return append(book, { slug: conflict.slug, clip: conflict.clip, base: conflict.base, annotation: decision, suggestion: null }, { ...origin, known: new Set([mine.client_id]) });
}

/** Sends what was refused once more, for when its reason is gone. */
export function again(book: Book, id: string): void {
  const entry = book.get(id);
  if (entry?.state === "refused") book.put({ ...entry, state: "waiting", sentence: "" });
}

/** Lets go of what was refused: only ever a person's own deed. */
export function drop(book: Book, id: string): void {
  if (book.get(id)?.state === "refused") book.remove(id);
}

/** Takes or renews the lease; false while another tab holds it. A lease from a clock that was ahead does not count. */
export function lease(book: Book, owner: string, now: number, length: number): boolean {
  const held = book.lease;
  if (held !== null && held.owner !== owner && held.until > now && held.until <= now + length) return false;
  book.lease = { owner, until: now + length };
  return true;
}

export function release(book: Book, owner: string): void {
  if (book.lease?.owner === owner) book.lease = null;
}

export function isOf(entry: Entry, user: string): boolean {
  return entry.user === user || entry.user === "";
}

/** Whether two versions say the same, whatever their segments' keys and order. */
export function same(a: Draft, b: Draft): boolean {
  return a.outcome === b.outcome && a.label === b.label && a.comment === b.comment && spoken(a) === spoken(b);
}

function spoken(draft: Draft): string {
  return draft.segments
    .map((segment) => JSON.stringify([segment.start, segment.end, segment.label, segment.actor]))
    .toSorted()
    .join();
}

function chain(entries: readonly Entry[], head: Entry): Entry[] {
  return entries.filter((entry) => sameClip(entry, head) && entry.user === head.user && entry.serial >= head.serial && (entry.state === "waiting" || entry.state === "conflict"));
}

function rebase(book: Book, id: string, base: number): void {
  for (const follower of book.all()) if (follower.after === id) book.put({ ...follower, base, after: null });
}

function sameClip(a: { readonly slug: string; readonly clip: string }, b: { readonly slug: string; readonly clip: string }): boolean {
  return a.slug === b.slug && a.clip === b.clip;
}
