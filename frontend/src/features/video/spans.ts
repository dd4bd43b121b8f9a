/** Rejected stretches as people and keys use them. */
import type { ReasonOut, SpanOut } from "../../api/generated/model";
import type { RejectedSpan } from "../../player/timeline";
import { count, metric, reasonName } from "../../ui/words";

/** Stretches that nobody restored: their frames are out. */
export function standing(spans: readonly SpanOut[]): SpanOut[] {
  return spans.filter((span) => span.state !== "restored");
}

export function reasonText(reason: ReasonOut): string {
  return `${reasonName(reason.reason)} ${metric(reason.value, reason.threshold)}`;
}

export function spansOnTimeline(spans: readonly SpanOut[]): RejectedSpan[] {
  return standing(spans).map((span) => ({
    start: span.start,
    end: span.end,
    label: span.reasons.map(reasonText).slice(0, 2).join(", ") || reasonName(span.reason),
    detail: `${count(span.end - span.start, "frame")} rejected`,
  }));
}

/** The start of the next stretch after n, or of the one before; null when there is none. */
export function neighbour(spans: readonly SpanOut[], n: number, direction: 1 | -1): number | null {
  const starts = standing(spans).map((span) => span.start);
  const found = direction === 1 ? starts.find((start) => start > n) : starts.findLast((start) => start < n);
  return found ?? null;
}

export function spanAt(spans: readonly SpanOut[], n: number): SpanOut | null {
  return standing(spans).find((span) => n >= span.start && n < span.end) ?? null;
}
