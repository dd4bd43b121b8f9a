/** The runs so far, newest first. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { RunRow } from "../../api/generated/model";
import { runs } from "../../api/training";
import { Button, State } from "../../ui/parts";
import { count, moment, share } from "../../ui/words";
import { STATE_WORDS } from "./run";

const ALL = 200;

interface PastRunsProps {
  readonly slug: string;
  readonly shown: number | undefined;
  readonly latest: number;
}

export function PastRuns({ slug, shown, latest }: PastRunsProps) {
  const [all, setAll] = useState(false);
  const { data: some } = useQuery(runs(slug, latest));
  const { data: more } = useQuery({ ...runs(slug, ALL), enabled: all });
  const data = (all ? more : undefined) ?? some;
  if (data === undefined) return null;
  return (
    <section className="panel past" aria-label="Runs">
      <header>
        <h2>Runs</h2>
        <span className="t3 sm">{count(data.total, "run")}</span>
        {!all && data.total > latest && (
          <span className="end">
            <Button look="ghost" size="xs" onClick={() => setAll(true)}>
              Show all {data.total}
            </Button>
          </span>
        )}
      </header>
      <table>
        <thead>
          <tr>
            <th>Run</th>
            <th>Started</th>
            <th className="num">Top-1</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((row) => (
            <Row key={row.number} slug={slug} row={row} here={row.number === shown} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ slug, row, here }: { readonly slug: string; readonly row: RunRow; readonly here: boolean }) {
  const { tone, word } = STATE_WORDS[row.state];
  return (
    <tr className={here ? "here" : ""}>
      <td>
        <span className="row">
          <Link to="/p/$slug/train/{-$run}" params={{ slug, run: String(row.number) }} aria-current={here ? "page" : undefined} aria-label={`Run ${row.number}`}>
            {row.number}
          </Link>
          {row.model === null ? (
            <State tone={tone}>
              <span className="sm">{word}</span>
            </State>
          ) : (
            <span className={row.model_state === "champion" ? "chip ok" : "chip"}>
              v{row.model}
              {row.model_state === "champion" && ", champion"}
            </span>
          )}
        </span>
      </td>
      <td className="t2 nw">{moment(row.started_at ?? row.created_at)}</td>
      <td className="num">{share(row.top1)}</td>
    </tr>
  );
}
