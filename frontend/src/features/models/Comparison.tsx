/** A column a version, a row a question. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { LabelClassOut, ModelRow } from "../../api/generated/model";
import { Icon } from "../../ui/Icon";
import { count, score, share, whole } from "../../ui/words";
import { interval } from "../train/run";
import { acceptedWords, type Delta, pairedWith, pairedWords, spokeWords, topDelta } from "./compare";

interface ComparisonProps {
  readonly slug: string;
  /** The selected one first. */
  readonly rows: readonly ModelRow[];
  readonly champion: ModelRow | undefined;
  readonly classes: readonly LabelClassOut[];
}

interface Question {
  readonly name: string;
  readonly answer: (row: ModelRow) => ReactNode;
}

export function Comparison({ slug, rows, champion, classes }: ComparisonProps) {
  const named = (id: string): string => classes.find((entry) => entry.id === id)?.name ?? "removed";
  const questions: readonly Question[] = [
    { name: "Top-1", answer: (row) => topOf(row, topDelta(row, champion)) },
    { name: "Macro-F1", answer: (row) => score(row.macro_f1) },
    { name: "Worst classes", answer: (row) => row.worst.slice(0, 2).map((entry) => `${named(entry.label)} ${score(entry.f1, 2)}`).join(", ") || "–" },
    { name: "Paired test", answer: (row) => quiet(row.paired === null && pairedWith(row, champion) === null, pairedWords(row, champion)) },
    { name: "Accepted as is", answer: (row) => quiet(row.accepted === null, acceptedWords(row)) },
    { name: "Trained on", answer: (row) => `dataset ${row.dataset}, ${count(row.clips, "clip")}` },
    ...(rows.some((row) => row.clips_per_second !== null) ? [{ name: "Speed where it was made", answer: (row: ModelRow) => paceOf(row.clips_per_second) }] : []),
  ];
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard needs to reach it
    <section className="panel scroll-x" aria-label="Versions side by side" tabIndex={0}>
      <table className="cmp" style={{ minWidth: 184 + rows.length * 280 }}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Question</span>
            </th>
            {rows.map((row, i) => (
              <Column key={row.number} slug={slug} row={row} here={i === 0} />
            ))}
          </tr>
        </thead>
        <tbody>
          {questions.map(({ name, answer }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {rows.map((row, i) => (
                <td key={row.number} className={i === 0 ? "can" : ""}>
                  {answer(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Column({ slug, row, here }: { readonly slug: string; readonly row: ModelRow; readonly here: boolean }) {
  return (
    <th scope="col" className={here ? "can" : ""}>
      <span className="row">
        <Link className="vn" to="/p/$slug/models/{-$number}" params={{ slug, number: String(row.number) }} aria-current={here ? "page" : undefined}>
          v{row.number}
        </Link>
        {row.state === "champion" && (
          <span className="chip ok">
            <Icon name="star" />
            Champion
          </span>
        )}
        {row.state === "candidate" && <span className="chip acc">Candidate</span>}
        <span className="end t3 sm spoke">{spokeWords(row)}</span>
      </span>
    </th>
  );
}

function paceOf(each: number | null): string {
  if (each === null) return "–";
  return `${each < 10 ? each.toFixed(1) : whole(each)} clips per second`;
}

function quiet(nothing: boolean, words: string): ReactNode {
  return nothing ? <span className="t3">{words}</span> : words;
}

function topOf(row: ModelRow, delta: Delta | null): ReactNode {
  if (row.top1 === null) return <span className="t3">no test number</span>;
  return (
    <>
      <span className="b">{share(row.top1)}</span>
      <span className="ci" title="95 % interval">
        {interval(row.top1_low, row.top1_high)}
      </span>
      {delta !== null && <span className={`ci ${delta.tone === "" ? "t2" : delta.tone}`}>{delta.text}</span>}
    </>
  );
}
