/** The label screen's state and deeds, outside any framework: it shows the next clip at once and asks the server afterwards. */
import { ApiError } from "../../api/http";
import { asWritten, type Desk, edit, EMPTY_DESK, found, move, redo, refreshed, type Seat, seatOf, sit, submit, undo, type Waits, type Write } from "./desk";
import { answered, cameBack, labelled, NO_QUEUE, nextRow, type Queue, skipped, toSkip, unskipped } from "./queue";
import type { Clip, ClipRow, NextClip, Outcome } from "./types";
import type { Work } from "./work";

/** Every way out of the room. */
export interface Doors {
  readonly next: (skip: readonly string[], clip: string | null, signal: AbortSignal) => Promise<NextClip | null>;
  /** A clip that is here already. */
  readonly known: (id: string) => Clip | null;
  readonly release: (id: string) => void;
  /** Resolves when the label is safe in this browser. */
  readonly send: (write: Write) => Promise<unknown>;
  /** Reads what was said here and is not on the server; `showed` is told of each that a person now sees. */
  readonly left: (showed: (waits: Waits) => boolean) => Promise<void>;
  /** Labels that have not reached the server. */
  readonly waiting: () => number;
  readonly draft: (clip: Clip) => Work | null;
  readonly keep: (clip: Clip, work: Work) => void;
  readonly drop: (id: string) => void;
  readonly problem: (error: unknown) => void;
}

export type Phase = "loading" | "open" | "empty" | "broken";

export interface RoomState {
  readonly desk: Desk;
  readonly queue: Queue;
  readonly phase: Phase;
  /** Why there is no clip to show. */
  readonly problem: unknown;
}

const AGAIN_MS = 4_000;
/** How often to look whether new clips have come. */
const NEW_MS = 15_000;

