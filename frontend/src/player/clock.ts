/** Tells which frame a playing <video> has on screen. */
import type { Ordinal, Timebase } from "./timebase";

interface FrameMetadata {
  readonly mediaTime: number;
}
type FrameVideo = HTMLVideoElement & {
  requestVideoFrameCallback?: (done: (now: number, frame: FrameMetadata) => void) => number;
  cancelVideoFrameCallback?: (handle: number) => void;
};

/** Calls `onFrame` for every painted frame until the returned function is called. Without requestVideoFrameCallback it samples `currentTime`. */
export function watchFrames(video: HTMLVideoElement, timebase: Timebase, onFrame: (n: Ordinal) => void): () => void {
  const target: FrameVideo = video;
  let handle = 0;
  let stopped = false;
  if (target.requestVideoFrameCallback !== undefined) {
    const next = (_now: number, frame: FrameMetadata): void => {
      if (stopped) return;
      onFrame(timebase.ordinalAtSeconds(frame.mediaTime));
      handle = target.requestVideoFrameCallback?.(next) ?? 0;
    };
    handle = target.requestVideoFrameCallback(next);
    return () => {
      stopped = true;
      target.cancelVideoFrameCallback?.(handle);
    };
  }
  const sample = (): void => {
    if (stopped) return;
    onFrame(timebase.ordinalAtSeconds(video.currentTime));
    handle = requestAnimationFrame(sample);
  };
  handle = requestAnimationFrame(sample);
  return () => {
    stopped = true;
    cancelAnimationFrame(handle);
  };
}

/** How long a frame may take from `seeked` to the screen before its seek counts as failed. */
const PAINT_MS = 2000;
/** Without requestVideoFrameCallback nothing reports a frame; two animation frames after `seeked` it is there. */
const BLIND_MS = 34;
const lastShown = new WeakMap<HTMLVideoElement, Ordinal>();

/**
 * Puts a paused video on frame n and resolves to true once the browser reports that frame as painted; to false if the element failed, never showed
 * it, or `signal` was aborted.
 */
export function seekPainted(video: HTMLVideoElement, timebase: Timebase, n: Ordinal, signal: AbortSignal): Promise<boolean> {
  const target: FrameVideo = video;
  return new Promise((resolve) => {
    const listening = new AbortController();
    let handle = 0;
    let timer = 0;
    const finish = (painted: boolean): void => {
      listening.abort();
      clearTimeout(timer);
      target.cancelVideoFrameCallback?.(handle);
      resolve(painted);
    };
    const painted = (_now: number, frame: FrameMetadata): void => {
      const shown = timebase.ordinalAtSeconds(frame.mediaTime);
      lastShown.set(video, shown);
      if (shown === n) finish(true);
      else handle = target.requestVideoFrameCallback?.(painted) ?? 0;
    };
    const seeked = (): void => {
      // A seek inside the frame that is on screen paints nothing new, so nothing more would be reported.
      if (lastShown.get(video) === n) finish(true);
      else timer = window.setTimeout(() => finish(handle === 0), handle > 0 ? PAINT_MS : BLIND_MS);
    };
    if (signal.aborted) return resolve(false);
    video.addEventListener("error", () => finish(false), { signal: listening.signal });
    video.addEventListener("seeked", seeked, { signal: listening.signal });
    signal.addEventListener("abort", () => finish(false), { signal: listening.signal });
    handle = target.requestVideoFrameCallback?.(painted) ?? 0;
    video.currentTime = timebase.seekSeconds(n);
  });
}
