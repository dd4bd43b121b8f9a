/** The frames, with only the rows in sight in the page: it stays as quick at 100,000 spans as at ten. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo } from "react";
import { Icon } from "../../ui/Icon";
import { count, reasonName, whole } from "../../ui/words";
import type { Cell, Head, Row } from "./grid";
import { isChosen } from "./selection";
import { useDesk } from "./store";
import { TileView } from "./Tile";
import type { Review } from "./useReview";
import type { Span, SpanState, Thresholds } from "./types";
import { iconOf, inUnit, limitOf, limitText, unitOf, valueOf, whyText } from "./words";

export const GAP = 12;
const HEAD = 26;
const FOOT = 26;
const HOUR = 36;
const MANY = 9;

interface GridProps {
  readonly slug: string;
  readonly review: Review;
  readonly columns: number;
  readonly width: number;
  readonly scroller: HTMLDivElement | null;
  readonly busy: boolean;
  /** The limits as they are being changed, for one camera. */
  readonly draft: { readonly camera: string; readonly thresholds: Thresholds } | null;
  readonly onLook: () => void;
}

export function heightOf(row: Row, width: number): number {
  if (row.kind === "hour") return HOUR;
  return (row.heads.length > 0 ? HEAD : 0) + Math.round((width * 9) / 16) + FOOT + GAP;
}

export function Grid({ slug, review, columns, width, scroller, busy, draft, onLook }: GridProps) {
  "use no memo"; // the virtualizer hands out one mutable object, which the compiler must not cache
  const { rows, focused, more, fetchMore } = review;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => {
      const row = rows[index];
      return row === undefined ? 0 : heightOf(row, width);
    },
    overscan: 4,
    paddingStart: 5,
    paddingEnd: 84,
    scrollPaddingStart: HEAD + 8,
    scrollPaddingEnd: 84,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, rows, width]);
  const at = useMemo(() => rows.findIndex((row) => row.kind === "tiles" && row.cells.some((cell) => cell.key === focused?.key)), [rows, focused]);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [virtual, at, columns]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 6) fetchMore();
  }, [more, last, rows.length, fetchMore]);
  return (
    <div
      className="qg"
      role="grid"
      aria-label="Rejected frames"
      aria-multiselectable="true"
      aria-rowcount={rows.length}
      aria-colcount={columns}
      aria-busy={busy}
      aria-activedescendant={focused === undefined ? undefined : idOf(focused)}
      tabIndex={0}
      style={{ height: virtual.getTotalSize() }}
    >
      {items.map((item) => {
        const row = rows[item.index];
        return row === undefined ? null : <RowView key={item.key} slug={slug} row={row} index={item.index} top={item.start} width={width} here={item.index === at} review={review} draft={draft} onLook={onLook} />;
      })}
    </div>
  );
}

export function idOf(cell: Cell): string {
  return `qt-${cell.key.replace(":", "-")}`;
}

interface RowViewProps extends Pick<GridProps, "slug" | "review" | "width" | "draft" | "onLook"> {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly here: boolean;
}

function RowView({ slug, row, index, top, width, here, review, draft, onLook }: RowViewProps) {
  const settling = useDesk((store) => store.settling);
  if (row.kind === "hour")
    return (
      <div className="qg-hour" role="row" aria-rowindex={index + 1} style={{ transform: `translateY(${top}px)` }}>
        <div role="rowheader">
          <span className="b">{row.name}</span>
          <span className="t3">{count(row.cells.reduce((sum, cell) => sum + cell.tile.end - cell.tile.start, 0), "frame")}</span>
        </div>
      </div>
    );
  const stateOf = (cell: Cell): SpanState => (settling !== null && isChosen(settling.selection, cell.part) ? settling.to : cell.span.state);
  return (
    <div className="qg-row" role="rowgroup" style={{ transform: `translateY(${top}px)` }}>
      {row.heads.length > 0 && (
        <div className="qg-heads" role="row">
          {row.heads.map((head) => (
            <HeadView key={head.span.id} head={head} width={width} onTake={() => review.take(review.cells.filter((cell) => cell.span.id === head.span.id))} />
          ))}
        </div>
      )}
      <div className="qg-cells" role="row" aria-rowindex={index + 1}>
        {row.cells.map((cell, column) => (
          <TileView
            key={cell.key}
            slug={slug}
            cell={cell}
            id={idOf(cell)}
            column={column}
            width={width}
            focused={cell.key === review.focused?.key}
            selected={isChosen(review.selection, cell.part)}
            nth={here && column < MANY ? column + 1 : null}
            state={stateOf(cell)}
            passes={draft !== null && cell.span.camera === draft.camera && wouldPass(cell, draft.thresholds)}
            onPoint={(how) => review.point(cell, how)}
            onLook={onLook}
          />
        ))}
      </div>
    </div>
  );
}

function HeadView({ head, width, onTake }: { readonly head: Head; readonly width: number; readonly onTake: () => void }) {
  const { span, columns, column } = head;
  const wide = columns * (width + GAP) - GAP;
  return (
    <div className="qg-head" role="rowheader" style={{ left: column * (width + GAP), width: wide }}>
      {/* The key S does the same for the focused span. */}
      <button type="button" tabIndex={-1} className="ell" onClick={onTake} title={headWords(span)}>
        <span className="b">{count(span.end - span.start, "frame")}</span>
        {columns > 1 && (
          <span className="t3">
            {span.camera_name}
            {columns > 2 && `, ${span.end - span.start === 1 ? whole(span.start) : `${whole(span.start)}–${whole(span.end - 1)}`}`}
          </span>
        )}
      </button>
      {columns > 2 &&
        span.reasons.slice(0, columns > 4 ? 3 : 1).map((entry) => (
          <span key={entry.reason} className="qg-why t2">
            <Icon name={iconOf(entry.reason)} />
            {whyText(span, entry.reason, reasonName(entry.reason))}
          </span>
        ))}
      {columns > 4 && span.reasons.length === 1 && <span className="t3 nw">limit {limitOf(span) === null ? "unknown" : inUnit(limitOf(span) ?? 0, unitOf(span.reason))}</span>}
    </div>
  );
}

function headWords(span: Span): string {
  const reasons = span.reasons.map((entry) => `${whyText(span, entry.reason, reasonName(entry.reason))}, ${limitText(valueOf(entry.reason, entry.threshold, span.fps), unitOf(entry.reason))}`);
  return `${span.video_name}, frames ${whole(span.start)} to ${whole(span.end - 1)}: ${reasons.join("; ")}`;
}

/** Said only where it is certain: one reason, whose new limit this frame no longer passes. */
function wouldPass({ span, tile }: Cell, thresholds: Thresholds): boolean {
  const [only, ...others] = span.reasons;
  if (only === undefined || others.length > 0 || tile.value === null) return false;
  const limit = thresholds[only.reason];
  if (limit === null || limit === undefined) return limit === null;
  return limit > valueOf(only.reason, only.threshold, span.fps) && valueOf(only.reason, tile.value, span.fps) <= limit;
}
