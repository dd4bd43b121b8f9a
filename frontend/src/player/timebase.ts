/**
 * A frame has one number. This is the table that turns ordinals into presentation timestamps and back.
 *
 * Timestamps come run-length coded, `[first_pts, delta, count]` per run, in ticks of `den / num` a second.
 */
declare const ordinalBrand: unique symbol;
declare const ptsBrand: unique symbol;

/** The number of a decodable frame in presentation order, from 0. */
export type Ordinal = number & { readonly [ordinalBrand]: true };
/** A presentation timestamp in ticks of the timebase. Midpoints may be half ticks. */
export type Pts = number & { readonly [ptsBrand]: true };
export type Run = readonly [firstPts: number, delta: number, count: number];

export class TimebaseError extends Error {
  override name = "TimebaseError";
}

export interface Tick {
  readonly num: number;
  readonly den: number;
}

export class Timebase {
  readonly count: number;
  readonly tick: Tick;
  private readonly runs: readonly Run[];
  private readonly starts: readonly number[];
  private readonly firsts: readonly number[];
  private readonly lastDuration: number;

  /** Throws TimebaseError unless the runs hold at least one frame in strictly rising order. */
  constructor(runs: readonly Run[], tick: Tick, lastDuration?: number) {
    let count = 0;
    let previous = Number.NEGATIVE_INFINITY;
    const starts: number[] = [];
    for (const [first, delta, n] of runs) {
      if (n < 1 || first <= previous || (n > 1 && delta <= 0)) throw new TimebaseError("The frame index is not in rising order.");
      starts.push(count);
      count += n;
      previous = first + delta * (n - 1);
    }
    if (count === 0) throw new TimebaseError("The frame index holds no frame.");
    this.runs = runs;
    this.starts = starts;
    this.firsts = runs.map((run) => run[0]);
    this.count = count;
    this.tick = tick;
    this.lastDuration = lastDuration ?? this.deltaBefore(count - 1);
  }

  get last(): Ordinal {
    return (this.count - 1) as Ordinal;
  }

  /** The nearest ordinal that exists. */
  clamp(n: number): Ordinal {
    return Math.min(this.count - 1, Math.max(0, Math.trunc(n))) as Ordinal;
  }

  ptsAt(n: Ordinal): Pts {
    const at = lastAtOrBelow(this.starts, n);
    const run = this.runs[at];
    if (run === undefined || n >= this.count || n < 0 || !Number.isInteger(n)) throw new TimebaseError(`There is no frame ${n}.`);
    return (run[0] + run[1] * (n - (this.starts[at] ?? 0))) as Pts;
  }

  /** Where frame n stops being shown: the next frame's timestamp; the last frame gets the delta before it. */
  endOf(n: Ordinal): Pts {
    return n < this.count - 1 ? this.ptsAt((n + 1) as Ordinal) : ((this.ptsAt(n) + this.lastDuration) as Pts);
  }

  /** The one safe place to seek to: browsers disagree about edges, and agree about the middle. */
  midpoint(n: Ordinal): Pts {
    return ((this.ptsAt(n) + this.endOf(n)) / 2) as Pts;
  }

  /** The frame on screen at a timestamp, by floor; before the first frame it is the first. */
  ordinalAt(pts: number): Ordinal {
    const at = Math.max(0, lastAtOrBelow(this.firsts, pts));
    const run = this.runs[at];
    if (run === undefined) throw new TimebaseError("The frame index holds no frame.");
    const inside = run[1] > 0 ? Math.floor((pts - run[0]) / run[1]) : 0;
    return ((this.starts[at] ?? 0) + Math.min(run[2] - 1, Math.max(0, inside))) as Ordinal;
  }

  toSeconds(pts: number): number {
    return (pts * this.tick.num) / this.tick.den;
  }

  /** Where to put `currentTime` to see frame n. */
  seekSeconds(n: Ordinal): number {
    return this.toSeconds(this.midpoint(n));
  }

  /** When frame n begins, in seconds from the first frame. */
  startSeconds(n: Ordinal): number {
    return this.toSeconds(this.ptsAt(n) - this.ptsAt(0 as Ordinal));
  }

  /**
   * The frame that a browser's media time shows. Browsers hand seconds out in whole microseconds, cut, not rounded, so the time is first put back on the
   * nearest tick; the table is then read by floor.
   */
  ordinalAtSeconds(seconds: number): Ordinal {
    const ticks = (seconds * this.tick.den) / this.tick.num;
    const nearest = Math.round(ticks);
    const slack = (2e-6 * this.tick.den) / this.tick.num;
    return this.ordinalAt(Math.abs(ticks - nearest) <= slack ? nearest : ticks);
  }

  /** The frame that lies `seconds` before or after n; always at least one frame away, unless the video ends. */
  offsetBySeconds(n: Ordinal, seconds: number): Ordinal {
    const target = this.ordinalAt(this.ptsAt(n) + (seconds * this.tick.den) / this.tick.num);
    return this.clamp(target === n ? n + Math.sign(seconds) : target);
  }

  get durationSeconds(): number {
    return this.toSeconds(this.endOf(this.last) - this.ptsAt(0 as Ordinal));
  }

  private deltaBefore(n: number): number {
    if (n === 0) return this.tick.den / this.tick.num / 25;
    return this.ptsAt(n as Ordinal) - this.ptsAt((n - 1) as Ordinal);
  }
}

/** Index of the last value that is not above x, -1 if there is none. */
function lastAtOrBelow(sorted: readonly number[], x: number): number {
  let low = -1;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
