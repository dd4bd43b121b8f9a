/** What lies in the outbox. Shapes and names are the API's; ordinals are the video's, half-open. */
export type Outcome = "labelled" | "uncertain" | "rejected" | "cleared";

export interface Segment {
  /** UUID that stays with the segment through its revisions. */
  readonly key: string;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly actor: string | null;
}

/** What a person says of a clip. */
export interface Draft {
  readonly outcome: Outcome;
  /** The class that fills the clip, null where only segments say something. */
  readonly label: string | null;
  readonly segments: readonly Segment[];
  readonly comment: string;
}

/** A draft that the server has: one revision of a clip's annotation. */
export interface Stored extends Draft {
  readonly revision: number;
  readonly author: { readonly id: number; readonly name: string; readonly initials: string } | null;
  readonly source: string;
  readonly created_at: string;
}

/** What was said to a suggestion by making this edit. */
export interface Verdict {
  readonly id: string;
  readonly verdict: "accepted" | "fixed" | "rejected";
}

export interface Edit {
  readonly slug: string;
  readonly clip: string;
  /** The revision that the person was looking at, 0 for none. */
  readonly base: number;
  readonly annotation: Draft;
  readonly suggestion: Verdict | null;
}

/** `done` entries stay for a while, so that a later edit knows which revision an earlier one became. */
export type EntryState = "waiting" | "conflict" | "refused" | "done";

export interface Entry extends Edit {
  readonly client_id: string;
  /** Id of the person who made it, "" while the page did not know. Nobody else's session ever sends it. */
  readonly user: string;
  readonly state: EntryState;
  /** Order of submission over all tabs. */
  readonly serial: number;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly at: number;
  /** The earlier edit of the same clip that this one stands on, null when `base` says it. */
  readonly after: string | null;
  /** Why the server refused it, "" otherwise. */
  readonly sentence: string;
  /** The other version, while this is a conflict. */
  readonly theirs: Stored | null;
  /** What it became, once done. */
  readonly revision: number | null;
}

/** What a person said of a clip and the server does not have yet. */
export interface Pending {
  readonly clip: string;
  /** The newest of the edits that wait. */
  readonly annotation: Draft;
  /** The revision that it becomes if nobody comes between. */
  readonly revision: number;
  readonly client_ids: readonly string[];
}

/** One tab sends at a time: its name, and until when nobody else may. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** What became of an edit, told to every tab. */
export type Result =
  | { readonly kind: "saved"; readonly client_id: string; readonly slug: string; readonly clip: string; readonly annotation: Stored; readonly clip_state: string }
  | { readonly kind: "conflict"; readonly client_id: string; readonly slug: string; readonly clip: string; readonly theirs: Stored | null }
  | { readonly kind: "refused"; readonly client_id: string; readonly slug: string; readonly clip: string; readonly sentence: string };

export interface Status {
  /** Everything here that is not on the server, oldest first, of everybody. */
  readonly entries: readonly Entry[];
  /** Of the person who is signed in: on its way, refused by the server, waiting for a decision. */
  readonly waiting: number;
  readonly refused: number;
  readonly conflicts: number;
  /** Made by other people in this browser; they go when those sign in again. */
  readonly others: number;
  readonly sending: boolean;
  /** The session has expired: nothing goes until somebody signs in. */
  readonly signedOut: boolean;
  /** Since when the server has not answered, milliseconds since 1970; null while it does. */
  readonly lostSince: number | null;
  /** False when this browser refuses to store: what waits then lives in this tab only. */
  readonly durable: boolean;
}
