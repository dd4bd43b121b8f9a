/** How many labels came in each of the last hours, and how they came about. */
import { useState } from "react";
import type { SummaryOut } from "../../api/generated/model";
import { count, whole } from "../../ui/words";
import { axisTop, type Hour, hoursUpTo } from "./hours";

const SHOWN = 12;
const PARTS = [
  { key: "imported", name: "Imported", className: "imported" },
  { key: "byHand", name: "By hand", className: "hand" },
  { key: "fixed", name: "Fixed", className: "fixed" },
  { key: "accepted", name: "Accepted", className: "accepted" },
] as const;

export function Hours({ data }: { readonly data: SummaryOut }) {
  const [now] = useState(() => new Date());
  const hours = hoursUpTo(now, data.hours, SHOWN);
  const all = hours.reduce((sum, hour) => sum + hour.all, 0);
  const top = axisTop(Math.max(...hours.map((hour) => hour.all)));
  return (
    <section className="panel">
      <header>
        <h2>Labels an hour, all of us</h2>
        <span className="end lg sm t2" aria-hidden="true">
          {PARTS.toReversed().map((part) => (
            <span key={part.key} className="row">
              <i className={`hour-key ${part.className}`} />
              {part.name}
            </span>
          ))}
        </span>
      </header>
      {all === 0 ? (
        <p className="t2 pad">No label in the last {SHOWN} hours.</p>
      ) : (
        <div className="hours">
          <ol className="hour-axis num" aria-hidden="true">
            {[1, 2 / 3, 1 / 3, 0].map((part) => (
              <li key={part}>{whole(top * part)}</li>
            ))}
          </ol>
          <ol className="hour-bars">
            {hours.map((hour) => (
              <Bar key={hour.clock} hour={hour} top={top} />
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

function Bar({ hour, top }: { readonly hour: Hour; readonly top: number }) {
  const clock = String(hour.clock).padStart(2, "0");
  return (
    <li>
      <span className="sr">
        {clock}:00, {count(hour.all, "label")}: {hour.accepted} accepted, {hour.fixed} fixed, {hour.byHand} by hand, {hour.imported} imported
      </span>
      <span className="hour-bar" aria-hidden="true" title={`${clock}:00, ${count(hour.all, "label")}`}>
        {PARTS.map((part) => hour[part.key] > 0 && <i key={part.key} className={part.className} style={{ height: `${(hour[part.key] / top) * 100}%` }} />)}
      </span>
      <span className="num" aria-hidden="true">
        {clock}
      </span>
    </li>
  );
}
