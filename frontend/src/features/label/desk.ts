/** The clip that is open, what is being said about it, and the way back through everything that was done here. Pure. */
import { amend, doAgain, emptyHistory, type History, record, takeBack } from "../../player/undo";
import type { Annotation, Clip, Content, Outcome, Suggestion, Verdict } from "./types";
import { contentOf, sameSaying, type Work, workOf } from "./work";

export interface Seat {
  readonly clip: Clip;
  readonly work: Work;
}

interface Edited {
  readonly kind: "edit";
  readonly before: Work;
  readonly after: Work;
}

interface Moved {
  readonly kind: "move";
  readonly from: Seat;
  /** Null until the next clip is there. */
  readonly to: Seat | null;
  readonly written: { readonly before: Content; readonly after: Content; readonly suggestion: Verdict | null } | null;
}

export type Step = Edited | Moved;

export interface Desk {
  readonly seat: Seat | null;
  readonly history: History<Step>;
  /** What was last written here about each clip, and the revision it has once that has arrived. */
  readonly written: Readonly<Record<string, { readonly revision: number; readonly content: Content }>>;
}

/** What goes to the outbox. */
export interface Write {
  readonly clip: string;
  readonly base: number;
  readonly content: Content;
  readonly suggestion: Verdict | null;
}

export interface Outcomes {
  readonly desk: Desk;
  readonly write: Write | null;
}

export const EMPTY_DESK: Desk = { seat: null, history: emptyHistory(), written: {} };

const CLEARED: Content = { outcome: "cleared", label: null, segments: [], comment: "" };

export function contentIn(annotation: Annotation | null): Content {
  if (annotation === null) return CLEARED;
  const { outcome, label, segments, comment } = annotation;
  return { outcome, label, segments, comment };
}

export function seatOf(clip: Clip, draft: Work | null = null): Seat {
  return { clip, work: draft ?? workOf(contentIn(clip.annotation)) };
}

/** Whether the open clip holds changes that nobody has written yet. */
export function unwritten({ clip, work }: Seat): boolean {
  return !sameSaying(work, workOf(contentIn(clip.annotation)));
}

export function revisionOf(desk: Desk, clip: Clip): number {
  return Math.max(desk.written[clip.id]?.revision ?? 0, clip.revision);
}

/** The clip as it is once everything written here has arrived: the server's copy may be older. */
export function asWritten(desk: Desk, clip: Clip): Clip {
  const own = desk.written[clip.id];
  if (own === undefined || own.revision <= clip.revision) return clip;
  return { ...clip, annotation: { ...own.content, segments: [...own.content.segments], revision: own.revision, author: null, source: "person", created_at: "" } };
}

/** What waits in this browser for a clip, and the revision that it becomes. */
export interface Waits {
  readonly clip: string;
  readonly revision: number;
  readonly content: Content;
}

/** What an earlier page or another tab left waiting is the clip's answer now. An open clip that somebody has touched keeps the ground it was touched on. */
export function found(desk: Desk, { clip, revision, content }: Waits): Desk {
  const { seat } = desk;
  const open = seat?.clip.id === clip ? seat : null;
  if ((desk.written[clip]?.revision ?? 0) >= revision || (open !== null && unwritten(open))) return desk;
  const known = { ...desk, written: { ...desk.written, [clip]: { revision, content } } };
  return open === null ? known : { ...known, seat: seatOf(asWritten(known, open.clip)) };
}

/** Opens the clip that was waited for. A step that moved on to nothing now knows where it led. */
export function sit(desk: Desk, seat: Seat): Desk {
  const last = desk.history.done.at(-1);
  const history = last?.kind === "move" && last.to === null ? amend(desk.history, { ...last, to: seat }) : desk.history;
  return { ...desk, seat, history };
}

/** The server's newer word on the open clip. Work that nobody has touched follows it; touched work stays, and a conflict is settled when it is written. */
export function refreshed(desk: Desk, clip: Clip): Desk {
  const { seat } = desk;
  if (seat === null || seat.clip.id !== clip.id || clip.revision < revisionOf(desk, seat.clip)) return desk;
  if (clip.revision === seat.clip.revision || unwritten(seat)) {
    const { annotation, revision, state, label } = seat.clip;
    return { ...desk, seat: { ...seat, clip: { ...clip, annotation, revision, state, label } } };
  }
  return { ...desk, seat: seatOf(clip) };
}

