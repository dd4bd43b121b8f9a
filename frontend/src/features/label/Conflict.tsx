/** Two versions of one clip side by side on one scale. Keys 1, 2, 3 decide; whatever is chosen, both stay in the clip's history. */
import { useEffect } from "react";
import type { LabelClassOut } from "../../api/generated/model";
import type { Draft, Entry, Segment, Stored } from "../../outbox";
import { randomId } from "../../player/capabilities";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { whole } from "../../ui/words";
import { type Bounds, difference, differing, merged, otherDifferences, rows } from "./conflict";
import "./conflict.css";

interface ConflictProps {
  readonly entry: Entry;
  /** What the person says: the newest edit that waits behind the conflict. */
  readonly mine: Draft;
  /** The clip's first frame, and the one after its last. */
  readonly bounds: Bounds;
  readonly classes: readonly LabelClassOut[];
  readonly name: string;
  readonly self: string;
  readonly onDecide: (decision: Draft) => void;
}

const NOTHING: Draft = { outcome: "cleared", label: null, segments: [], comment: "" };

export function Conflict({ entry, mine, bounds, classes, name, self, onDecide }: ConflictProps) {
  const theirs = entry.theirs ?? NOTHING;
  const own = isOwn(entry, self);
  const both = merged(mine, theirs, bounds, randomId);
  useEffect(() => {
    const decisions: Readonly<Record<string, Draft | null>> = { "1": contentOf(theirs), "2": mine, "3": both };
    const press = (event: KeyboardEvent): void => {
      const decision = event.ctrlKey || event.metaKey || event.altKey || event.repeat ? null : decisions[event.key];
      if (decision === null || decision === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      onDecide(decision);
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  });
  return (
    <section className="panel conflict" aria-label="Two versions of one clip">
      <header>
        <Icon name="people" className="t3" />
        <h2>{headline(entry, self)}</h2>
        <span className="t3">
          {name}, {difference(mine, theirs)}
        </span>
      </header>
      <div className="conflict-two">
        <Version title={own ? "The other one" : "Theirs"} note={noteOf(entry.theirs)} draft={theirs} other={mine} bounds={bounds} classes={classes}>
          <Button size="sm" keys="1" onClick={() => onDecide(contentOf(theirs))}>
            {own ? "Keep the other one" : "Keep theirs"}
          </Button>
        </Version>
        <Version title={own ? "This one" : "Yours"} note="not saved yet" draft={mine} other={theirs} bounds={bounds} classes={classes}>
          <Button size="sm" keys="2" onClick={() => onDecide(mine)}>
            {own ? "Keep this one" : "Keep yours"}
          </Button>
        </Version>
      </div>
      <footer className="sm t2">
        <span>Both versions stay in the history, whatever you choose.</span>
        <Button look="ghost" size="xs" keys="3" blocked={both === null ? "Neither version holds a class or a segment." : undefined} onClick={() => both !== null && onDecide(both)}>
          Keep the segments of both
        </Button>
      </footer>
    </section>
  );
}

interface VersionProps {
  readonly title: string;
  readonly note: string;
  readonly draft: Draft;
  readonly other: Draft;
  readonly bounds: Bounds;
  readonly classes: readonly LabelClassOut[];
  readonly children: React.ReactNode;
}

function Version({ title, note, draft, other, bounds, classes, children }: VersionProps) {
  const different = differing(draft, other);
  const besides = otherDifferences(draft, other);
  const filling: Segment | null = draft.label === null ? null : { key: "whole", label: draft.label, start: bounds.start, end: bounds.end, actor: null };
  const lanes = [...(filling === null ? [] : [[filling]]), ...rows(draft.segments)];
  return (
    <section className="version" aria-label={title}>
      <div className="row">
        <span className="b">{title}</span>
        <span className="t3 sm ell">{note}</span>
      </div>
      <ul className="version-track" style={{ height: Math.max(1, lanes.length) * 26 + 8 }}>
        {lanes.flatMap((lane, row) =>
          lane.map((segment) => {
            const changed = segment.key === "whole" ? besides.includes("class of the whole clip") : different.has(segment.key);
            return <Bar key={segment.key} segment={segment} row={row} changed={changed} bounds={bounds} label={classes.find((entry) => entry.id === segment.label)} />;
          }),
        )}
        {lanes.length === 0 && <li className={besides.includes("verdict") ? "verdict changed" : "verdict"}>{VERDICTS[draft.outcome]}</li>}
      </ul>
      <div className="version-scale sm t3">
        <span>{whole(bounds.start)}</span>
        {lanes.length > 0 && draft.outcome !== "labelled" && <span>{VERDICTS[draft.outcome]}</span>}
        <span>{whole(bounds.end - 1)}</span>
      </div>
      {draft.comment !== "" && <p className={besides.includes("comment") ? "sm b" : "sm t2"}>“{draft.comment}”</p>}
      {children}
    </section>
  );
}

interface BarProps {
  readonly segment: Segment;
  readonly row: number;
  readonly changed: boolean;
  readonly bounds: Bounds;
  readonly label: LabelClassOut | undefined;
}

function Bar({ segment, row, changed, bounds, label }: BarProps) {
  const length = Math.max(1, bounds.end - bounds.start);
  const colour = label === undefined ? 0 : label.colour;
  const name = label?.name ?? "A class that is gone";
  const range = segment.key === "whole" ? "the whole clip" : `${whole(segment.start)}–${whole(segment.end - 1)}`;
  const style = {
    "--c": `var(--c${colour})`,
    "--o": colour === 0 ? "var(--text-1)" : `var(--o${colour})`,
    left: `${((segment.start - bounds.start) / length) * 100}%`,
    width: `${((segment.end - segment.start) / length) * 100}%`,
    top: row * 26 + 4,
  } as React.CSSProperties;
  return (
    <li className={changed ? "bar-seg changed" : "bar-seg"} style={style} title={`${name} ${range}`}>
      {name} {changed || segment.key === "whole" ? range : ""}
    </li>
  );
}

const VERDICTS: Readonly<Record<Draft["outcome"], string>> = { labelled: "Labelled", uncertain: "Unsure", rejected: "Rejected", cleared: "No label" };

/** Whether the other version was saved by the same person, in a window of their own. */
function isOwn({ theirs }: Entry, self: string): boolean {
  return theirs !== null && theirs.author !== null && String(theirs.author.id) === self;
}

function headline(entry: Entry, self: string): string {
  const { theirs } = entry;
  if (theirs === null) return "This clip has changed since you opened it";
  const seconds = Math.round((entry.at - Date.parse(theirs.created_at)) / 1000);
  const later = seconds > 0 ? ago(seconds) : null;
  if (isOwn(entry, self)) return `You saved this clip in your other window${later === null ? " while this label waited here" : `, ${later} before this one`}`;
  return `${theirs.author?.name ?? "Somebody"} saved this clip ${later === null ? "while your label waited here" : `${later} before you`}`;
}

function ago(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function noteOf(theirs: Stored | null): string {
  if (theirs === null) return "no annotation";
  const time = new Date(theirs.created_at).toLocaleTimeString("en-GB");
  return `revision ${whole(theirs.revision)}, ${theirs.author?.name ?? "not by a person"}, ${time}`;
}

function contentOf({ outcome, label, segments, comment }: Draft): Draft {
  return { outcome, label, segments, comment };
}
