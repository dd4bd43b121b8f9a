/** The labels that a run learns from, as they were frozen: how many of each class on which side, and what to know of them. */
import { useQuery } from "@tanstack/react-query";
import type { DatasetOut, LabelClassOut } from "../../api/generated/model";
import { labelSet } from "../../api/labelling";
import { Icon } from "../../ui/Icon";
import { count, whole } from "../../ui/words";
import { dealtWords, groupWords, sidesOf } from "./run";
import "./frozen.css";

const SIDES = ["train", "val", "test"] as const;
const SIDE_WORDS = { train: "Train", val: "Validation", test: "Test" } as const;

export function Frozen({ slug, data }: { readonly slug: string; readonly data: DatasetOut }) {
  const { data: set } = useQuery(labelSet(slug));
  if (set === undefined || data.classes.length === 0) return null;
  return (
    <section className="panel" aria-label={`Dataset ${data.number}`}>
      <header>
        <h2>Dataset {data.number}</h2>
        <span className="t3 sm">
          {count(data.clips, "clip")} of {count(data.classes.length, "class", "classes")}, frozen when the run began
        </span>
        <span className="end lg sm t2" aria-hidden="true">
          {SIDES.map((side) => (
            <span key={side} className="row">
              <i className={`side-key ${side}`} />
              {SIDE_WORDS[side]}
            </span>
          ))}
        </span>
      </header>
      <Classes data={data} classes={set.classes} />
      <ul className="frozen-notes sm t2">
        <li>
          <Icon name="info" />
          {dealtWords({ sides: sidesOf(data), by: data.by })}
          {groupWords(data)}. Test clips are touched once, at the end.
        </li>
        {data.notes.map((note) => (
          <li key={note} className="warn">
            <Icon name="warn" />
            {note}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Classes({ data, classes }: { readonly data: DatasetOut; readonly classes: readonly LabelClassOut[] }) {
  const named = new Map(classes.map((entry) => [entry.id, entry]));
  const rows = data.classes.toSorted((a, b) => (named.get(a.label)?.position ?? 0) - (named.get(b.label)?.position ?? 0));
  const most = Math.max(1, ...rows.map((row) => row.train + row.val + row.test));
  return (
    <ul className="frozen">
      {rows.map((row) => {
        const entry = named.get(row.label);
        return (
          <li key={row.label}>
            <i className="sw" style={{ "--c": `var(--c${entry?.colour ?? 0})` } as React.CSSProperties} aria-hidden="true" />
            <span className="ell">{entry?.name ?? "A class that was removed"}</span>
            <span className="frozen-bar" aria-hidden="true">
              {SIDES.map((side) => row[side] > 0 && <i key={side} className={side} style={{ width: `${(row[side] / most) * 100}%` }} />)}
            </span>
            <span className={row.train === 0 ? "num warn" : "num t2"} title={row.train === 0 ? "No clip to learn from: never suggested" : undefined}>
              <span className="sr">train, validation, test: </span>
              {SIDES.map((side) => whole(row[side])).join(" / ")}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
