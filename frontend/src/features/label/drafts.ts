/** Segments that nobody has submitted yet survive a reload: they are kept in this browser, for the person who made them, until their clip is written. */
import type { Clip } from "./types";
import { NO_WORK, type Work } from "./work";

const PREFIX = "rushes.draft.";
/** A draft whose clip was not opened for so long is let go. */
const KEPT_MS = 30 * 24 * 3_600_000;

interface Kept {
  readonly revision: number;
  readonly at: number;
  readonly work: Work;
}

/** The drafts of one person. */
export class Drafts {
  constructor(
    private readonly user: string,
    private readonly store: Storage = localStorage,
    private readonly now: () => number = Date.now,
  ) {
    this.tidy();
  }

  keep(clip: Clip, work: Work): void {
    try {
      this.store.setItem(this.key(clip.id), JSON.stringify({ revision: clip.revision, at: this.now(), work } satisfies Kept));
    } catch (error) {
      // A full or forbidden store costs the draft's safety against a reload and nothing else.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  drop(id: string): void {
    this.store.removeItem(this.key(id));
  }

  /** The draft of this clip, null when there is none or when the clip has moved on since. */
  of(clip: Clip): Work | null {
    const kept = parsed(this.store.getItem(this.key(clip.id)));
    if (kept === null || kept.revision !== clip.revision) return null;
    return { ...NO_WORK, ...kept.work };
  }

  private key(clip: string): string {
    return `${PREFIX}${this.user}.${clip}`;
  }

  /** Lets go of everybody's drafts that are too old or no drafts at all. */
  private tidy(): void {
    for (const key of Object.keys(this.store)) {
      if (!key.startsWith(PREFIX)) continue;
      const kept = parsed(this.store.getItem(key));
      if (kept === null || !(this.now() - kept.at < KEPT_MS)) this.store.removeItem(key);
    }
  }
}

function parsed(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept>;
    return Array.isArray(kept.work?.segments) ? (kept as Kept) : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
