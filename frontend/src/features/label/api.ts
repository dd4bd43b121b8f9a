/** What the label screen asks the server beyond what other screens ask too. */
import { clips, queueNext, queueRelease } from "../../api/generated/client";
import type { ClipState } from "../../api/generated/model";
import type { NextClip } from "./types";

/** The next clip to label, or `clip` by name; null when nothing is left. */
export async function nextClip(slug: string, skip: readonly string[], clip: string | null, signal: AbortSignal): Promise<NextClip | null> {
  return (await queueNext(slug, { skip: [...skip], clip }, { signal })) ?? null;
}

/** A lease that is not given back runs out by itself, so a failure is no one's concern. */
export function giveBack(slug: string, clip: string): void {
  queueRelease(slug, clip, { keepalive: true }).catch(() => undefined);
}

export async function firstIn(slug: string, state: ClipState): Promise<string | null> {
  const { items } = await clips(slug, { state, limit: 1 });
  return items[0]?.id ?? null;
}
