/** Joins the framework-free player and timeline to the screen's elements. The frame number goes straight to the page, not through React. */
import { useEffect, useState } from "react";
import { Player, type PlayerMedia, type PlayerState } from "../../player/player";
import type { PlayerHost } from "../../player/pool";
import { Timeline, type TimelineContent } from "../../player/timeline";

export interface Cockpit {
  readonly player: Player;
  readonly timeline: Timeline;
}

/** Builds both once their hosts and the media are there, and takes them down with the screen. */
export function useCockpit(stage: HTMLElement | null, lane: HTMLElement | null, media: PlayerMedia, content: TimelineContent, start: number): Cockpit | null {
  const [cockpit, setCockpit] = useState<Cockpit | null>(null);
  useEffect(() => {
    if (stage === null || lane === null) return undefined;
    const player = new Player(stage, media, start);
    (stage as PlayerHost).player = player;
    const timeline = new Timeline(lane, content, { scrub: (n, resting) => player.seek(n, !resting) });
    const stop = player.subscribe((state) => {
      timeline.setOrdinal(state.ordinal);
      timeline.setLoop(state.loop);
    });
    timeline.setOrdinal(player.state.ordinal);
    setCockpit({ player, timeline });
    return () => {
      stop();
      player.dispose();
      timeline.dispose();
      setCockpit(null);
    };
    // The content is replaced below; a new player is only built for new media.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [stage, lane, media]);
  useEffect(() => cockpit?.timeline.setContent(content), [cockpit, content]);
  return cockpit;
}

/** What changes seldom: playing, speed, loop, path, problem. */
export function usePlayerFacts(player: Player): Pick<PlayerState, "playing" | "rate" | "loop" | "path" | "problem"> {
  const [facts, setFacts] = useState(() => seldom(player.state));
  useEffect(
    () =>
      player.subscribe((state) => {
        setFacts((old) => (same(old, state) ? old : seldom(state)));
      }),
    [player],
  );
  return facts;
}

function seldom({ playing, rate, loop, path, problem }: PlayerState): ReturnType<typeof usePlayerFacts> {
  return { playing, rate, loop, path, problem };
}

function same(a: ReturnType<typeof usePlayerFacts>, b: PlayerState): boolean {
  return a.playing === b.playing && a.rate === b.rate && a.loop === b.loop && a.path === b.path && a.problem === b.problem;
}

/** Writes into an element whenever the frame changes, outside React's rendering. */
export function useOnFrame(player: Player, write: (state: PlayerState) => void): void {
  useEffect(() => {
    write(player.state);
    return player.subscribe(write);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `write` only reads refs
  }, [player]);
}
