/** Which camera rejects at what hour: shades and sentences. Pure. */
import { share as shareText } from "../../ui/words";
import type { HeatRow } from "./types";

export const HOURS = 24;

/** The darkest shade's share: the largest there is, but never so little that noise glows. */
export function topOf(rows: readonly HeatRow[]): number {
  return Math.max(0.01, ...rows.flatMap((row) => row.share.map((part) => part ?? 0)));
}

/** A step of the ramp, 0 to 5; null where nothing was recorded. */
export function shadeOf(share: number | null, top: number): number | null {
  if (share === null) return null;
  return share === 0 ? 0 : Math.min(5, Math.max(1, Math.ceil((share / top) * 5)));
}

export function hourText(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

export function cellWords(name: string, hour: number, share: number | null): string {
  const when = `${name}, ${hourText(hour)}–${hourText((hour + 1) % HOURS)}`;
  return share === null ? `${when}: nothing recorded` : `${when}: ${shareText(share)} of frames rejected`;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function moved(key: string, [row, hour]: readonly [number, number], rows: number): readonly [number, number] | null {
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, HOURS - 1];
  const by = MOVES[key];
  if (by === undefined) return null;
  return [Math.min(rows - 1, Math.max(0, row + by[0])), Math.min(HOURS - 1, Math.max(0, hour + by[1]))];
}
