/** What the quality room asks of the server. */
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Gate, Thresholds, Unit } from "../features/quality/types";
import { gate as gateGet, gateEffect as gateEffectPost, gatePut, qualityNeighbours, qualityOverview, qualityReview, qualityReviewUndo, qualitySpans } from "./generated/client";
import type { GateOut, GateThresholds, ReviewIn, SpanPage, SpanState } from "./generated/model";
import { queryClient } from "./queries";

/** How often a gate is looked at while videos are judged again, in milliseconds. */
const JUDGING_MS = 1_500;
const SPANS_A_PAGE = 100;
/** Decisions change no verdict; what the gate makes of them may wait for a pause between them, in milliseconds. */
const GATE_RESTS_MS = 3_000;
let gateTimer: ReturnType<typeof setTimeout> | undefined;

export interface SpanFilter {
  readonly camera?: string;
  readonly reason?: string;
  readonly state?: "pending" | "confirmed" | "restored" | "all";
  readonly video?: string;
  readonly since?: string;
  readonly until?: string;
  /** Of the day, 0 to 23, by the recorder's clock. */
  readonly hour?: number;
}

export type SpanSort = "time" | "worst" | "frames";

export const overview = (slug: string, filter: SpanFilter) =>
  queryOptions({ queryKey: ["p", slug, "review", "overview", filter], queryFn: ({ signal }) => qualityOverview(slug, filter, { signal }), placeholderData: keepPreviousData });

