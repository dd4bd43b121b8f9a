/** What the screens ask the server, each with its key, so that a change knows what to fetch again. */
import { MutationCache, QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { cameraList, projectActivity, sessionGet, videoDetail, videoIndex, videoList, videoQuality } from "./generated/client";
import type { SessionOut, VideoListParams } from "./generated/model";
import { ApiError } from "./http";

const ONCE_MORE = 1;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: heed }),
  mutationCache: new MutationCache({ onError: heed }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server decided stays decided; only a lost connection or a broken server is asked again.
      retry: (failures, error) => failures < ONCE_MORE && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      retryDelay: 800,
    },
  },
});

/** How often to look again while something works, in milliseconds. */
export const LIVE_MS = 1_000;

/** Who works here. `expired`: the session ended under this page, and what is shown stays theirs until somebody signs in. */
export type Session = SessionOut & { readonly expired?: boolean };

export function standing(before: Session | undefined, now: SessionOut): Session {
  return now.user === null && before !== undefined && before.user !== null ? { ...before, expired: true } : now;
}

export const session = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: async ({ signal }): Promise<Session> => standing(queryClient.getQueryData<Session>(["session"]), await sessionGet({ signal })),
    staleTime: 60_000,
  });

/** Asks who the server takes us for, as when it has answered that it knows nobody. */
export function sessionInDoubt(): void {
  void queryClient.invalidateQueries({ queryKey: ["session"] });
}

function heed(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) sessionInDoubt();
}

/** What people did lately; of these verbs only. */
export const activity = (slug: string, verbs: readonly string[], limit: number) =>
  queryOptions({ queryKey: ["p", slug, "activity", limit], queryFn: ({ signal }) => projectActivity(slug, { verbs: verbs.join(","), limit }, { signal }) });

export const cameras = (slug: string) => queryOptions({ queryKey: ["p", slug, "cameras"], queryFn: ({ signal }) => cameraList(slug, { signal }) });

export const videos = (slug: string, params: VideoListParams) =>
  queryOptions({ queryKey: ["p", slug, "videos", params], queryFn: ({ signal }) => videoList(slug, params, { signal }) });

export const video = (slug: string, id: string) =>
  queryOptions({ queryKey: ["p", slug, "video", id], queryFn: ({ signal }) => videoDetail(slug, id, { signal }) });

export const frameIndex = (slug: string, id: string) =>
  queryOptions({ queryKey: ["p", slug, "video", id, "index"], queryFn: ({ signal }) => videoIndex(slug, id, { signal }), staleTime: Number.POSITIVE_INFINITY });

export const quality = (slug: string, id: string) =>
  queryOptions({ queryKey: ["p", slug, "video", id, "quality"], queryFn: ({ signal }) => videoQuality(slug, id, {}, { signal }) });

/** Everything that a video's coming, going or retry may change. */
export function footageChanged(slug: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["p", slug] });
}

export function fileUrl(slug: string, id: string, name: string): string {
  return `/api/projects/${slug}/videos/${id}/files/${name}`;
}

export function stillUrl(slug: string, id: string, n: number): string {
  return `/api/projects/${slug}/videos/${id}/frames/${n}.jpg`;
}

/** Videos that are still on their way in. */
export function working(byState: Readonly<Record<string, number>>): number {
  return (byState["registered"] ?? 0) + (byState["working"] ?? 0);
}
