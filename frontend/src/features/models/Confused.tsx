/** Where a version errs: the matrix, and the clips behind the chosen cell. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LabelClassOut, ModelOut } from "../../api/generated/model";
import { misread } from "../../api/training";
import { sentenceOf } from "../../api/http";
import { Button, useLate } from "../../ui/parts";
import { Still } from "../../ui/Still";
import { count, length } from "../../ui/words";
import { Matrix, namesOf } from "./Matrix";
import { worstCell } from "./matrix";

interface ConfusedProps {
  readonly slug: string;
  readonly model: ModelOut;
  readonly classes: readonly LabelClassOut[];
}

export function Confused({ slug, model, classes }: ConfusedProps) {
  const { confusion } = model;
  const worst = confusion === null ? null : worstCell(confusion);
  const [picked, setPicked] = useState<readonly [number, number] | null>(worst === null ? null : [worst.row, worst.column]);
  const empty = confusion === null || confusion.labels.length === 0;
  return (
    <section className="panel confused">
      <header>
        <h2>Confusion, v{model.number}</h2>
        <span className="t3 sm">{model.top1 === null ? "validation clips" : count(model.n_test, "test clip")}</span>
      </header>
      <div className="pad">
        {empty ? <p className="t2">No clip was kept apart to measure this on.</p> : <Matrix matrix={confusion} classes={classes} picked={picked} onPick={(row, column) => setPicked([row, column])} />}
      </div>
      {!empty && picked === null && <p className="t2 confused-none">No clip was misread.</p>}
      {!empty && picked !== null && <Behind slug={slug} model={model} classes={classes} row={picked[0]} column={picked[1]} />}
    </section>
  );
}

const FEW = 6;

/** The clips of one cell, each a link to where it is labelled. */
function Behind({ slug, model, classes, row, column }: ConfusedProps & { readonly row: number; readonly column: number }) {
  const [most, setMost] = useState(FEW);
  const matrix = model.confusion ?? { labels: [], counts: [] };
  const names = namesOf(matrix, classes);
  const right = row === column;
  const tested = model.top1 !== null; // which validation clips lie behind a cell is not kept
  const n = matrix.counts[row]?.[column] ?? 0;
  const [truth, said] = [matrix.labels[row] ?? "", matrix.labels[column] ?? ""];
  const { data, error } = useQuery({
    ...misread(slug, model.number, truth, said, most),
    enabled: tested && !right && n > 0,
    // More of one cell's clips; those of another cell would stand under the wrong names.
    placeholderData: (before, query) => (query?.queryKey[3] === model.number && query.queryKey[5] === truth && query.queryKey[6] === said ? before : undefined),
  });
  const late = useLate();
  return (
    <div className="behind" aria-live="polite">
      <h3>
        {right ? `${names[row]} told right` : `${names[row]} read as ${names[column]}`}
        <span className="t3"> {count(n, "clip")}</span>
      </h3>
      {right && <p className="sm t2">Choose a cell beside the diagonal to see its clips.</p>}
      {!right && n === 0 && <p className="sm t2">No clip.</p>}
      {error !== null && <p className="sm bad">{sentenceOf(error)}</p>}
      {!tested && !right && n > 0 && <p className="sm t2">Clips are listed for a test side only, and here there is none.</p>}
      {tested && !right && n > 0 && data === undefined && error === null && late && <p className="sm t3">Loading the clips.</p>}
      {!right && n > 0 && data !== undefined && (
        <>
          <ul className="behind-clips">
            {data.items.map((clip) => (
              <li key={clip.id}>
                <Link to="/p/$slug/label/{-$clip}" params={{ slug, clip: clip.id }}>
                  <Still src={clip.poster} alt="" loading="lazy" decoding="async" />
                  <span className="ell">{clip.video.name}</span>
                  <span className="t3 ell">
                    {clip.camera.name}, {length(clip.seconds)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          {data.items.length < Math.min(n, most) && <p className="sm t3">{count(n - data.items.length, "clip")} {n - data.items.length === 1 ? "is" : "are"} gone since.</p>}
          {data.total > most && (
            <Button size="xs" look="ghost" onClick={() => setMost(200)}>
              Show all {data.total}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
