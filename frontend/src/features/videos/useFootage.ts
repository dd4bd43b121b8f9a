/** A list of up to 100,000 videos, fetched a page at a time as it scrolls into sight, live while something works. */
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import type { VideoListParams, VideoRow } from "../../api/generated/model";
import { LIVE_MS, videos, working } from "../../api/queries";

export const PAGE = 100;

export function useFootage(slug: string, filter: VideoListParams, first: number, last: number) {
  const head = useQuery({
    ...videos(slug, { ...filter, limit: PAGE, offset: 0 }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (working(state.data?.by_state ?? {}) > 0 ? LIVE_MS : false),
  });
  const total = head.data?.total ?? 0;
  const live = working(head.data?.by_state ?? {}) > 0;
  const from = Math.max(1, Math.floor(first / PAGE));
  const to = Math.min(Math.floor(Math.max(0, total - 1) / PAGE), Math.floor(last / PAGE));
  const pages = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  const rest = useQueries({
    queries: pages.map((page) => ({ ...videos(slug, { ...filter, limit: PAGE, offset: page * PAGE }), refetchInterval: live ? LIVE_MS : (false as const) })),
  });
  const rowAt = (index: number): VideoRow | undefined => {
    const page = Math.floor(index / PAGE);
    const items = page === 0 ? head.data?.items : rest[pages.indexOf(page)]?.data?.items;
    return items?.[index % PAGE];
  };
  return { head, total, rowAt };
}
