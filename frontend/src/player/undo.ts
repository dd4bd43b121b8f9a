/** What was done and can be taken back, as two piles of steps. It knows no framework, and not what a step is. */
export interface History<Step> {
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

/** A day's labelling does not have to be taken back to its first key. */
const KEPT = 500;

export function emptyHistory<Step>(): History<Step> {
  return { done: [], undone: [] };
}

/** Something new was done: what had been taken back can no longer be done again. */
export function record<Step>(history: History<Step>, step: Step): History<Step> {
  return { done: [...history.done.slice(1 - KEPT), step], undone: [] };
}

/** The step to take back and the piles after it, null when there is none. */
export function takeBack<Step>(history: History<Step>): readonly [Step, History<Step>] | null {
  const step = history.done.at(-1);
  return step === undefined ? null : [step, { done: history.done.slice(0, -1), undone: [...history.undone, step] }];
}

/** The step to do again and the piles after it, null when there is none. */
export function doAgain<Step>(history: History<Step>): readonly [Step, History<Step>] | null {
  const step = history.undone.at(-1);
  return step === undefined ? null : [step, { done: [...history.done, step], undone: history.undone.slice(0, -1) }];
}

/** Puts a changed step in the place of the newest one. */
export function amend<Step>(history: History<Step>, step: Step): History<Step> {
  return { done: [...history.done.slice(0, -1), step], undone: history.undone };
}