export class Room {
  private current: RoomState = { desk: EMPTY_DESK, queue: NO_QUEUE, phase: "loading", problem: null };
  private readonly listeners = new Set<() => void>();
  private asking = new AbortController();
  /** Labels handed over here that are not yet safe, and how many were made in all. */
  private sending = 0;
  private made = 0;
  private held: Work | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly doors: Doors) {}

  readonly state = (): RoomState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Opens the clip of this name, or else the next one. */
  open(clip: string | null): void {
    const { desk, queue } = this.current;
    if (clip !== null && desk.seat?.clip.id === clip) return;
    const known = clip === null ? null : this.doors.known(clip);
    const seat = known === null ? null : this.seat(known);
    this.set({ desk: desk.seat === null && seat === null ? desk : move(desk, seat), queue, phase: seat === null ? "loading" : "open", problem: null });
    void this.ask(clip);
  }

  leave(): void {
    this.asking.abort();
    clearTimeout(this.retry);
    const { seat } = this.current.desk;
    if (seat !== null) this.doors.release(seat.clip.id);
  }

  edit(work: Work): void {
    const before = this.current.desk;
    const desk = edit(before, work);
    this.set({ ...this.current, desk });
    if (desk.seat !== null && desk.history !== before.history) this.doors.keep(desk.seat.clip, desk.seat.work);
  }

  /** An edge under a hand: one step to take back for the whole way that it went. */
  drag(work: Work, resting: boolean): void {
    const { seat } = this.current.desk;
    if (seat === null) return;
    this.held ??= seat.work;
    const back = { ...this.current.desk, seat: { ...seat, work: this.held } };
    if (!resting) return this.set({ ...this.current, desk: { ...back, seat: { ...seat, work } } });
    this.held = null;
    this.set({ ...this.current, desk: back });
    this.edit(work);
  }

  /** Writes what `work` says and shows the next clip before the server answers. */
  submit(work: Work, outcome: Outcome): void {
    const { desk, queue } = this.current;
    if (desk.seat === null) return;
    const { clip } = desk.seat;
    const row = nextRow(queue, clip.id);
    const made = submit(desk, work, outcome, this.ready(row));
    this.doors.drop(clip.id);
    this.send(made.write);
    this.go(made.desk, labelled(queue, clip.id, (clip.annotation?.outcome ?? "cleared") === "cleared"), row);
  }

  /** Goes on and writes nothing; `later` keeps the clip away until the skipped ones are asked for. */
  pass(later: boolean): void {
    const { desk, queue } = this.current;
    if (desk.seat === null) return;
    const { id } = desk.seat.clip;
    const row = nextRow(queue, id);
    this.doors.release(id);
    this.go(move(desk, this.ready(row)), later ? skipped(queue, id) : { ...labelled(queue, id, false), doneToday: queue.doneToday }, row);
  }

  undo(): boolean {
    const { desk, queue } = this.current;
    const made = undo(desk);
    if (made === null) return false;
    const { step } = made;
    if (step.kind === "edit") this.set({ ...this.current, desk: made.desk });
    else {
      const { id, annotation } = step.from.clip;
      const first = step.written !== null && (annotation?.outcome ?? "cleared") === "cleared";
      this.asking.abort();
      this.set({ desk: made.desk, queue: cameBack(queue, id, rowOf(desk.seat), first), phase: "open", problem: null });
    }
    this.send(made.write);
    return true;
  }

  redo(): boolean {
    const { desk, queue } = this.current;
    const made = redo(desk);
    if (made === null) return false;
    const { step } = made;
    this.send(made.write);
    if (step.kind === "edit") this.set({ ...this.current, desk: made.desk });
    else {
      const { id, annotation } = step.from.clip;
      const next = step.written === null ? skipped(queue, id) : labelled(queue, id, (annotation?.outcome ?? "cleared") === "cleared");
      this.go(made.desk, next, rowOf(step.to));
    }
    return true;
  }

  /** Offers the skipped clips again. */
  showSkipped(): void {
    const { desk, queue } = this.current;
    const [first] = queue.skipped;
    this.set({ desk, queue: unskipped(queue), phase: "loading", problem: null });
    void this.ask(first ?? null);
  }

  private go(desk: Desk, queue: Queue, row: ClipRow | null): void {
    this.set({ desk, queue, phase: desk.seat === null ? "loading" : "open", problem: null });
    void this.ask(row?.id ?? null);
  }

  private ready(row: ClipRow | null): Seat | null {
    const clip = row === null ? null : this.doors.known(row.id);
    return clip === null ? null : this.seat(clip);
  }

  private seat(clip: Clip): Seat {
    const own = asWritten(this.current.desk, clip);
    return seatOf(own, this.doors.draft(own));
  }

  private send(write: Write | null): void {
    if (write === null) return;
    this.made += 1;
    this.sending += 1;
    this.doors
      .send(write)
      .catch((error: unknown) => this.doors.problem(error))
      .finally(() => {
        this.sending -= 1;
      });
  }

  /** Only the newest question counts: whoever labels fast asks again before the answer is there. */
  private async ask(clip: string | null): Promise<void> {
    this.asking.abort();
    clearTimeout(this.retry);
    this.asking = new AbortController();
    const { signal } = this.asking;
    const made = this.made;
    const quiet = this.sending === 0 && this.doors.waiting() === 0;
    try {
      // Before the server is asked: what it saves meanwhile is in its answer.
      await this.doors.left((waits) => !signal.aborted && this.find(waits));
      const next = await this.doors.next(toSkip(this.current.queue).filter((id) => id !== clip), clip, signal);
      if (!signal.aborted) this.hear(next, quiet && made === this.made);
    } catch (error) {
      if (signal.aborted) return;
      if (this.current.desk.seat === null) this.set({ ...this.current, phase: "broken", problem: error });
      const lost = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (lost) this.retry = setTimeout(() => void this.ask(clip), AGAIN_MS);
    }
  }

  private find(waits: Waits): boolean {
    const desk = found(this.current.desk, waits);
    const changed = desk !== this.current.desk;
    if (changed) this.set({ ...this.current, desk });
    return changed;
  }

  private hear(next: NextClip | null, knewAll: boolean): void {
    const { desk, queue } = this.current;
    if (next === null) {
      this.set({ ...this.current, queue: { ...queue, upcoming: [] }, phase: desk.seat === null ? "empty" : "open", problem: null });
      if (desk.seat === null) this.retry = setTimeout(() => void this.ask(null), NEW_MS);
      return;
    }
    const taken = answered(queue, next, knewAll || queue.total === 0);
    if (desk.seat === null) this.set({ desk: sit(desk, this.seat(next.clip)), queue: taken, phase: "open", problem: null });
    else this.set({ desk: refreshed(desk, next.clip), queue: taken, phase: "open", problem: null });
  }

  private set(state: RoomState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}

function rowOf(seat: Seat | null): ClipRow | null {
  if (seat === null) return null;
  const { clip } = seat;
  const { suggestion } = clip;
  return { ...clip, suggestion: suggestion === null ? null : { label: suggestion.top, p: suggestion.scores[0]?.p ?? 0 } };
}
