/** Reasons, their numbers and their limits as a person reads them. Every rule rejects what lies above its limit. */
import type { IconName } from "../../ui/Icon";
import { reasonName } from "../../ui/words";
import type { Span, Thresholds, Tile, Unit } from "./types";

export const REASONS = ["defocus", "motion_blur", "too_dark", "overexposed", "glare", "covered", "freeze", "flicker", "noise"] as const;

const ICONS: Readonly<Record<string, IconName>> = {
  defocus: "blur",
  motion_blur: "motion",
  too_dark: "moon",
  overexposed: "sun",
  glare: "glare",
  covered: "cover",
  freeze: "freeze",
  flicker: "flicker",
  noise: "grain",
};

export function iconOf(reason: string): IconName {
  return ICONS[reason] ?? "info";
}

export function unitOf(reason: string): Unit {
  if (reason === "freeze") return "seconds";
  return reason === "flicker" || reason === "noise" ? "levels" : "score";
}

/** Digits after the point that a number of this unit is told with; a step of the limit is one of the last. */
export function digitsOf(unit: Unit): number {
  return unit === "score" ? 2 : 1;
}

const SIGNS: Readonly<Record<Unit, string>> = { score: "", seconds: " s", levels: " levels" };

/** `0.71`, `3.2 s`, `26.1 levels`. */
export function inUnit(value: number, unit: Unit): string {
  return `${plain(value, unit)}${SIGNS[unit]}`;
}

/** The same without its unit. */
export function plain(value: number, unit: Unit): string {
  return value.toFixed(digitsOf(unit)).replace("-", "−");
}

/** A frame's number in the unit of its limit: a freeze is counted in frames and told in seconds. */
export function valueOf(reason: string, value: number, fps: number): number {
  return reason === "freeze" && fps > 0 ? value / fps : value;
}

/** What a tile's chip says. */
export function chipText(span: Span, tile: Tile): string {
  if (tile.value === null) return "";
  const unit = unitOf(span.reason);
  const told = beside(valueOf(span.reason, tile.value, span.fps), limitOf(span), unit);
  return unit === "seconds" ? `${told} s` : told;
}

/** A number that is told beside its limit: with one more digit where it passed the limit and would look like it. */
export function beside(value: number, limit: number | null, unit: Unit): string {
  const text = plain(value, unit);
  return limit !== null && text === plain(limit, unit) && value > limit ? value.toFixed(digitsOf(unit) + 1) : text;
}

/** `Defocus 0.71`, `Freeze 3.2 s`: why a span is out, or its frame where a value is given. */
export function whyText(span: Span, reason: string, name: string, given?: number): string {
  const unit = unitOf(reason);
  const found = span.reasons.find((entry) => entry.reason === reason);
  const value = given ?? found?.value;
  if (value === undefined) return name;
  const limit = found === undefined ? null : valueOf(reason, found.threshold, span.fps);
  return `${name} ${beside(valueOf(reason, value, span.fps), limit, unit)}${SIGNS[unit]}`;
}

/** The limit that the span's main reason passed, in its unit. */
export function limitOf(span: Span): number | null {
  const main = span.reasons.find((entry) => entry.reason === span.reason);
  return main === undefined ? null : valueOf(span.reason, main.threshold, span.fps);
}

/** `above 0.50`, `longer than 2.0 s`, `off`. */
export function limitText(limit: number | null, unit: Unit): string {
  if (limit === null) return "off";
  return `${unit === "seconds" ? "longer than" : "above"} ${inUnit(limit, unit)}`;
}

/** What a slider says of itself: `above 0.50, was 0.62`. */
export function limitWords(limit: number | null, was: number | null, unit: Unit): string {
  const now = limit === null ? "off, rejects nothing" : limitText(limit, unit);
  return limit === was ? now : `${now}, was ${was === null ? "off" : plain(was, unit)}`;
}

/** The rules that differ, in their usual order; the bridged gap last. */
export function changesOf(was: Thresholds, now: Thresholds): string[] {
  return [...REASONS, "bridge"].filter((name) => (was[name] ?? null) !== (now[name] ?? null));
}

/** `Defocus above 0.62` for a rule, for what is told of a gate in one line. */
export function ruleText(name: string, limit: number | null): string {
  if (name === "bridge") return bridgeText(limit ?? 0);
  return `${reasonName(name)} ${limitText(limit, unitOf(name))}`;
}

export function bridgeText(frames: number): string {
  if (frames <= 1) return "No gap is closed";
  return frames === 2 ? "A gap of 1 frame is rejected too" : `Gaps of up to ${frames - 1} frames are rejected too`;
}

/** A recorder writes its own clock and no zone. It is kept as UTC, and shown as it stands in the picture. */
const CLOCK = { timeZone: "UTC" } as const;

/** `14 Oct`. */
export function dayText(at: Date): string {
  return at.toLocaleDateString("en-GB", { ...CLOCK, day: "numeric", month: "short" });
}

/** `08:12:41`. */
export function clockText(at: Date): string {
  return at.toLocaleTimeString("en-GB", CLOCK);
}

/** `14 Oct, 08:12:41.733`. */
export function instantText(at: Date): string {
  return `${dayText(at)}, ${clockText(at)}.${String(at.getUTCMilliseconds()).padStart(3, "0")}`;
}
