/** The confusion matrix. Arrows walk it; where it is given `onPick`, a cell shows the clips behind it. */
import { type KeyboardEvent, useRef, useState } from "react";
import type { Confusion, LabelClassOut } from "../../api/generated/model";
import { type Cell, cellsOf, cellWords, inRow, moved } from "./matrix";
import "./models.css";

interface MatrixProps {
  readonly matrix: Confusion;
  readonly classes: readonly LabelClassOut[];
  readonly picked?: readonly [number, number] | null;
  readonly onPick?: (row: number, column: number) => void;
}

export function namesOf(matrix: Confusion, classes: readonly LabelClassOut[]): string[] {
  const named = new Map(classes.map((entry) => [entry.id, entry.name]));
  return matrix.labels.map((label) => named.get(label) ?? "Removed");
}

export function Matrix({ matrix, classes, picked = null, onPick }: MatrixProps) {
  const names = namesOf(matrix, classes);
  const size = matrix.labels.length;
  const [at, setAt] = useState<readonly [number, number]>(picked ?? [0, 0]);
  const body = useRef<HTMLTableElement>(null);
  const walk = (event: KeyboardEvent, cell: Cell): void => {
    const to = moved(event.key, cell.row, cell.column, size);
    if (to === null) return;
    event.preventDefault();
    setAt(to);
    body.current?.querySelector<HTMLElement>(`[data-cell="${to[0]} ${to[1]}"]`)?.focus();
  };
  return (
    <div className="scroll-x">
      <table className="cm" ref={body} aria-label="Confusion: a row a class, a column what it was read as">
        <tbody>
          {cellsOf(matrix).map((line, row) => (
            <tr key={matrix.labels[row]}>
              <th scope="row">
                <span className="ell">{names[row]}</span>
              </th>
              {line.map((cell) => {
                const words = cellWords(cell, names, inRow(matrix, row));
                const here = at[0] === cell.row && at[1] === cell.column;
                const chosen = picked !== null && picked[0] === cell.row && picked[1] === cell.column;
                return (
                  <td key={cell.column}>
                    {onPick === undefined ? (
                      <span className={`cell h${cell.shade}`} title={words}>
                        {cell.n > 0 && cell.n}
                      </span>
                    ) : (
                      <button
                        type="button"
                        className={`cell h${cell.shade}`}
                        title={words}
                        aria-label={words}
                        aria-pressed={chosen}
                        tabIndex={here ? 0 : -1}
                        data-cell={`${cell.row} ${cell.column}`}
                        onFocus={() => setAt([cell.row, cell.column])}
                        onKeyDown={(event) => walk(event, cell)}
                        onClick={() => onPick(cell.row, cell.column)}
                      >
                        {cell.n > 0 && cell.n}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" className="t3">
              Read as
            </th>
            {names.map((name, column) => (
              <th key={matrix.labels[column]} scope="col">
                <span className="cm-said">{name}</span>
              </th>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
