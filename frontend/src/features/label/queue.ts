/** Which clip comes next, which are behind, and how far the day has come. Pure. */
import type { ClipRow, NextClip } from "./types";

export interface Queue {
  readonly upcoming: readonly ClipRow[];
  /** Labelled or passed over here and not to be offered again, though the server may not know yet. */
  readonly gone: readonly string[];
  readonly skipped: readonly string[];
  readonly done: number;
  readonly total: number;
  readonly doneToday: number;
  readonly secondsEach: number | null;
}

export const NO_QUEUE: Queue = { upcoming: [], gone: [], skipped: [], done: 0, total: 0, doneToday: 0, secondsEach: null };

/** The server skips at most this many by name; older ones have long reached it. */
const NAMED = 200;

/** Takes the server's answer in. Its counts are only believed when it knew of every label that was made here: otherwise they lag behind ours. */
export function answered(queue: Queue, next: NextClip, knewAll: boolean): Queue {
  const { done, total } = next.clip.position;
  return {
    ...queue,
    upcoming: next.upcoming.filter((row) => row.id !== next.clip.id && !queue.gone.includes(row.id)),
    done: Math.min(total, knewAll ? done : queue.done),
    total,
    doneToday: knewAll ? next.done_today : queue.doneToday,
    secondsEach: next.seconds_each,
  };
}

/** The clip was labelled; `first` when it held nothing before. */
export function labelled(queue: Queue, id: string, first: boolean): Queue {
  return {
    ...left(queue, id),
    skipped: queue.skipped.filter((entry) => entry !== id),
    done: first ? Math.min(queue.total, queue.done + 1) : queue.done,
    doneToday: queue.doneToday + 1,
  };
}

export function skipped(queue: Queue, id: string): Queue {
  return { ...left(queue, id), skipped: [...queue.skipped.filter((entry) => entry !== id), id] };
}

/** Undo: the clip before is open again, and the one that was open comes right after it. */
export function cameBack(queue: Queue, id: string, after: ClipRow | null, unlabelled: boolean): Queue {
  const rest = queue.upcoming.filter((row) => row.id !== id && row.id !== after?.id);
  return {
    ...queue,
    upcoming: after === null ? rest : [after, ...rest],
    gone: queue.gone.filter((entry) => entry !== id && entry !== after?.id),
    skipped: queue.skipped.filter((entry) => entry !== id),
    done: unlabelled ? Math.max(0, queue.done - 1) : queue.done,
    doneToday: unlabelled ? Math.max(0, queue.doneToday - 1) : queue.doneToday,
  };
}

/** Those that were passed over may be offered again. */
export function unskipped(queue: Queue): Queue {
  return { ...queue, gone: queue.gone.filter((id) => !queue.skipped.includes(id)), skipped: [] };
}

export function nextRow(queue: Queue, open: string | null): ClipRow | null {
  return queue.upcoming.find((row) => row.id !== open && !queue.gone.includes(row.id)) ?? null;
}

/** Clips to name to the server as not wanted. */
export function toSkip(queue: Queue): string[] {
  return queue.gone.slice(-NAMED);
}

function left(queue: Queue, id: string): Queue {
  return { ...queue, upcoming: queue.upcoming.filter((row) => row.id !== id), gone: [...queue.gone.filter((entry) => entry !== id), id] };
}
