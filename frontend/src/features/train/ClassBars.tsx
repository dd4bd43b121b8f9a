/** How well each class is told: a bar a class, and where the champion stands as a tick. */
import type { LabelClassOut } from "../../api/generated/model";
import { score } from "../../ui/words";
import "./bars.css";

interface ClassBarsProps {
  readonly classes: readonly LabelClassOut[];
  readonly scores: readonly { readonly label: string; readonly f1: number | null; readonly support?: number }[];
  /** F1 of the champion by class, where it was measured on the same clips. */
  readonly champion?: ReadonlyMap<string, number | null> | undefined;
}

export function ClassBars({ classes, scores, champion }: ClassBarsProps) {
  const named = new Map(classes.map((entry) => [entry.id, entry]));
  const rows = scores.toSorted((a, b) => (named.get(a.label)?.position ?? 0) - (named.get(b.label)?.position ?? 0));
  return (
    <ul className="byc">
      {rows.map(({ label, f1, support }) => {
        const was = champion?.get(label) ?? null;
        const entry = named.get(label);
        return (
          <li key={label}>
            <i className="sw" style={{ "--c": `var(--c${entry?.colour ?? 0})` } as React.CSSProperties} aria-hidden="true" />
            <span className="ell">{entry?.name ?? "A class that was removed"}</span>
            <span className="byc-bar" aria-hidden="true">
              <i style={{ width: `${(f1 ?? 0) * 100}%` }} />
              {was !== null && <u style={{ left: `${was * 100}%` }} />}
            </span>
            <b>{support === 0 ? "–" : score(f1, 2)}</b>
            {was !== null && <span className="sr">, champion {score(was, 2)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
