/** What Settings, Home and a conflict ask of the labelling API. */
import { queryOptions } from "@tanstack/react-query";
import { clip, clips, labellingSummary, labelSet as labelSetGet } from "./generated/client";
import { queryClient } from "./queries";

export const labelSet = (slug: string) => queryOptions({ queryKey: ["p", slug, "label-set"], queryFn: ({ signal }) => labelSetGet(slug, { signal }), staleTime: 30_000 });

export const summary = (slug: string) => queryOptions({ queryKey: ["p", slug, "labelling"], queryFn: ({ signal }) => labellingSummary(slug, { signal }) });

export const clipDetail = (slug: string, id: string) => queryOptions({ queryKey: ["p", slug, "clip", id], queryFn: ({ signal }) => clip(slug, id, { signal }), staleTime: 60_000 });

/** The clip that the queue gives next, as the only item. */
export const nextOpen = (slug: string) => queryOptions({ queryKey: ["p", slug, "labelling", "next"], queryFn: ({ signal }) => clips(slug, { state: "open", limit: 1 }, { signal }) });

/** After a class has changed on the server. */
export function classesChanged(slug: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["p", slug, "label-set"] });
}

/** After a label has reached the server: counts are asked for again when a screen that shows them opens, not a request a label. */
export function labelsChanged(slug: string): void {
  for (const part of ["label-set", "labelling"]) void queryClient.invalidateQueries({ queryKey: ["p", slug, part], refetchType: "none" });
}
