/** What the player's keys do within a clip. */
import type { Player, Range } from "../../player/player";
import type { Ordinal } from "../../player/timebase";
import type { Timeline } from "../../player/timeline";
import { performOn } from "../video/deeds";
import { type Bounds, selectedOf, type Work } from "./work";

/** First and last mean the clip's; everything else is as on every other screen. */
export function playKey(id: string, player: Player, timeline: Timeline, clip: Bounds): void {
  if (id === "first") player.seek(clip.start);
  else if (id === "last") player.seek(clip.end - 1);
  else performOn({ player, timeline }, [], id);
}

/** Loops the selected segment, else what is marked, else the clip. */
export function toggleLoop(player: Player, clip: Bounds, work: Work | null): void {
  if (player.state.loop !== null) return player.setLoop(null);
  player.setLoop(loopOf(clip, work) as Range);
  player.play();
}

export function loopOf(clip: Bounds, work: Work | null): { readonly start: number; readonly end: number } {
  const segment = work === null ? null : selectedOf(work);
  if (segment !== null) return { start: segment.start, end: segment.end };
  return { start: work?.markIn ?? clip.start, end: work?.markOut ?? clip.end };
}

/** How long a stretch lasts, by its own timestamps. */
export function secondsOf(timebase: { readonly startSeconds: (n: Ordinal) => number; readonly durationSeconds: number; readonly count: number }, { start, end }: Bounds): number {
  const until = end < timebase.count ? timebase.startSeconds(end as Ordinal) : timebase.durationSeconds;
  return until - timebase.startSeconds(start as Ordinal);
}
