/** Which part of the video the timeline shows, in frames, and where a frame lies on it. Pure arithmetic. */
export interface View {
  readonly from: number;
  readonly to: number;
}

const LEAST_FRAMES = 12;
const STEPS = [1, 2, 5];

export function clampView(from: number, to: number, count: number): View {
  const span = Math.min(count, Math.max(Math.min(LEAST_FRAMES, count), to - from));
  const start = Math.min(count - span, Math.max(0, from));
  return { from: start, to: start + span };
}

/** Zooms so that the frame under `at` (0 to 1 across the view) stays where it is. */
export function zoomView(view: View, factor: number, at: number, count: number): View {
  const span = (view.to - view.from) * factor;
  const anchor = view.from + at * (view.to - view.from);
  const bounded = Math.min(count, Math.max(Math.min(LEAST_FRAMES, count), span));
  return clampView(anchor - at * bounded, anchor - at * bounded + bounded, count);
}

/** Turns the page when the playhead leaves the view; otherwise leaves the view alone. */
export function followView(view: View, ordinal: number, count: number): View {
  if (ordinal >= view.from && ordinal + 1 <= view.to) return view;
  const span = view.to - view.from;
  const from = ordinal >= view.to ? ordinal - span * 0.1 : ordinal - span * 0.9;
  return clampView(from, from + span, count);
}

/** The middle of frame n on a lane `width` wide. */
export function xOf(view: View, n: number, width: number): number {
  return ((n - view.from) / (view.to - view.from)) * width;
}

export function frameAt(view: View, x: number, width: number): number {
  return Math.floor(view.from + (x / width) * (view.to - view.from));
}

/** The smallest of 1, 2, 5, 10, 20, 50 ... frames whose marks stand at least `room` pixels apart. */
export function tickStep(view: View, width: number, room: number): number {
  const least = (room * (view.to - view.from)) / width;
  for (let power = 1; ; power *= 10) {
    for (const step of STEPS) if (step * power >= least) return step * power;
  }
}
