/** The table, with only the rows in sight in the page: it stays as quick at 100,000 videos as at ten. */
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import { videoRemove, videoRestore, videoRetry } from "../../api/generated/client";
import type { VideoListParams, VideoRow } from "../../api/generated/model";
import { footageChanged } from "../../api/queries";
import { useHere } from "../../app/session";
import { Button, State } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { length, moment, percent, whole } from "../../ui/words";
import { Poster } from "./Poster";
import { Sparkline } from "./Sparkline";
import { StateCell } from "./StateCell";
import { useFootage } from "./useFootage";

const ROW = 56;
const MUCH = 0.1;

export function VideoTable({ slug, filter }: { readonly slug: string; readonly filter: VideoListParams }) {
  "use no memo"; // the virtualizer hands out one mutable object, which the compiler must not cache
  const body = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, last: 0 });
  const [margin, setMargin] = useState(0);
  const { head, total, rowAt } = useFootage(slug, filter, seen.first, seen.last);
  useLayoutEffect(() => {
    const room = body.current?.closest("main");
    if (body.current === null || room === null || room === undefined) return;
    setMargin(body.current.getBoundingClientRect().top - room.getBoundingClientRect().top + room.scrollTop);
  }, [total]);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => document.getElementById("room"),
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin: margin,
    onChange: ({ range }) => {
      if (range !== null && (range.startIndex !== seen.first || range.endIndex !== seen.last)) setSeen({ first: range.startIndex, last: range.endIndex });
    },
  });
  return (
    <section className="panel vt" role="table" aria-label="Videos" aria-rowcount={total + 1} aria-busy={head.isPlaceholderData}>
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
          const row = rowAt(item.index);
          const top = item.start - margin;
          return row === undefined ? <GhostRow key={item.key} top={top} index={item.index} /> : <Row key={row.id} slug={slug} row={row} top={top} index={item.index} />;
        })}
      </div>
    </section>
  );
}

function GhostRow({ top, index }: { readonly top: number; readonly index: number }) {
  return (
    <div className="vr" role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)` }}>
      <span role="cell" className="vname">
        <span className="poster skel" />
        <span className="skel line" />
      </span>
    </div>
  );
}

interface RowProps {
  readonly slug: string;
  readonly row: VideoRow;
  readonly top: number;
  readonly index: number;
}

function Row({ slug, row, top, index }: RowProps) {
  const navigate = useNavigate();
  const open = row.state === "ready";
  const failed = row.state === "failed";
  const share = row.frames === 0 ? 0 : row.rejected_frames / row.frames;
  return (
    // The name is the link that keys reach; a click anywhere in the row is a convenience of the mouse.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className={open ? "vr open" : "vr"}
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        if (open && !(event.target as Element).closest("a, button")) void navigate({ to: "/p/$slug/videos/$id", params: { slug, id: row.id } });
      }}
    >
      <span role="cell" className="vname">
        <Poster slug={slug} row={row} />
        <span className="grow">
          {failed ? (
            <span className="nm ell">{row.name}</span>
          ) : (
            <Link className="nm ell" to="/p/$slug/videos/$id" params={{ slug, id: row.id }}>
              {row.name}
            </Link>
          )}
          <span className="sm t3 ell">{row.camera.name}</span>
        </span>
      </span>
      <span role="cell" className="t2 nw h1">
        {row.recorded_at === null ? <span className="t3">–</span> : moment(row.recorded_at)}
      </span>
      {failed ? (
        <Failure slug={slug} row={row} />
      ) : (
        <>
          <span role="cell" className="num h2">
            {open ? length(row.seconds) : <span className="t3">–</span>}
          </span>
          <span role="cell" className="num t2 h1">
            {open ? whole(row.frames) : <span className="t3">–</span>}
          </span>
          <span role="cell">
            <StateCell row={row} />
          </span>
          <span role="cell" className="h2">
            {!open ? <span className="t3 sm">after scoring</span> : row.rejected_over_time.length === 0 ? <span className="t3">–</span> : <Sparkline parts={row.rejected_over_time} />}
          </span>
          <span role="cell" className={share > MUCH ? "num bad h2" : "num h2"}>
            {open ? percent(row.rejected_frames, row.frames) : <span className="t3">–</span>}
          </span>
        </>
      )}
    </div>
  );
}

/** The sentence that says what is wrong and the two ways on, in the row itself. */
function Failure({ slug, row }: { readonly slug: string; readonly row: VideoRow }) {
  const { may } = useHere();
  const { retry, remove } = useVideoDeeds(slug, row);
  return (
    <span role="cell" className="vfail">
      <State tone="bad">Failed</State>
      <span className="t2 sm grow sentence" title={row.sentence}>
        {row.sentence}
      </span>
      {may("reviewer") && (
        <>
          <Button size="xs" busy={retry.isPending} onClick={() => retry.mutate()}>
            Try again
          </Button>
          <Button size="xs" look="ghost" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove
          </Button>
        </>
      )}
    </span>
  );
}

/** Retry and remove. Removing asks nothing, because it can be taken back. */
export function useVideoDeeds(slug: string, row: Pick<VideoRow, "id" | "name">) {
  const changed = (): Promise<void> => footageChanged(slug);
  const restore = useMutation({ mutationFn: () => videoRestore(slug, row.id), onSuccess: changed, onError: tellError });
  const retry = useMutation({ mutationFn: () => videoRetry(slug, row.id), onSuccess: changed, onError: tellError });
  const remove = useMutation({
    mutationFn: () => videoRemove(slug, row.id),
    onSuccess: () => {
      tell(`${row.name} removed`, { name: "Bring back", run: () => restore.mutate() });
      return changed();
    },
    onError: tellError,
  });
  return { retry, remove };
}
