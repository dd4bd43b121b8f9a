/** A rejected frame at its true colour, with its number and what was decided about it. */
import type { MouseEvent } from "react";
import { Icon } from "../../ui/Icon";
import { count, reasonName, whole } from "../../ui/words";
import { type Cell, timeOf } from "./grid";
import { Picture } from "./Picture";
import type { SpanState } from "./types";
import { chipText, clockText, iconOf, limitOf, valueOf } from "./words";

interface TileProps {
  readonly slug: string;
  readonly cell: Cell;
  readonly id: string;
  readonly column: number;
  readonly width: number;
  readonly focused: boolean;
  readonly selected: boolean;
  /** The key that takes it or lets it go, while its row has the focus. */
  readonly nth: number | null;
  readonly state: SpanState;
  /** Whether the gate as it is being changed would let this frame in. */
  readonly passes: boolean;
  readonly onPoint: (how: "look" | "take" | "stretch") => void;
  readonly onLook: () => void;
}

const VERDICTS = { confirmed: "Confirmed", restored: "Restored" } as const;

export function TileView({ slug, cell, id, column, width, focused, selected, nth, state, passes, onPoint, onLook }: TileProps) {
  const { span, tile } = cell;
  const frames = tile.end - tile.start;
  const classes = ["qt", focused ? "foc" : "", selected ? "sel" : "", state === "confirmed" ? "gone" : ""].filter(Boolean).join(" ");
  const limit = limitOf(span);
  const over = tile.value === null || limit === null || valueOf(span.reason, tile.value, span.fps) > limit;
  const press = (event: MouseEvent): void => {
    const tick = (event.target as Element).closest(".qt-tick") !== null;
    if (focused && !tick && matchMedia("(pointer: coarse)").matches) return onLook();
    onPoint(event.shiftKey ? "stretch" : tick || event.ctrlKey || event.metaKey ? "take" : "look");
  };
  return (
    // The grid answers the keys; a click is what a mouse has for the same.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div id={id} className={classes} role="gridcell" tabIndex={-1} aria-colindex={column + 1} aria-selected={selected} style={{ width }} onClick={press} onDoubleClick={onLook}>
      <div className="qt-im">
        <Picture slug={slug} span={span} tile={tile} width={width} />
        <span className="sr">
          Frame {whole(tile.frame)}
          {frames > 1 && ` for ${count(frames, "frame")}`}
        </span>
        <span className="qt-tick" aria-hidden="true">
          {selected && <Icon name="check" />}
        </span>
        {nth !== null && (
          <kbd className="qt-nth" aria-hidden="true">
            {nth}
          </kbd>
        )}
        {state !== "pending" && (
          <span className="qt-said">
            <Icon name={state === "restored" ? "undo" : "check"} />
            {VERDICTS[state]}
          </span>
        )}
        {state === "pending" && passes && <span className="qt-said passes">Would pass</span>}
      </div>
      <div className="qt-mt">
        <span className="ell">{clock(cell)}</span>
        {frames > 1 && (
          <span className="qt-of" aria-hidden="true">
            ×{whole(frames)}
          </span>
        )}
        <span className={over ? "chip" : "chip under"} title={over ? undefined : `Under the limit of ${reasonName(span.reason).toLowerCase()}: out for another reason, or between frames that are out`}>
          <Icon name={iconOf(span.reason)} />
          <span className="sr">{reasonName(span.reason)}</span>
          {chipText(span, tile)}
        </span>
      </div>
    </div>
  );
}

/** `08:12:41`, or the frame's number where no time is known. */
export function clock({ span, tile }: Cell): string {
  const at = timeOf(span, tile.frame);
  return at === null ? whole(tile.frame) : clockText(at);
}
