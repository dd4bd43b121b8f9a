/** What deciding and undoing does, one after the other, so that each speaks of spans as the one before left them. */
import type { ReviewIn } from "../../api/generated/model";
import { ApiError } from "../../api/http";
import { gateApply, neighboursLeft, pageRenewed, review, reviewUndo, type SpanFilter, spansChanged, spansSettled, verdictsChanged } from "../../api/quality";
import { randomId } from "../../player/capabilities";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import { bodies, chosen, exceptions, keyOf, named, resolved, type Selection, spares } from "./selection";
import { type Deed, useDeeds, useDesk } from "./store";
import type { Batch, Span, SpanState } from "./types";

const SAID: Readonly<Record<SpanState, string>> = { confirmed: "confirmed as rejected", restored: "restored", pending: "put back to review" };
const TRIES = 3;
const PAUSE_MS = 700;
const TOAST = "decision";

let queue: Promise<void> = Promise.resolve();
let undoing = 0;

/** Runs after whatever runs already. What fails is told and stops nothing behind it. */
function inTurn(slug: string, work: () => Promise<void>): Promise<void> {
  onItsWay(1);
  void neighboursLeft(slug);
  queue = queue
    .then(work)
    .catch(tellError)
    .finally(() => onItsWay(-1));
  return queue;
}

window.addEventListener("beforeunload", (event) => {
  if (useDesk.getState().working > 0) event.preventDefault();
});

function onItsWay(by: number): void {
  useDesk.setState(({ working }) => ({ working: working + by }));
}

export interface Decision {
  readonly slug: string;
  readonly to: SpanState;
  readonly selection: Selection;
  /** What stays selected besides; without a word, what was left out. */
  readonly left?: Selection;
  readonly filter: SpanFilter;
  /** The list as it stands: it is looked at when the person decides, and again when the decision's turn comes. */
  readonly list: () => Listed;
}

export interface Listed {
  readonly spans: readonly Span[];
  /** How many spans the filter finds. */
  readonly total: number;
  /** The server's time of the list, null before it is there. */
  readonly at: string | null;
}

/** Decides what is selected. The focus goes on to `next` at once, and to what was left out if something was. */
export function decide(decision: Decision, next: string | null): Promise<void> {
  const { slug, to, selection } = decision;
  const before = useDesk.getState();
  const left = decision.left ?? exceptions(selection);
  const first = decision.left === undefined ? named(left)[0] : undefined;
  const settling = { to, selection };
  const saw = decision.list();
  // While something is being undone, its states are about to be others than those in sight.
  const known = undoing > 0 ? null : saw.spans;
  useDesk.setState({ selection: left, anchor: null, focus: first === undefined ? next : keyOf(first), settling });
  return inTurn(slug, async () => {
    try {
      const body = bodyOf(decision, saw.at, known);
      const deed: Deed = { kind: "review", slug, id: body.id };
      const batch = await kept(deed, () => sent(slug, body));
      tell(told(batch), { name: "Undo", run: () => void undo(slug, deed) }, TOAST);
      // What the list no longer holds needs no exception from all of it.
      if (decision.left?.kind === "all" && leaves(decision)) useDesk.setState((desk) => (desk.selection.kind === "all" ? { selection: chosen(desk.selection, named(selection), true) } : {}));
      await shown(slug, body);
    } catch (error) {
      // As it was, unless the person has gone on to select something else.
      useDesk.setState((desk) => (desk.selection === left ? { selection: before.selection, focus: before.focus } : {}));
      tellError(error);
      await spansChanged(slug);
    } finally {
      useDesk.setState((desk) => (desk.settling === settling ? { settling: null } : {}));
    }
  });
}

/**
 * The list after a decision. About whole spans all is known: the list shows it at once and is fetched behind that,
 * by the last decision of a row of them. The pieces of one that was cut have names which only the server knows: its
 * page is asked for first.
 */
async function shown(slug: string, { spans, to }: ReviewIn): Promise<void> {
  const ids = new Set(spans?.map(({ id }) => id));
  if (spans?.every(({ start }) => start === undefined) === true) await spansSettled(slug, ids, to);
  else if (!(await pageRenewed(slug, ids))) return spansChanged(slug);
  if (useDesk.getState().working <= 1) void spansChanged(slug);
}

/** Whether what is decided is out of the list by that. */
function leaves({ to, filter }: Decision): boolean {
  return filter.state !== undefined && filter.state !== "all" && filter.state !== to;
}

/**
 * One's own decisions in between change what a span is called and how many there are, so these are as of now. When
 * and in which states the person saw them is of the moment they decided: the server refuses what others did since.
 */
function bodyOf({ to, selection, filter, list }: Decision, at: string | null, saw: readonly Span[] | null): ReviewIn {
  const { spans, total } = list();
  const parts = resolved(named(selection), spans);
  const id = randomId();
  if (selection.kind === "all") return { id, to, where: filter, besides: spares(parts, spans, saw ?? spans), seen: total, at };
  return { id, to, spans: bodies(parts, spans, saw ?? spans) };
}

/** Remembered before it is sent, so that it can be undone also where its answer never came. What is refused did not happen. */
async function kept(deed: Deed & { kind: "review" }, work: () => Promise<Batch>): Promise<Batch> {
  const { done, drop } = useDeeds.getState();
  done({ ...deed, unsure: true });
  try {
    const batch = await work();
    done(deed);
    return batch;
  } catch (error) {
    if (isRefused(error)) drop(deed);
    throw error;
  }
}

function isRefused(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

/** The id makes a second try harmless where the first one's answer was lost. */
async function sent(slug: string, body: ReviewIn): Promise<Batch> {
  for (let again = 1; ; again += 1) {
    try {
      return await review(slug, body);
    } catch (error) {
      if (isRefused(error) || again === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function told(batch: Batch): string {
  return `${count(batch.frames, "frame")} ${SAID[batch.to]}`;
}

/** Takes a decision back: this one, or in its turn the latest of the project. */
export function undo(slug: string, wanted?: Deed): Promise<void> {
  undoing += 1;
  return inTurn(slug, async () => {
    const { deeds, drop, done } = useDeeds.getState();
    const deed = wanted ?? deeds.findLast((entry) => entry.slug === slug);
    if (deed === undefined) return tell("Nothing to undo in this window", undefined, TOAST);
    drop(deed);
    try {
      tell(await undone(deed), undefined, TOAST);
    } catch (error) {
      if (deed.kind === "review" && deed.unsure === true && isRefused(error) && error.status === 404) return tell("The last decision never reached the server; there is nothing of it to undo", undefined, TOAST);
      // What the server refuses it refuses the next time, too; what did not reach it can be tried again.
      if (!isRefused(error)) done(deed);
      else if (deed.kind === "review") void spansChanged(slug);
      throw error;
    }
    await (deed.kind === "review" ? spansChanged(slug) : verdictsChanged(slug));
  }).finally(() => {
    undoing -= 1;
  });
}

/** What there is to say once the server has done it. */
async function undone(deed: Deed): Promise<string> {
  if (deed.kind === "review") return `Undone: ${count((await reviewUndo(deed.slug, deed.id)).frames, "frame")} as before`;
  const { revision } = await gateApply(deed.slug, deed.camera, deed.revision, deed.thresholds);
  return `Undone: the gate of ${deed.name} is as it was, in revision ${revision}`;
}
