import { expect, test } from "vitest";
import { seekPainted } from "./clock";
import { type Ordinal, Timebase } from "./timebase";

/** A <video> of which the test says when it paints which media time. */
function screen(): { readonly video: HTMLVideoElement; readonly paint: (seconds: number) => void } {
  const video = document.createElement("video");
  const asked: ((now: number, frame: { mediaTime: number }) => void)[] = [];
  Object.assign(video, {
    requestVideoFrameCallback: (done: (now: number, frame: { mediaTime: number }) => void) => asked.push(done),
    cancelVideoFrameCallback: () => undefined,
  });
  return { video, paint: (mediaTime) => asked.splice(0).forEach((done) => done(0, { mediaTime })) };
}

const timebase = new Timebase([[0, 3600, 100]], { num: 1, den: 90_000 });

test("a seek is done when the frame itself is painted, not one before it", async () => {
  const { video, paint } = screen();
  let done: boolean | null = null;
  const seek = seekPainted(video, timebase, 10 as Ordinal, new AbortController().signal).then((painted) => (done = painted));
  paint(0.36);
  await Promise.resolve();
  expect(done).toBeNull();
  paint(0.4);
  await seek;
  expect(done).toBe(true);
  expect(video.currentTime).toBeCloseTo(0.42);
});

test("a seek that was given up painted nothing", async () => {
  const giveUp = new AbortController();
  const seek = seekPainted(screen().video, timebase, 10 as Ordinal, giveUp.signal);
  giveUp.abort();
  expect(await seek).toBe(false);
});
