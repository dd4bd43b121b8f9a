/** One metric of a camera's frames and the limit in it: a handle that takes arrows, and a pointer. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { reasonName, whole } from "../../ui/words";
import { barsOf, limitAt, nudged, placeOf, ticksOf } from "./histogram";
import type { GateMetric } from "./types";
import { limitText, limitWords, plain } from "./words";

interface HistogramProps {
  readonly metric: GateMetric;
  /** The limit as it is being changed. */
  readonly limit: number | null;
  /** Frames out by this rule before and after; null while it is counted. */
  readonly before: number;
  readonly after: number | null;
  readonly locked: boolean;
  readonly onChange: (limit: number | null) => void;
  readonly onLeave: () => void;
  readonly onApply: () => void;
}

const FILLS = { kept: "var(--text-3)", rejected: "var(--bad)", recovered: "var(--accent-text)" } as const;

export function Histogram({ metric, limit, before, after, locked, onChange, onLeave, onApply }: HistogramProps) {
  const plot = useRef<HTMLDivElement>(null);
  const changed = limit !== metric.threshold;
  const name = reasonName(metric.reason);
  const at = placeOf(limit, metric);
  // What the handle takes goes no further; every other key means what it means in the room.
  const keys = (event: KeyboardEvent): void => {
    const held = event.ctrlKey || event.metaKey;
    const next = held || event.altKey ? undefined : nudged(limit, event.key, event.shiftKey, metric, metric.unit);
    if (held && event.key === "Enter") onApply();
    else if (event.key === "Escape" && !held) onLeave();
    else if (next === undefined) return;
    else if (!locked) onChange(next);
    event.preventDefault();
    event.stopPropagation();
  };
  const drag = (event: PointerEvent): void => {
    const box = plot.current?.getBoundingClientRect();
    if (box === undefined || locked || event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = (event.clientX - box.left) / box.width;
    onChange(limitAt(place > 1 && place < 1.02 ? 1 : place, metric, metric.unit));
  };
  return (
    <div className="qm">
      <div className="qm-hd">
        <span className="b">{name}</span>
        <span className="t3 sm ell">
          {limitText(limit, metric.unit)}
          {changed && `, was ${metric.threshold === null ? "off" : plain(metric.threshold, metric.unit)}`}
        </span>
        <span className="end sm nw t2">
          <span className="qm-w">Rejected </span>
          {changed ? (
            <b className="qm-effect">
              {whole(before)} → {after === null ? "…" : whole(after)}
            </b>
          ) : (
            <b>{whole(before)}</b>
          )}
        </span>
      </div>
      <div className="qm-plot" ref={plot} onPointerDown={drag} onPointerMove={drag}>
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          {barsOf(metric, metric.threshold, limit).map((bar, i) => (
            <g key={i} fill={FILLS[bar.fate]}>
              {bar.height > bar.kept && <rect x={bar.x} y={1 - bar.height} width={bar.width * 0.86} height={bar.height - bar.kept} fill="var(--bad)" opacity={0.5} />}
              <rect x={bar.x} y={1 - bar.kept} width={bar.width * 0.86} height={bar.kept} opacity={bar.fate === "kept" ? 0.55 : 1} />
            </g>
          ))}
        </svg>
        {changed && metric.threshold !== null && <i className="qm-was" style={{ left: `${placeOf(metric.threshold, metric) * 100}%` }} />}
        <div
          className={limit === null ? "qm-handle off" : "qm-handle"}
          role="slider"
          tabIndex={0}
          data-reason={metric.reason}
          aria-label={`${name} limit`}
          aria-valuemin={metric.lo}
          aria-valuemax={metric.hi}
          aria-valuenow={limit ?? metric.hi}
          aria-valuetext={limitWords(limit, metric.threshold, metric.unit)}
          aria-disabled={locked || undefined}
          style={{ left: `${at * 100}%` }}
          onKeyDown={keys}
        />
      </div>
      <div className="qm-ticks" aria-hidden="true">
        {ticksOf(metric, metric.unit).map((tick) => (
          <span key={tick.at} style={{ left: `${tick.at * 100}%` }}>
            {tick.text}
          </span>
        ))}
      </div>
    </div>
  );
}
