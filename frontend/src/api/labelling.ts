/** What the label set, Home and the conflict ask of the labelling API. */
import { queryOptions } from "@tanstack/react-query";
import type { Clip, ClipRow, LabelClass, LabelSet, LabellingSummary } from "../features/label/types";
import { http } from "./http";
import { queryClient } from "./queries";

export interface ClassChange {
  readonly name?: string;
  readonly description?: string;
  readonly hotkey?: string;
  readonly position?: number;
  readonly archived?: boolean;
}

export interface Summary extends LabellingSummary {
  readonly by_class: readonly { readonly label: string; readonly count: number }[];
}

const at = (slug: string, path: string): string => `/api/projects/${slug}/${path}`;
const JSON_BODY = { "Content-Type": "application/json" };

export const labelSet = (slug: string) => queryOptions({ queryKey: ["p", slug, "label-set"], queryFn: ({ signal }) => http<LabelSet>(at(slug, "label-set"), { signal }) });

export const summary = (slug: string) => queryOptions({ queryKey: ["p", slug, "labelling"], queryFn: ({ signal }) => http<Summary>(at(slug, "labelling/summary"), { signal }) });

export const clipDetail = (slug: string, id: string) => queryOptions({ queryKey: ["p", slug, "clip", id], queryFn: ({ signal }) => http<Clip>(at(slug, `clips/${id}`), { signal }) });

/** The clip that the queue gives next. */
export const nextOpen = (slug: string) =>
  queryOptions({ queryKey: ["p", slug, "labelling", "next"], queryFn: ({ signal }) => http<{ readonly items: readonly ClipRow[] }>(at(slug, "clips?state=open&limit=1"), { signal }) });

export function classAdd(slug: string, name: string): Promise<LabelClass> {
  return http(at(slug, "label-set/classes"), { method: "POST", headers: JSON_BODY, body: JSON.stringify({ name }) });
}

export function classChange(slug: string, id: string, change: ClassChange): Promise<LabelClass> {
  return http(at(slug, `label-set/classes/${id}`), { method: "PATCH", headers: JSON_BODY, body: JSON.stringify(change) });
}

/** After a class has changed on the server. */
export function classesChanged(slug: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["p", slug, "label-set"] });
}

/** After a label has reached the server: counts are asked for again when a screen that shows them opens, not a request a label. */
export function labelsChanged(slug: string): void {
  for (const part of ["label-set", "labelling"]) void queryClient.invalidateQueries({ queryKey: ["p", slug, part], refetchType: "none" });
}
