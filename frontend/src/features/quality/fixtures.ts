/** Spans for tests. */
import type { Span, Tile } from "./types";

export function tile(start: number, end: number, value: number | null = 0.7): Tile {
  return { frame: start, index: start, start, end, value };
}

/** A span of `video` whose tiles stand for `each` frames, the last for what is left. */
export function span(id: string, start: number, end: number, each = 1, change: Partial<Span> = {}): Span {
  const tiles: Tile[] = [];
  for (let at = start; at < end; at += each) tiles.push(tile(at, Math.min(end, at + each)));
  return {
    id,
    video: "v1",
    video_name: "yard.mp4",
    fps: 10,
    camera: "c1",
    camera_name: "Yard North",
    start,
    end,
    at: new Date(Date.UTC(2026, 9, 14, 8, 12, 41) + start * 100).toISOString(),
    state: "pending",
    reason: "defocus",
    reasons: [{ reason: "defocus", metric: "defocus", value: 0.71, threshold: 0.5, frames: end - start }],
    decided_by: null,
    decided_at: null,
    usual: 0.12,
    sprite: null,
    tiles,
    ...change,
  };
}
