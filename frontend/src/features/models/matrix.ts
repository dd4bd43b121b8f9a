/** A confusion matrix as cells with a shade and a sentence. Pure. */
import type { Confusion } from "../../api/generated/model";
import { count } from "../../ui/words";

export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly n: number;
  /** Step of the ramp, 0 to 5, by the share of the row. */
  readonly shade: number;
}

export function cellsOf({ counts }: Confusion): Cell[][] {
  return counts.map((line, row) => {
    const all = line.reduce((sum, n) => sum + n, 0);
    return line.map((n, column) => ({ row, column, n, shade: shadeOf(n, all) }));
  });
}

function shadeOf(n: number, all: number): number {
  if (n === 0) return 0;
  const part = n / all;
  return part > 0.85 ? 5 : part > 0.7 ? 4 : part > 0.5 ? 3 : part > 0.1 ? 2 : 1;
}

export function inRow({ counts }: Confusion, row: number): number {
  return (counts[row] ?? []).reduce((sum, n) => sum + n, 0);
}

/** The mistake made most often; where there is none, nothing. */
export function worstCell(matrix: Confusion): Cell | null {
  const wrong = cellsOf(matrix).flat().filter((cell) => cell.row !== cell.column && cell.n > 0);
  return wrong.toSorted((a, b) => b.n - a.n || a.row - b.row || a.column - b.column)[0] ?? null;
}

export function cellWords(cell: Cell, names: readonly string[], of: number): string {
  const [truth, said] = [names[cell.row] ?? "", names[cell.column] ?? ""];
  if (of === 0) return `${truth}: no clip was measured`;
  return cell.row === cell.column ? `${truth} told right, ${cell.n} of ${count(of, "clip")}` : `${truth} read as ${said}, ${cell.n} of ${count(of, "clip")}`;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The cell that a key leads to from here, null where the key is not one of the matrix. */
export function moved(key: string, row: number, column: number, size: number): readonly [number, number] | null {
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, size - 1];
  const by = MOVES[key];
  if (by === undefined) return null;
  const held = (at: number): number => Math.min(size - 1, Math.max(0, at));
  return [held(row + by[0]), held(column + by[1])];
}
