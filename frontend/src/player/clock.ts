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

/**
 * Puts a paused video on frame n and resolves once that frame is painted: true when the browser reports frame n, or reports nothing at all (the frame
 * was there already); false if the element failed, showed another frame, or `signal` was aborted.
 */
export function seekPainted(video: HTMLVideoElement, timebase: Timebase, n: Ordinal, signal: AbortSignal): Promise<boolean> {
  const target: FrameVideo = video;
  return new Promise((resolve) => {
    const listening = new AbortController();
    let shown: Ordinal | null = null;
    let handle = 0;
    let timer = 0;
    const finish = (painted: boolean): void => {
      listening.abort();
      clearTimeout(timer);
      target.cancelVideoFrameCallback?.(handle);
      resolve(painted);
    };
    const painted = (_now: number, frame: FrameMetadata): void => {
      shown = timebase.ordinalAtSeconds(frame.mediaTime);
      if (shown === n) finish(true);
      else handle = target.requestVideoFrameCallback?.(painted) ?? 0;
    };
    const seeked = (): void => {
      if (shown === n || video.readyState < 2) finish(shown === n);
      else timer = window.setTimeout(() => finish(shown === null || shown === n), handle > 0 ? 250 : 34);
    };
    if (signal.aborted) return resolve(false);
    video.addEventListener("error", () => finish(false), { signal: listening.signal });
    video.addEventListener("seeked", seeked, { signal: listening.signal });
    signal.addEventListener("abort", () => finish(false), { signal: listening.signal });
    handle = target.requestVideoFrameCallback?.(painted) ?? 0;
    video.currentTime = timebase.seekSeconds(n);
  });
}
