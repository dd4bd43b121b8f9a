/** The API's shapes under the names that the screen uses, and what a person says of a clip. */
import type { AnnotationOut, ClipOut, LabelClassOut, LabelSetOut, NextOut, SegmentIO, SuggestionOut, SuggestionVerdict } from "../../api/generated/model";

export type { ClipRow, ClipSpan } from "../../api/generated/model";
export type Annotation = AnnotationOut;
export type Clip = ClipOut;
export type LabelClass = LabelClassOut;
export type LabelSet = LabelSetOut;
export type NextClip = NextOut;
export type Outcome = AnnotationOut["outcome"];
/** Ordinals of the video, half-open. */
export type Segment = Readonly<SegmentIO>;
export type Suggestion = SuggestionOut;
export type Verdict = Readonly<SuggestionVerdict>;

/** What a person says about a clip, without who and when. */
export interface Content {
  readonly outcome: Outcome;
  readonly label: string | null;
  readonly segments: readonly Segment[];
  readonly comment: string;
}
