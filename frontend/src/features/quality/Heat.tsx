/** The share of frames rejected, by camera and hour of the day. A cell narrows the list to its camera and hour. */
import { type KeyboardEvent, useRef, useState } from "react";
import { share as shareText } from "../../ui/words";
import { cellWords, HOURS, hourText, moved, shadeOf, topOf } from "./heat";
import type { HeatRow } from "./types";

interface HeatProps {
  readonly rows: readonly HeatRow[];
  readonly since: string;
  readonly camera: string | undefined;
  readonly hour: number | undefined;
  readonly onPick: (camera: string, hour: number | undefined) => void;
}

export function Heat({ rows, since, camera, hour, onPick }: HeatProps) {
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const body = useRef<HTMLDivElement>(null);
  const top = topOf(rows);
  const walk = (event: KeyboardEvent, from: readonly [number, number]): void => {
    const to = moved(event.key, from, rows.length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(to);
    body.current?.querySelector<HTMLElement>(`[data-at="${to[0]} ${to[1]}"]`)?.focus();
  };
  return (
    <section aria-label="Rejected by camera and hour">
      <div className="qi-hd">
        <h2>Rejected by camera and hour</h2>
        <span className="end t3 sm">{since}</span>
      </div>
      <div className="qh" ref={body}>
        <div className="qh-hours" aria-hidden="true">
          {[0, 6, 12, 18].map((tick) => (
            <span key={tick}>{hourText(tick)}</span>
          ))}
        </div>
        {rows.map((row, r) => (
          <div key={row.camera} className={row.camera === camera ? "qh-row on" : "qh-row"} role="group" aria-label={row.name}>
            <button type="button" className="ell" aria-pressed={row.camera === camera && hour === undefined} title={row.name} onClick={() => onPick(row.camera, undefined)}>
              {row.name}
            </button>
            {Array.from({ length: HOURS }, (_, h) => {
              const part = row.share[h] ?? null;
              const shade = shadeOf(part, top);
              const words = cellWords(row.name, h, part);
              return (
                <button
                  key={h}
                  type="button"
                  className={shade === null ? "qh-cell none" : `qh-cell s${shade}`}
                  aria-label={words}
                  title={words}
                  aria-pressed={row.camera === camera && hour === h}
                  tabIndex={at[0] === r && at[1] === h ? 0 : -1}
                  data-at={`${r} ${h}`}
                  onFocus={() => setAt([r, h])}
                  onKeyDown={(event) => walk(event, [r, h])}
                  onClick={() => onPick(row.camera, h)}
                />
              );
            })}
          </div>
        ))}
        <div className="qh-key" aria-hidden="true">
          0&nbsp;%
          {[0, 1, 2, 3, 4, 5].map((shade) => (
            <i key={shade} className={`qh-cell s${shade}`} />
          ))}
          {shareText(top)} of frames
        </div>
      </div>
    </section>
  );
}
