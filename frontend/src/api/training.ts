/** What Train and Models ask of the server. A run is asked for again only while it is under way, the list of them now and then. */
import { queryOptions } from "@tanstack/react-query";
import { model as modelGet, modelMisread, models as modelsGet, trainingPreflight, trainingRun, trainingRuns, trainingSummary } from "./generated/client";
import type { RunState } from "./generated/model";
import { queryClient } from "./queries";

/** How often a run is looked at while it works, in milliseconds. */
export const RUN_MS = 2_000;
/** How often it is looked whether somebody, or a command, has started one. */
const IDLE_MS = 10_000;
const UNDER_WAY: ReadonlySet<RunState> = new Set(["queued", "features", "training"]);

export function underWay(state: RunState | undefined): boolean {
  return state !== undefined && UNDER_WAY.has(state);
}

export const preflight = (slug: string) =>
  queryOptions({
    queryKey: ["p", slug, "training", "preflight"],
    queryFn: ({ signal }) => trainingPreflight(slug, { signal }),
    refetchInterval: ({ state }) => ((state.data?.blocked ?? "") === "" ? false : IDLE_MS),
  });

/** What Home says of learning; looked at again while a run is on, and now and then in case one begins. */
export const learning = (slug: string) =>
  queryOptions({
    queryKey: ["p", slug, "training", "summary"],
    queryFn: ({ signal }) => trainingSummary(slug, { signal }),
    refetchInterval: ({ state }) => ((state.data?.running ?? null) === null ? IDLE_MS : RUN_MS),
  });

export const runs = (slug: string, limit: number) =>
  queryOptions({
    queryKey: ["p", slug, "training", "runs", limit],
    queryFn: ({ signal }) => trainingRuns(slug, { limit }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some((row) => underWay(row.state)) === true ? RUN_MS : IDLE_MS),
  });

export const run = (slug: string, number: number) =>
  queryOptions({
    queryKey: ["p", slug, "training", "run", number],
    queryFn: ({ signal }) => trainingRun(slug, number, { signal }),
    refetchInterval: ({ state }) => (underWay(state.data?.state) ? RUN_MS : false),
  });

export const models = (slug: string) => queryOptions({ queryKey: ["p", slug, "models"], queryFn: ({ signal }) => modelsGet(slug, { signal }) });

export const model = (slug: string, number: number) => queryOptions({ queryKey: ["p", slug, "models", number], queryFn: ({ signal }) => modelGet(slug, number, { signal }) });

export const misread = (slug: string, number: number, truth: string, said: string, limit: number) =>
  queryOptions({ queryKey: ["p", slug, "models", number, "misread", truth, said, limit], queryFn: ({ signal }) => modelMisread(slug, number, { truth, said, limit }, { signal }) });

/** After a run was started, stopped, gone on with or has ended, and after another model speaks. */
export function trainingChanged(slug: string): Promise<unknown> {
  return Promise.all(["training", "models", "labelling"].map((part) => queryClient.invalidateQueries({ queryKey: ["p", slug, part] })));
}
