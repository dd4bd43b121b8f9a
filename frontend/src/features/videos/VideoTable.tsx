/** The table, with only the rows in sight in the page: it stays as quick at 100,000 videos as at ten. */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { VideoListParams } from "../../api/generated/model";
import { keyCap, useKeymap } from "../../app/keymap";
import { bindShortcuts } from "../../player/shortcuts";
import { LIST_ACTIONS, ROOM_ACTIONS, rowAfter } from "./actions";
import { type Movable, MoveDialog } from "./MoveDialog";
import { useFootage } from "./useFootage";
import { useRowFocus } from "./useRowFocus";
import { GhostLine, VideoLine } from "./VideoLine";

const ROW = 56;
/** Where the list was left, so that the way back from a video leads to its row. */
const left = { list: "", index: 0 };

export function VideoTable({ slug, filter }: { readonly slug: string; readonly filter: VideoListParams }) {
  "use no memo"; // the virtualizer hands out one mutable object, which the compiler must not cache
  const body = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, last: 0 });
  const [margin, setMargin] = useState(0);
  const [moving, setMoving] = useState<Movable | null>(null);
  const { head, total, rowAt } = useFootage(slug, filter, seen.first, seen.last);
  useLayoutEffect(() => {
    const room = body.current?.closest("main");
    if (body.current === null || room === null || room === undefined) return;
    setMargin(body.current.getBoundingClientRect().top - room.getBoundingClientRect().top + room.scrollTop);
  }, [total]);
  const list = JSON.stringify([slug, filter]);
  const row = useRowFocus({ total, start: left.list === list ? left.index : 0, list: body, scrollTo: (index) => rows.scrollToIndex(index) });
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => document.getElementById("room"),
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin: margin,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const kept = row.current;
      return !row.holds.current || kept >= total || shown.includes(kept) ? shown : [...shown, kept].toSorted((a, b) => a - b); // what has the focus stays in the page
    },
    onChange: ({ range }) => {
      if (range !== null && (range.startIndex !== seen.first || range.endIndex !== seen.last)) setSeen({ first: range.startIndex, last: range.endIndex });
    },
  });
  const press = useRef<(id: string) => void>(() => undefined);
  useEffect(() => {
    press.current = (id) => row.focus(row.holds.current ? rowAfter(id, row.current, total, Math.max(1, Math.floor((rows.scrollRect?.height ?? ROW) / ROW) - 2)) : row.current);
    left.index = row.current;
  });
  const remap = useKeymap((store) => store.remap);
  useEffect(() => bindShortcuts(window, LIST_ACTIONS, remap, (id) => press.current(id)), [remap]);
  useEffect(() => {
    const back = left.list === list && left.index > 0 && [document.body, document.getElementById("room")].includes(document.activeElement as HTMLElement);
    left.list = list;
    if (back) press.current("");
    return row.leave;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when this list is opened and left
  }, [list]);
  return (
    <div className="panel vt" role="grid" aria-label="Videos" aria-rowcount={total + 1} aria-busy={head.isPlaceholderData}>
      <div role="rowgroup">
        <div className="vr vh" role="row" aria-rowindex={1}>
          <span role="columnheader">Video</span>
          <span role="columnheader" className="h1">
            Recorded
          </span>
          <span role="columnheader" className="num h2">
            Length
          </span>
          <span role="columnheader" className="num h1">
            Frames
          </span>
          <span role="columnheader">State</span>
          <span role="columnheader" className="h2">
            Rejected over time
          </span>
          <span role="columnheader" className="num h2">
            Rejected
          </span>
        </div>
      </div>
      <div role="rowgroup" ref={body} style={{ height: rows.getTotalSize(), position: "relative" }}>
        {rows.getVirtualItems().map((item) => {
          const found = rowAt(item.index);
          const place = { top: item.start - margin, index: item.index, current: item.index === row.current };
          return found === undefined ? <GhostLine key={item.key} {...place} /> : <VideoLine key={found.id} slug={slug} row={found} onMove={() => setMoving(found)} {...place} />;
        })}
      </div>
      {moving !== null && <MoveDialog slug={slug} row={moving} undo={keyCap(ROOM_ACTIONS, remap, "vUndo")} onClose={() => setMoving(null)} />}
    </div>
  );
}

