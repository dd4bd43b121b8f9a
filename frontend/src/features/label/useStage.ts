/** The open clip on the stage and on the timeline, and the next one ready behind it. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { frameIndex } from "../../api/queries";
import type { Player } from "../../player/player";
import { PlayerPool } from "../../player/pool";
import type { Ordinal } from "../../player/timebase";
import { Timeline, type TimelineContent, type TimelineEvents } from "../../player/timeline";
import { mediaOf } from "../video/media";
import { usePrefs } from "./prefs";
import type { Clip, ClipRow } from "./types";

export interface StageView {
  readonly hold: (stage: HTMLElement | null) => (() => void) | undefined;
  readonly player: Player | null;
  readonly fps: number;
  readonly frames: number;
  readonly seconds: number;
  readonly error: Error | null;
}

/** The pool lives as long as its element; React calls what `hold` returns when the element goes. */
function usePool(): readonly [PlayerPool | null, (stage: HTMLElement | null) => (() => void) | undefined] {
  const [pool, setPool] = useState<PlayerPool | null>(null);
  const hold = useCallback((stage: HTMLElement | null) => {
    if (stage === null) return undefined;
    const made = new PlayerPool(stage);
    setPool(made);
    return () => {
      made.dispose();
      setPool(null);
    };
  }, []);
  return [pool, hold];
}

export function useStage(slug: string, clip: Clip, next: ClipRow | null): StageView {
  const [pool, hold] = usePool();
  const [player, setPlayer] = useState<Player | null>(null);
  const index = useQuery(frameIndex(slug, clip.video.id));
  const following = useQuery({ ...frameIndex(slug, next?.video.id ?? ""), enabled: next !== null });
  const { id } = clip.video;
  const media = useMemo(() => (index.data === undefined ? null : mediaOf(slug, id, index.data)), [slug, id, index.data]);
  const { start, end } = clip;
  useEffect(() => {
    if (pool === null || media === null) {
      pool?.hide();
      return setPlayer(null);
    }
    const shown = pool.show(id, media, start);
    shown.setLoop(null);
    shown.setBounds({ start: start as Ordinal, end: end as Ordinal });
    shown.seek(start);
    if (usePrefs.getState().autoplay) {
      shown.setLoop({ start: start as Ordinal, end: end as Ordinal });
      shown.play();
    }
    return setPlayer(shown);
  }, [pool, media, id, clip.id, start, end]);
  const ahead = next?.video.id ?? null;
  const from = next?.start ?? 0;
  useEffect(() => {
    if (pool === null || player === null || ahead === null || following.data === undefined) return undefined;
    const { data } = following;
    const timer = setTimeout(() => pool.warm(ahead, mediaOf(slug, ahead, data), from), 150); // the open clip's first picture goes first
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the query's result object is new each time, its data is not
  }, [pool, player, ahead, from, slug, following.data]);
  return { hold, player, fps: index.data?.fps ?? clip.fps, frames: index.data?.frames ?? end, seconds: index.data?.seconds ?? 0, error: index.error };
}

/** One timeline for the screen. It looks at the clip that is open, follows its player, and its events always find the newest handlers. */
export function useTimeline(lane: HTMLElement | null, player: Player | null, clip: Clip, content: TimelineContent, events: TimelineEvents): Timeline | null {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  useEffect(() => {
    if (lane === null) return undefined;
    const made = new Timeline(lane, content, events);
    setTimeline(made);
    return () => {
      made.dispose();
      setTimeline(null);
    };
    // The content is replaced below; events read what is newest by themselves.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [lane]);
  useEffect(() => timeline?.setContent(content), [timeline, content]);
  const { start, end } = clip;
  useEffect(() => timeline?.look(start, end), [timeline, clip.id, start, end, content.count]);
  useEffect(() => {
    if (timeline === null || player === null) return undefined;
    const follow = ({ ordinal, loop }: Player["state"]): void => {
      timeline.setOrdinal(ordinal);
      timeline.setLoop(loop);
    };
    follow(player.state);
    return player.subscribe(follow);
  }, [timeline, player]);
  return timeline;
}
