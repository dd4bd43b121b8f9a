/** How far the labelling is, what is next, and what there is of each class. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LabelClassOut, SummaryOut } from "../../api/generated/model";
import { nextOpen } from "../../api/labelling";
import { keyCap, useKeymap } from "../../app/keymap";
import { useHere } from "../../app/session";
import { KeyCap } from "../../ui/parts";
import { Still } from "../../ui/Still";
import { count, footage, score, whole } from "../../ui/words";
import { HOME_ACTIONS } from "./actions";

/** As few clips of a class as a split into groups can use. */
const FEW = 20;

interface NextStepProps {
  readonly slug: string;
  readonly data: SummaryOut;
  readonly classes: readonly LabelClassOut[];
}

export function NextStep({ slug, data, classes }: NextStepProps) {
  const { may } = useHere();
  const remap = useKeymap((store) => store.remap);
  const { data: next } = useQuery({ ...nextOpen(slug), enabled: data.open > 0 });
  const row = next?.items[0];
  const guess = classes.find((entry) => entry.id === row?.suggestion?.label);
  const done = data.clips - data.open;
  return (
    <section className="panel next-step" aria-label="Labelling">
      {data.open > 0 && <div className="next-picture">{row !== undefined && <Still src={row.poster} alt="" />}</div>}
      <div className="next-words">
        <h2>{data.open === 0 ? "The queue is empty" : done === 0 ? "Start labelling" : "Continue labelling"}</h2>
        <p className="t2">
          {data.open === 0 ? `All ${count(data.clips, "clip")} were looked at.` : `${count(data.open, "clip")} ${data.open === 1 ? "waits" : "wait"}${guess === undefined ? "" : ", the least certain first"}.`}
          {row !== undefined && (guess === undefined ? ` Next: ${row.video.name}, ${row.camera.name}.` : ` Next: perhaps ${guess.name}, ${score(row.suggestion?.p, 2)}, on ${row.camera.name}.`)}
        </p>
        <dl className="next-facts sm">
          <dt>Today</dt>
          <dd>{today(data)}</dd>
          {data.uncertain + data.rejected > 0 && (
            <>
              <dt>Set aside</dt>
              <dd>
                {whole(data.uncertain)} unsure, {whole(data.rejected)} rejected
              </dd>
            </>
          )}
          {data.flagged > 0 && (
            <>
              <dt>Flagged</dt>
              <dd>{count(data.flagged, "clip")} with rejected frames</dd>
            </>
          )}
          {data.open > 0 && data.seconds_each !== null && (
            <>
              <dt>Left</dt>
              <dd>{left(data.open * data.seconds_each)} at your pace</dd>
            </>
          )}
        </dl>
        <div className="row wrap">
          {data.open > 0 && may("annotator") && (
            <Link className="btn pri" to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }}>
              Label next clip
              <KeyCap>{keyCap(HOME_ACTIONS, remap, "hLabel")}</KeyCap>
            </Link>
          )}
          {data.open === 0 && (
            <Link className="btn" to="/p/$slug/videos" params={{ slug }}>
              Add footage
            </Link>
          )}
        </div>
      </div>
    </section>
  );
}

function left(seconds: number): string {
  return seconds < 10 ? "under 10 s" : `about ${footage(seconds)}`;
}

function today({ mine_today: mine, labelled_today: all, seconds_each: each }: SummaryOut): string {
  if (all === 0) return "none yet";
  const own = mine === 0 ? "none by you" : `${count(mine, "label")} by you`;
  const pace = mine > 0 && each !== null ? `, ${each.toFixed(1)} s each` : "";
  return all === mine ? own + pace : `${own}${pace}, ${whole(all)} by all`;
}

export function PerClass({ classes, data }: { readonly classes: readonly LabelClassOut[]; readonly data: SummaryOut }) {
  const counts = new Map(data.by_class.map(({ label, count: clips }) => [label, clips]));
  const rows = classes
    .filter((entry) => !entry.archived || (counts.get(entry.id) ?? 0) > 0)
    .map((entry) => ({ entry, clips: counts.get(entry.id) ?? 0 }))
    .toSorted((a, b) => b.clips - a.clips || a.entry.position - b.entry.position);
  // Never a full bar for less than what is wanted.
  const most = Math.max(FEW, ...rows.map(({ clips }) => clips));
  const goal = `${(FEW / most) * 100}%`;
  return (
    <section className="panel">
      <header>
        <h2>Clips per class</h2>
        <span className="end t3 sm">the mark is {FEW}: as many train well</span>
      </header>
      {rows.length === 0 ? (
        <p className="t2 pad">No class yet. Settings adds them, labels.csv brings its own.</p>
      ) : (
        <ul className="class-bars">
          {rows.map(({ entry, clips }) => (
            <li key={entry.id}>
              <span className="sw" style={{ "--c": `var(--c${entry.colour})` } as React.CSSProperties} />
              <span className="ell">{entry.name}</span>
              <span className="class-bar" aria-hidden="true">
                <i className={clips < FEW ? "few" : ""} style={{ width: `${(clips / most) * 100}%` }} />
                <u style={{ left: goal }} />
              </span>
              <span className={clips < FEW ? "num warn" : "num t2"}>{whole(clips)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
