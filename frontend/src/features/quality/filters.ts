/** The filter of the room as it stands in its address, and how it reads. Pure. */
import type { SpanFilter, SpanSort } from "../../api/quality";
import { count, reasonName, whole } from "../../ui/words";
import type { Grouping } from "./grid";
import type { Overview } from "./types";
import { dayText, REASONS } from "./words";

export type StateFilter = "pending" | "confirmed" | "restored" | "all";

export interface QualitySearch {
  readonly camera?: string;
  readonly reason?: string;
  readonly state?: StateFilter;
  readonly video?: string;
  readonly since?: string;
  readonly until?: string;
  readonly hour?: number;
  readonly sort?: SpanSort;
  readonly group?: Grouping;
}

/** Part of an address to change; what is undefined goes. */
export type Change = { readonly [K in keyof QualitySearch]?: string | number | undefined };

/** What leaves of a filter nothing but the state. */
export const WIDE: Change = { camera: undefined, reason: undefined, video: undefined, since: undefined, until: undefined, hour: undefined };

const STATES: ReadonlySet<unknown> = new Set(["pending", "confirmed", "restored", "all"]);
const SORTS: ReadonlySet<unknown> = new Set(["time", "worst", "frames"]);
const GROUPS: ReadonlySet<unknown> = new Set(["span", "hour", "none"]);

/** What of an address makes sense here; the rest is dropped, and what goes without saying is left out. */
export function searchOf(raw: Record<string, unknown>): QualitySearch {
  const text = (name: string): string | undefined => (typeof raw[name] === "string" && raw[name] !== "" ? raw[name] : undefined);
  const [camera, video, since, until] = [text("camera"), text("video"), text("since"), text("until")];
  const reason = (REASONS as readonly unknown[]).includes(raw["reason"]) ? (raw["reason"] as string) : undefined;
  const state = STATES.has(raw["state"]) && raw["state"] !== "pending" ? (raw["state"] as StateFilter) : undefined;
  const sort = SORTS.has(raw["sort"]) && raw["sort"] !== "time" ? (raw["sort"] as SpanSort) : undefined;
  const hour = raw["hour"];
  const group = GROUPS.has(raw["group"]) && raw["group"] !== "span" ? (raw["group"] as Grouping) : undefined;
  return {
    ...(camera === undefined ? {} : { camera }),
    ...(reason === undefined ? {} : { reason }),
    ...(state === undefined ? {} : { state }),
    ...(video === undefined ? {} : { video }),
    ...(since === undefined || Number.isNaN(Date.parse(since)) ? {} : { since }),
    ...(until === undefined || Number.isNaN(Date.parse(until)) ? {} : { until }),
    ...(Number.isInteger(hour) && Number(hour) >= 0 && Number(hour) < 24 ? { hour: Number(hour) } : {}),
    ...(sort === undefined ? {} : { sort }),
    ...(group === undefined ? {} : { group }),
  };
}

/** What the server filters by. Without a word about it, what nobody has decided yet. */
export function filterOf({ camera, reason, state, video, since, until, hour }: QualitySearch): SpanFilter {
  return {
    state: state ?? "pending",
    ...(camera === undefined ? {} : { camera }),
    ...(reason === undefined ? {} : { reason }),
    ...(video === undefined ? {} : { video }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(hour === undefined ? {} : { hour }),
  };
}

/** Hours are only told apart in the order of time. */
export function sortOf({ sort, group }: QualitySearch): SpanSort {
  return group === "hour" ? "time" : (sort ?? "time");
}

/** Whether something narrows the list beyond the state. */
export function isNarrowed({ camera, reason, video, since, until, hour }: QualitySearch): boolean {
  return [camera, reason, video, since, until, hour].some((value) => value !== undefined);
}

const VERBS: Readonly<Record<StateFilter, string>> = { pending: "rejected", confirmed: "confirmed as rejected", restored: "restored", all: "rejected" };

/** `1,204 frames rejected for defocus`. */
export function headline(frames: number, { state, reason }: QualitySearch): string {
  const why = reason === undefined ? "" : ` for ${reasonName(reason).toLowerCase()}`;
  return `${count(frames, "frame")} ${VERBS[state ?? "pending"]}${why}`;
}

/** `in 61 spans, 3 decided`. */
export function underline(spans: number, { state }: QualitySearch, overview: Pick<Overview, "decided"> | undefined): string {
  const decided = overview === undefined || overview.decided === 0 || state !== "all" ? "" : `, ${whole(overview.decided)} decided`;
  return `in ${count(spans, "span")}${decided}`;
}

export interface Period {
  readonly label: string;
  readonly since?: string;
  readonly until?: string;
}

const DAY_MS = 86_400_000;
const DAYS_SHOWN = 10;

/** What of the recorded time can be picked: all of it, its last days, and one day each; counted from the newest footage. */
export function periodsOf(since: string | null, until: string | null): Period[] {
  if (since === null || until === null) return [{ label: "All" }];
  const [first, last] = [Date.parse(since), Date.parse(until) - 1];
  const all: Period = { label: `All, ${rangeText(new Date(first), new Date(last))}` };
  const midnight = Math.floor(last / DAY_MS) * DAY_MS;
  const days: Period[] = [];
  for (let from = midnight; days.length < DAYS_SHOWN && from + DAY_MS > first; from -= DAY_MS) days.push({ label: dayText(new Date(from)), since: iso(from), until: iso(from + DAY_MS) });
  if (days.length < 2) return [all];
  const lately = [7, 30].filter((n) => n * DAY_MS < last - first).map((n): Period => ({ label: `The last ${n} days`, since: iso(midnight - (n - 1) * DAY_MS) }));
  return [all, ...lately, ...days];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** How the picked period reads on its button. */
export function periodText(search: Pick<QualitySearch, "since" | "until">, periods: readonly Period[]): string {
  const same = periods.find((entry) => entry.since === search.since && entry.until === search.until);
  if (same !== undefined) return same.since === undefined ? same.label.replace(/^All, /, "") : same.label;
  const from = search.since === undefined ? "" : dayText(new Date(search.since));
  const to = search.until === undefined ? "" : dayText(new Date(Date.parse(search.until) - 1));
  if (from === "") return `until ${to}`;
  return to === "" ? `since ${from}` : from === to ? from : `${from}–${to}`;
}

function rangeText(first: Date, last: Date): string {
  const [from, to] = [dayText(first), dayText(last)];
  if (from === to) return to;
  return first.getUTCMonth() === last.getUTCMonth() && first.getUTCFullYear() === last.getUTCFullYear() ? `${first.getUTCDate()}–${to}` : `${from}–${to}`;
}