/** Changes the work. What says nothing new, such as a selection, is no step to take back. */
export function edit(desk: Desk, after: Work): Desk {
  const { seat } = desk;
  if (seat === null || after === seat.work) return desk;
  const history = sameSaying(seat.work, after) ? desk.history : record<Step>(desk.history, { kind: "edit", before: seat.work, after });
  return { ...desk, seat: { ...seat, work: after }, history };
}

/** Writes what `work` says and goes on to `next`. */
export function submit(desk: Desk, work: Work, outcome: Outcome, next: Seat | null): Outcomes {
  const { seat } = desk;
  if (seat === null) return { desk, write: null };
  const before = contentIn(seat.clip.annotation);
  const after = contentOf(work, outcome);
  const written = { before, after, suggestion: verdictOn(seat.clip.suggestion, after) };
  return wrote({ ...desk, seat: next, history: record<Step>(desk.history, { kind: "move", from: seat, to: next, written }) }, seat.clip, after, written.suggestion);
}

/** Goes on to another clip and writes nothing. */
export function move(desk: Desk, next: Seat | null): Desk {
  const { seat } = desk;
  if (seat === null) return next === null ? desk : sit(desk, next);
  return { ...desk, seat: next, history: record<Step>(desk.history, { kind: "move", from: seat, to: next, written: null }) };
}

/** Takes the newest step back. A written label goes back to what the clip held before, as a further revision. */
export function undo(desk: Desk): (Outcomes & { readonly step: Step }) | null {
  const taken = takeBack(desk.history);
  if (taken === null) return null;
  const [step, history] = taken;
  if (step.kind === "edit") {
    return desk.seat === null ? null : { step, write: null, desk: { ...desk, history, seat: { ...desk.seat, work: step.before } } };
  }
  const remembered: Moved = { ...step, to: desk.seat };
  const back = { ...desk, seat: step.from, history: { done: history.done, undone: [...history.undone.slice(0, -1), remembered] } };
  return { step, ...(step.written === null ? { desk: back, write: null } : wrote(back, step.from.clip, step.written.before, null)) };
}

export function redo(desk: Desk): (Outcomes & { readonly step: Step }) | null {
  const taken = doAgain(desk.history);
  if (taken === null) return null;
  const [step, history] = taken;
  if (step.kind === "edit") {
    return desk.seat === null ? null : { step, write: null, desk: { ...desk, history, seat: { ...desk.seat, work: step.after } } };
  }
  const on = { ...desk, history, seat: step.to };
  return { step, ...(step.written === null ? { desk: on, write: null } : wrote(on, step.from.clip, step.written.after, step.written.suggestion)) };
}

function wrote(desk: Desk, clip: Clip, content: Content, suggestion: Verdict | null): Outcomes {
  const base = revisionOf(desk, clip);
  return { desk: { ...desk, written: { ...desk.written, [clip.id]: { revision: base + 1, content } } }, write: { clip: clip.id, base, content, suggestion } };
}

/** What the person's word means for the model's. Doubt leaves it open. */
export function verdictOn(suggestion: Suggestion | null, content: Content): Verdict | null {
  if (suggestion === null || content.outcome === "uncertain" || content.outcome === "cleared") return null;
  if (content.outcome === "rejected") return { id: suggestion.id, verdict: "rejected" };
  return { id: suggestion.id, verdict: agrees(suggestion, content) ? "accepted" : "fixed" };
}

function agrees(suggestion: Suggestion, content: Content): boolean {
  if (suggestion.segments.length === 0) return content.segments.length === 0 && content.label === suggestion.top;
  const said = new Set(content.segments.map(extent));
  return said.size === suggestion.segments.length && suggestion.segments.every((segment) => said.has(extent(segment)));
}

function extent({ label, start, end }: { readonly label: string; readonly start: number; readonly end: number }): string {
  return `${label} ${start} ${end}`;
}
