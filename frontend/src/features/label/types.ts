/** What the labelling API sends and takes. Written by hand until the client is generated from the mounted routes. */
export interface LabelClass {
  readonly id: string;
  readonly name: string;
  /** 1 to 12 in the order of the tokens, 0 is the background's grey. */
  readonly colour: number;
  /** "1" to "9", "0", or "" for none. */
  readonly hotkey: string;
  readonly position: number;
  readonly description: string;
  readonly archived: boolean;
  /** Clips that carry it now. */
  readonly count: number;
}

export interface LabelSet {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly classes: readonly LabelClass[];
}

export type Outcome = "labelled" | "uncertain" | "rejected" | "cleared";

/** Ordinals of the video, half-open. */
export interface Segment {
  readonly key: string;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly actor: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
}

export interface Annotation {
  readonly revision: number;
  readonly outcome: Outcome;
  readonly label: string | null;
  readonly segments: readonly Segment[];
  readonly comment: string;
  readonly author: Person | null;
  readonly source: string;
  readonly created_at: string;
}

export interface GuessedSegment {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly p: number;
  readonly start_sd: number;
  readonly end_sd: number;
}

export interface Suggestion {
  readonly id: string;
  readonly model: string;
  readonly top: string;
  readonly scores: readonly { readonly label: string; readonly p: number }[];
  readonly margin: number;
  readonly chosen: readonly number[];
  readonly segments: readonly GuessedSegment[];
  readonly reason: string;
}

export interface ClipRow {
  readonly id: string;
  readonly video: { readonly id: string; readonly name: string };
  readonly camera: { readonly id: string; readonly name: string };
  readonly subject: string;
  readonly start: number;
  readonly end: number;
  readonly fps: number;
  readonly seconds: number;
  readonly state: "open" | "labelled" | "uncertain" | "rejected";
  readonly flagged: boolean;
  readonly flag_reason: string;
  readonly revision: number;
  readonly label: string | null;
  readonly suggestion: { readonly label: string; readonly p: number } | null;
  readonly poster: string;
}

export interface ClipSpan {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
  readonly value: number;
  readonly threshold: number;
  readonly state: string;
}

export interface Neighbour {
  readonly clip: string;
  readonly start: number;
  readonly end: number;
  readonly label: string | null;
}

/** All that the label screen needs of one clip. */
export interface Clip extends Omit<ClipRow, "suggestion"> {
  readonly annotation: Annotation | null;
  readonly suggestion: Suggestion | null;
  /** Verdicts on the whole video. */
  readonly spans: readonly ClipSpan[];
  /** The other clips of the same video. */
  readonly neighbours: readonly Neighbour[];
  readonly lease: { readonly mine: boolean; readonly by: string | null; readonly until: string | null };
  readonly position: { readonly done: number; readonly total: number };
}

export interface NextClip {
  readonly clip: Clip;
  readonly upcoming: readonly ClipRow[];
  readonly done_today: number;
  readonly seconds_each: number | null;
}

export interface LabellingSummary {
  readonly clips: number;
  readonly labelled: number;
  readonly uncertain: number;
  readonly rejected: number;
  readonly open: number;
  readonly flagged: number;
  readonly labelled_today: number;
  readonly mine_today: number;
  readonly seconds_each: number | null;
}

/** What a person says about a clip, without who and when. */
export interface Content {
  readonly outcome: Outcome;
  readonly label: string | null;
  readonly segments: readonly Segment[];
  readonly comment: string;
}

export interface Verdict {
  readonly id: string;
  readonly verdict: "accepted" | "fixed" | "rejected";
}
