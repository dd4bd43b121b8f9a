/** What a frame that a playing video has painted means. Pure. */
import type { Ordinal } from "./timebase";

interface Stretch {
  readonly start: Ordinal;
  readonly end: Ordinal;
}

/** How far the first painted frame may lie behind the one that was asked for before it is doubted. */
const NEAR = 30;

/**
 * Tells when the video shows what was asked for. The picture before may be reported once more until the seek lands; it stands still, so
 * a second number that is far on is a machine that is late, and no old picture.
 */
export class Arrival {
  private doubted: Ordinal | null = null;
  private arrived = false;

  constructor(private readonly from: Ordinal) {}

  get over(): boolean {
    return this.arrived;
  }

  /** Whether frame n is of the playing that was asked for. */
  has(n: Ordinal): boolean {
    if (this.arrived || n < this.from) return this.arrived;
    this.arrived = n <= this.from + NEAR || (this.doubted !== null && n !== this.doubted);
    this.doubted = n;
    return this.arrived;
  }
}

/** After frame n: on, once more from the loop's start, or stop. At the last frame of a loop already: the next one to be painted would lie outside. */
export function onward(n: Ordinal, from: Ordinal, loop: Stretch | null, bounds: Stretch | null): "on" | "again" | "stop" {
  if (loop !== null) return n >= loop.end - 1 ? "again" : "on";
  return bounds !== null && from < bounds.end && n >= bounds.end - 1 ? "stop" : "on";
}
