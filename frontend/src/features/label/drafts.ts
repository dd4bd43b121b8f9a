/** Segments that nobody has submitted yet survive a reload: they are kept in this browser until their clip is written. */
import type { Clip } from "./types";
import { NO_WORK, type Work } from "./work";

const PREFIX = "rushes.draft.";

interface Kept {
  readonly revision: number;
  readonly work: Work;
}

export function keepDraft(clip: Clip, work: Work, store: Storage = localStorage): void {
  try {
    store.setItem(PREFIX + clip.id, JSON.stringify({ revision: clip.revision, work } satisfies Kept));
  } catch (error) {
    // A full or forbidden store costs the draft's safety against a reload and nothing else.
    if (!(error instanceof DOMException)) throw error;
  }
}

export function dropDraft(id: string, store: Storage = localStorage): void {
  store.removeItem(PREFIX + id);
}

/** The draft of this clip, null when there is none or when the clip has moved on since. */
export function draftOf(clip: Clip, store: Storage = localStorage): Work | null {
  const text = store.getItem(PREFIX + clip.id);
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept>;
    if (kept.revision !== clip.revision || !Array.isArray(kept.work?.segments)) return null;
    return { ...NO_WORK, ...kept.work };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
