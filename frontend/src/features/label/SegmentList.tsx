/** Every segment of the clip in words, and the comment: what the timeline draws, for the keyboard and for screen readers too. */
import { type KeyboardEvent, type RefObject, useState } from "react";
import { keyCap, useKeymap } from "../../app/keymap";
import { whole } from "../../ui/words";
import { LABEL_ACTIONS } from "./actions";
import { stillGuessed } from "./layout";
import { Swatch } from "./Swatch";
import type { Clip, LabelClass } from "./types";
import type { Work } from "./work";

interface SegmentListProps {
  readonly clip: Clip;
  readonly work: Work;
  readonly classes: readonly LabelClass[];
  readonly onPick: (key: string, start: number) => void;
}

export function SegmentList({ clip, work, classes, onPick }: SegmentListProps) {
  const guesses = stillGuessed(clip, work) ? (clip.suggestion?.segments ?? []) : [];
  const named = (id: string): LabelClass | undefined => classes.find((label) => label.id === id);
  const empty = work.segments.length === 0 && guesses.length === 0;
  return (
    <section>
      <div className="cap">
        Segments in this clip
        <span className="end nw">{tallied(work.segments.length, guesses.length)}</span>
      </div>
      {empty && <p className="sm t3">None. Mark one with I and O, then press its class.</p>}
      <ul>
        {work.segments.map((segment) => (
          <li key={segment.key}>
            <button type="button" className={segment.key === work.selected ? "sgl on" : "sgl"} aria-pressed={segment.key === work.selected} onClick={() => onPick(segment.key, segment.start)}>
              <Swatch label={named(segment.label)} />
              <span className="ell">{named(segment.label)?.name}</span>
              <span className="t3">
                {whole(segment.start)}–{whole(segment.end - 1)}
              </span>
            </button>
          </li>
        ))}
        {guesses.map((guess) => (
          <li key={`${guess.label} ${guess.start}`} className="sgl">
            <Swatch label={named(guess.label)} guess />
            <span className="ell">
              {named(guess.label)?.name} <span className="t3">suggested</span>
            </span>
            <span className="t3">
              {whole(guess.start)}–{whole(guess.end - 1)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function tallied(held: number, guessed: number): string {
  if (guessed > 0) return `${held} + ${guessed} suggested`;
  return held > 0 ? String(held) : "";
}

interface CommentProps {
  readonly text: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onChange: (text: string) => void;
}

/** Enter keeps it and goes back to the picture, Esc leaves it as it was. */
export function Comment({ text, field, onChange }: CommentProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const remap = useKeymap((store) => store.remap);
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === "Escape") setTyped(null);
    else if (event.key !== "Enter" || event.shiftKey) return;
    else keep();
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.blur();
  };
  const keep = (): void => {
    if (typed !== null) onChange(typed);
    setTyped(null);
  };
  return (
    <section className="remark">
      <label className="cap" htmlFor="comment">
        Comment
        <kbd className="end">{keyCap(LABEL_ACTIONS, remap, "comment")}</kbd>
      </label>
      <textarea id="comment" ref={field} rows={2} className="input" placeholder="For whoever looks at this clip next" value={typed ?? text} onKeyDown={keys} onBlur={keep} onChange={(event) => setTyped(event.currentTarget.value)} />
    </section>
  );
}
