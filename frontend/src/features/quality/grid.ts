/** Where tiles stand: rows of a grid with the heads of their spans or hours, and where a key leads from one to another. Pure. */
import { keyOf, type Part, partOf } from "./selection";
import type { Span, Tile } from "./types";
import { dayText } from "./words";

export type Grouping = "span" | "hour" | "none";

export interface Cell {
  readonly key: string;
  readonly span: Span;
  readonly tile: Tile;
  readonly part: Part;
}

/** Over `columns` tiles from `column` on: what they belong to. */
export interface Head {
  readonly column: number;
  readonly columns: number;
  readonly span: Span;
}

export type Row =
  | { readonly kind: "tiles"; readonly cells: readonly Cell[]; readonly heads: readonly Head[] }
  | { readonly kind: "hour"; readonly name: string; readonly cells: readonly Cell[] };

export function cellsOf(spans: readonly Span[]): Cell[] {
  return spans.flatMap((span) =>
    span.tiles.map((tile) => {
      const part = partOf(span, tile);
      return { key: keyOf(part), span, tile, part };
    }),
  );
}

export function rowsOf(spans: readonly Span[], grouping: Grouping, columns: number): Row[] {
  if (grouping === "span") return packed(spans, columns);
  if (grouping === "none") return flowing(cellsOf(spans), columns);
  return byHour(spans).flatMap(([name, members]) => {
    const cells = cellsOf(members);
    return [{ kind: "hour" as const, name, cells }, ...flowing(cells, columns)];
  });
}

function flowing(cells: readonly Cell[], columns: number): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < cells.length; at += columns) rows.push({ kind: "tiles", cells: cells.slice(at, at + columns), heads: [] });
  return rows;
}

/** Spans one after the other; one begins beside the one before where it fits there whole, else on a row of its own. */
function packed(spans: readonly Span[], columns: number): Row[] {
  const rows: { kind: "tiles"; cells: Cell[]; heads: Head[] }[] = [];
  for (const span of spans) {
    const cells = cellsOf([span]);
    const last = rows.at(-1);
    const room = last === undefined ? 0 : columns - last.cells.length;
    if (last !== undefined && cells.length <= room) {
      last.heads.push({ column: last.cells.length, columns: cells.length, span });
      last.cells.push(...cells);
      continue;
    }
    for (let at = 0; at < cells.length; at += columns) {
      const part = cells.slice(at, at + columns);
      rows.push({ kind: "tiles", cells: part, heads: at === 0 ? [{ column: 0, columns: part.length, span }] : [] });
    }
  }
  return rows;
}

/** When a tile's frame was recorded, null where the video's time is unknown. */
export function timeOf(span: Span, frame: number): Date | null {
  if (span.at === null) return null;
  return new Date(Date.parse(span.at) + ((frame - span.start) / span.fps) * 1000);
}

function byHour(spans: readonly Span[]): [string, Span[]][] {
  const groups: [string, Span[]][] = [];
  for (const span of spans) {
    const name = hourOf(span);
    const last = groups.at(-1);
    if (last !== undefined && last[0] === name) last[1].push(span);
    else groups.push([name, [span]]);
  }
  return groups;
}

function hourOf(span: Span): string {
  const at = timeOf(span, span.start);
  if (at === null) return "Recorded at an unknown time";
  const hour = at.getUTCHours();
  return `${dayText(at)}, ${String(hour).padStart(2, "0")}:00–${String((hour + 1) % 24).padStart(2, "0")}:00`;
}

export type Step = "left" | "right" | "up" | "down" | "pageUp" | "pageDown" | "first" | "last";

/** Where a key leads; `page` rows are in sight at once. The key of the cell, null in an empty grid. */
export function stepped(rows: readonly Row[], from: string | null, step: Step, page: number): string | null {
  const lines = rows.filter((row) => row.kind === "tiles");
  const row = lines.findIndex((line) => line.cells.some((cell) => cell.key === from));
  const column = lines[row]?.cells.findIndex((cell) => cell.key === from) ?? 0;
  const cellAt = (line: number, at: number): string | null => {
    const held = lines[Math.min(lines.length - 1, Math.max(0, line))];
    return held?.cells[Math.min(held.cells.length - 1, Math.max(0, at))]?.key ?? null;
  };
  const length = lines[row]?.cells.length ?? 0;
  if (row === -1 || step === "first") return cellAt(0, 0);
  if (step === "last") return cellAt(lines.length - 1, Number.MAX_SAFE_INTEGER);
  if (step === "left") return column > 0 ? cellAt(row, column - 1) : row > 0 ? cellAt(row - 1, Number.MAX_SAFE_INTEGER) : from;
  if (step === "right") return column < length - 1 ? cellAt(row, column + 1) : row < lines.length - 1 ? cellAt(row + 1, 0) : from;
  const by = { up: -1, down: 1, pageUp: -page, pageDown: page }[step];
  return cellAt(row + by, column);
}

/** Every cell from one to the other, both among them, in the order that they are seen in. */
export function between(cells: readonly Cell[], from: string | null, to: string | null): Cell[] {
  const a = cells.findIndex((cell) => cell.key === from);
  const b = cells.findIndex((cell) => cell.key === to);
  if (a === -1 || b === -1) return cells.filter((cell) => cell.key === to);
  return cells.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Where the focus stands in a list that came anew: on its cell, else on the one that holds its frame by now. -1 where neither is there. */
export function placeOf(cells: readonly Cell[], focus: string | null): number {
  const at = cells.findIndex((cell) => cell.key === focus);
  if (at !== -1 || focus === null) return at;
  const colon = focus.lastIndexOf(":");
  const [video, frame] = [focus.slice(0, colon), Number(focus.slice(colon + 1))];
  return cells.findIndex(({ part }) => part.video === video && part.start <= frame && frame < part.end);
}

/** The cell at that place, or the last where fewer are left. */
export function landed(cells: readonly Cell[], at: number): Cell | undefined {
  return cells[Math.min(at, cells.length - 1)];
}

/** Where the focus goes once these are decided and gone: to the first after them that stays, else the last before. */
export function afterwards(cells: readonly Cell[], gone: (cell: Cell) => boolean, from: string | null): string | null {
  const at = cells.findIndex((cell) => cell.key === from);
  const next = cells.slice(Math.max(0, at)).find((cell) => !gone(cell)) ?? cells.slice(0, Math.max(0, at)).findLast((cell) => !gone(cell));
  return next?.key ?? null;
}

/** How many columns of at least `least` pixels fit, and how wide each is. */
export function columnsIn(width: number, least: number, gap: number): { readonly columns: number; readonly width: number } {
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  return { columns, width: Math.floor((width - gap * (columns - 1)) / columns) };
}

/** How far the strip of neighbours reaches to either side. */
export const REACH = 4;

/** The places of the strip around `frame`: empty where the video begins or ends, and where what is here is of frames further off. No frame stands in for another. */
export function placed<T extends { readonly frame: number }>(items: readonly T[], frame: number): { readonly frame: number; readonly item: T | null }[] {
  return Array.from({ length: 2 * REACH + 1 }, (_, i) => {
    const n = frame - REACH + i;
    return { frame: n, item: items.find((item) => item.frame === n) ?? null };
  });
}
