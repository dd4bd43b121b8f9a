/** Joins the room to React, to the cache and to the outbox. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { clipDetail } from "../../api/labelling";
import { frameIndex, queryClient } from "../../api/queries";
import { outbox } from "../../outbox";
import { tellError } from "../../ui/toasts";
import { giveBack, nextClip } from "./api";
import { Drafts } from "./drafts";
import { Room, type RoomState } from "./room";

function roomOf(slug: string, user: string): Room {
  const drafts = new Drafts(user);
  return new Room({
    next: (skip, clip, signal) => nextClip(slug, skip, clip, signal),
    known: (id) => queryClient.getQueryData(clipDetail(slug, id).queryKey) ?? null,
    release: (id) => giveBack(slug, id),
    send: ({ clip, base, content, suggestion }) => {
      const segments = content.segments.map((segment) => ({ ...segment, actor: segment.actor ?? null }));
      return outbox.submit({ slug, clip, base, annotation: { ...content, segments }, suggestion });
    },
    left: async (showed) => {
      for (const waits of await outbox.pending(slug)) {
        if (showed({ clip: waits.clip, revision: waits.revision, content: waits.annotation })) outbox.showed(waits);
      }
    },
    waiting: () => outbox.status().waiting,
    draft: (clip) => drafts.of(clip),
    keep: (clip, work) => drafts.keep(clip, work),
    drop: (id) => drafts.drop(id),
    problem: tellError,
  });
}

/** The room of this project, open at `clip` or at whatever comes next, and closed with the screen. */
export function useRoom(slug: string, clip: string | null, user: string): readonly [Room, RoomState] {
  const [room] = useState(() => roomOf(slug, user));
  const state = useSyncExternalStore(room.subscribe, room.state);
  useEffect(() => {
    if (clip !== null || room.state().desk.seat === null) room.open(clip);
  }, [room, clip]);
  useEffect(() => () => room.leave(), [room]);
  return [room, state];
}

const AHEAD = 3;

/** Fetches the clips that come next before they are wanted. */
export function usePrefetch(slug: string, { queue }: RoomState): void {
  const ahead = queue.upcoming.slice(0, AHEAD).map((row) => `${row.id} ${row.video.id}`).join("\n");
  useEffect(() => {
    for (const line of ahead.split("\n").filter(Boolean)) {
      const [id = "", video = ""] = line.split(" ");
      void queryClient.prefetchQuery(clipDetail(slug, id));
      void queryClient.prefetchQuery(frameIndex(slug, video));
    }
  }, [slug, ahead]);
}