export const spans = (slug: string, filter: SpanFilter, sort: SpanSort) =>
  infiniteQueryOptions({
    queryKey: ["p", slug, "review", "spans", filter, sort],
    queryFn: ({ signal, pageParam }) => qualitySpans(slug, { ...filter, sort, limit: SPANS_A_PAGE, offset: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (last: SpanPage, pages: readonly SpanPage[]) => {
      const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && loaded < last.total ? loaded : undefined;
    },
  });

export const neighbours = (slug: string, span: string, around: number) =>
  queryOptions({
    queryKey: ["p", slug, "review", "around", span, around],
    queryFn: async ({ signal }) => ({ ...(await qualityNeighbours(slug, span, { around }, { signal })), around }),
    staleTime: 60_000,
  });

/** Gives up asking what lies around a frame: the span that it is asked of may be cut in others before the answer. */
export async function neighboursLeft(slug: string): Promise<void> {
  await queryClient.cancelQueries({ queryKey: ["p", slug, "review", "around"] });
}

export const gate = (slug: string, camera: string) =>
  queryOptions({
    queryKey: ["p", slug, "review", "gate", camera],
    queryFn: async ({ signal }) => gateOf(await gateGet(slug, camera, { signal })),
    refetchInterval: ({ state }) => ((state.data?.judging.waiting ?? 0) > 0 ? JUDGING_MS : false),
  });

export const gateEffect = (slug: string, camera: string, revision: number, thresholds: Thresholds) =>
  queryOptions({
    queryKey: ["p", slug, "review", "effect", camera, revision, thresholds],
    queryFn: ({ signal }) => gateEffectPost(slug, camera, { thresholds: thresholds as unknown as GateThresholds }, { signal }),
    staleTime: 30_000,
  });

/** Raises ApiError with status 412 where the gate is at another revision by now. */
export async function gateApply(slug: string, camera: string, revision: number, thresholds: Thresholds): Promise<Gate> {
  return gateOf(await gatePut(slug, camera, { thresholds: thresholds as unknown as GateThresholds }, { headers: { "If-Match": `"${revision}"` } }));
}

/** The rooms go through the rules by their names. */
function gateOf(told: GateOut): Gate {
  return { ...told, thresholds: { ...told.thresholds }, defaults: { ...told.defaults }, metrics: told.metrics.map((metric) => ({ ...metric, unit: metric.unit as Unit })) };
}

export const review = (slug: string, body: ReviewIn) => qualityReview(slug, body);

export const reviewUndo = (slug: string, id: string) => qualityReviewUndo(slug, id);

/** Loaded pages once whole spans are decided: where the filter holds them no more they are gone, else in their new state. */
export function settled(pages: readonly SpanPage[], filter: SpanFilter, ids: ReadonlySet<string>, to: SpanState): SpanPage[] {
  const stays = filter.state === undefined || filter.state === "all" || filter.state === to;
  if (stays) return pages.map((page) => ({ ...page, items: page.items.map((span) => (ids.has(span.id) ? { ...span, state: to } : span)) }));
  const gone = pages.flatMap((page) => page.items.filter(({ id }) => ids.has(id)));
  const frames = gone.reduce((sum, span) => sum + span.end - span.start, 0);
  return pages.map((page) => ({ ...page, total: page.total - gone.length, frames: page.frames - frames, items: page.items.filter(({ id }) => !ids.has(id)) }));
}

/** Shows a decision about whole spans in every list that is loaded, before any of them is fetched again. */
export async function spansSettled(slug: string, ids: ReadonlySet<string>, to: SpanState): Promise<void> {
  const lists = { queryKey: ["p", slug, "review", "spans"] };
  // What is on its way was asked for before the decision.
  await queryClient.cancelQueries(lists);
  for (const [key, data] of queryClient.getQueriesData<InfiniteData<SpanPage, number>>(lists)) {
    if (data !== undefined) queryClient.setQueryData<InfiniteData<SpanPage, number>>(key, { ...data, pages: settled(data.pages, key[4] as SpanFilter, ids, to) });
  }
}

/**
 * Loaded pages with one of them anew. `fresh` begins with the last span of the page before, if there is one, and reaches
 * over the page: where it does not join to its neighbours, more has changed than that page, and null is the answer.
 */
export function renewed(pages: readonly SpanPage[], at: number, fresh: SpanPage): SpanPage[] | null {
  const [before, after] = [pages[at - 1]?.items.at(-1)?.id, pages[at + 1]?.items[0]?.id];
  if (before !== undefined && fresh.items[0]?.id !== before) return null;
  const start = before === undefined ? 0 : 1;
  const end = after === undefined ? start + SPANS_A_PAGE : fresh.items.findIndex(({ id }) => id === after);
  if (end < start) return null;
  return pages.map((page, i) => ({ ...page, total: fresh.total, frames: fresh.frames, items: i === at ? fresh.items.slice(start, end) : page.items }));
}

/** Fetches again the one page in sight that held these spans, which were cut. False where that does not do, and all have to be. */
export async function pageRenewed(slug: string, ids: ReadonlySet<string>): Promise<boolean> {
  const lists = { queryKey: ["p", slug, "review", "spans"] };
  const [query, ...others] = queryClient.getQueryCache().findAll({ ...lists, type: "active" });
  if (query === undefined || others.length > 0) return false;
  const [filter, sort] = query.queryKey.slice(4) as [SpanFilter, SpanSort];
  await queryClient.cancelQueries(lists);
  const data = query.state.data as InfiniteData<SpanPage, number> | undefined;
  const at = data?.pages.findIndex((page) => page.items.some(({ id }) => ids.has(id))) ?? -1;
  // Pieces stay where their span was only in the order of time.
  if (data === undefined || data.pages.length < 2 || at === -1 || sort !== "time" || data.pages.some((page, i) => i > at && page.items.some(({ id }) => ids.has(id)))) return false;
  const loaded = data.pages.slice(0, at).reduce((sum, page) => sum + page.items.length, 0);
  const fresh = await qualitySpans(slug, { ...filter, sort, limit: 2 * SPANS_A_PAGE, offset: Math.max(0, loaded - 1) }).catch(() => null);
  const pages = fresh === null ? null : renewed(data.pages, at, fresh);
  if (pages !== null) queryClient.setQueryData(query.queryKey, { ...data, pages });
  return pages !== null;
}

/** After a decision: the list at once, the counts beside it when it is there, the gate once decisions rest. */
export async function spansChanged(slug: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ["p", slug, "review", "spans"] });
  void verdictsChanged(slug, ["spans", "gate", "effect"]);
  clearTimeout(gateTimer);
  gateTimer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: ["p", slug, "review", "gate"] }), GATE_RESTS_MS);
}

/** After a gate's change: whatever shows a verdict, but for these parts of the room. */
export async function verdictsChanged(slug: string, besides: readonly string[] = []): Promise<void> {
  // A span may be cut in others by now: what lies around a frame is asked for by whoever shows it next.
  void queryClient.invalidateQueries({ queryKey: ["p", slug, "review", "around"], refetchType: "none" });
  const left = new Set<unknown>(["around", ...besides]);
  await queryClient.invalidateQueries({ queryKey: ["p", slug], predicate: ({ queryKey }) => !(queryKey[2] === "review" && left.has(queryKey[3])) });
}
