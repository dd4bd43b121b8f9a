/** What the label screen asks the server. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "../../api/http";
import type { Clip, LabelClass, LabellingSummary, LabelSet, NextClip } from "./types";

const JSON_TYPE = { "Content-Type": "application/json" };

function base(slug: string): string {
  return `/api/projects/${slug}`;
}

export const labelSet = (slug: string) =>
  queryOptions({ queryKey: ["p", slug, "label-set"], queryFn: ({ signal }) => http<LabelSet>(`${base(slug)}/label-set`, { signal }), staleTime: 30_000 });

export const clipDetail = (slug: string, id: string) =>
  queryOptions({ queryKey: ["p", slug, "clip", id], queryFn: ({ signal }) => http<Clip>(`${base(slug)}/clips/${id}`, { signal }), staleTime: 60_000 });

export const labellingSummary = (slug: string) =>
  queryOptions({ queryKey: ["p", slug, "labelling"], queryFn: ({ signal }) => http<LabellingSummary>(`${base(slug)}/labelling/summary`, { signal }) });

/** The next clip to label, or `clip` by name; null when nothing is left. */
export async function queueNext(slug: string, skip: readonly string[], clip: string | null, signal: AbortSignal): Promise<NextClip | null> {
  const body = JSON.stringify(clip === null ? { skip } : { skip, clip });
  return (await http<NextClip | undefined>(`${base(slug)}/queue/next`, { method: "POST", headers: JSON_TYPE, body, signal })) ?? null;
}

export async function queueRelease(slug: string, clip: string): Promise<void> {
  await http(`${base(slug)}/queue/${clip}/release`, { method: "POST", keepalive: true });
}

export function classAdd(slug: string, name: string): Promise<LabelClass> {
  return http<LabelClass>(`${base(slug)}/label-set/classes`, { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ name }) });
}

/** The newest clip in a state that is not open, to look through it again. */
export async function firstIn(slug: string, state: "uncertain" | "rejected" | "labelled"): Promise<string | null> {
  const { items } = await http<{ readonly items: readonly { readonly id: string }[] }>(`${base(slug)}/clips?state=${state}&limit=1`);
  return items[0]?.id ?? null;
}
