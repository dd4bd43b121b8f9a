/** One video of the list. The row itself takes the focus; its keys open it, move it to another camera, and try again or remove what failed. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { VideoRow } from "../../api/generated/model";
import { keyCap, useKeymap } from "../../app/keymap";
import { useHere } from "../../app/session";
import { bindShortcuts } from "../../player/shortcuts";
import { Button, State } from "../../ui/parts";
import { length, moment, percent, whole } from "../../ui/words";
import { ROW_ACTIONS } from "./actions";
import { useVideoDeeds } from "./deeds";
import { isMovable } from "./MoveDialog";
import { Poster } from "./Poster";
import { Sparkline } from "./Sparkline";
import { StateCell } from "./StateCell";

const MUCH = 0.1;

interface PlaceProps {
  readonly top: number;
  readonly index: number;
  /** The one row that Tab reaches. */
  readonly current: boolean;
}

interface LineProps extends PlaceProps {
  readonly slug: string;
  readonly row: VideoRow;
  readonly onMove: () => void;
}

export function GhostLine({ top, index, current }: PlaceProps) {
  return (
    <div className="vr" role="row" aria-rowindex={index + 2} data-index={index} tabIndex={current ? 0 : -1} style={{ transform: `translateY(${top}px)` }}>
      <span role="gridcell" aria-label="Loading" className="vname">
        <span className="poster skel" />
        <span className="skel line" />
      </span>
    </div>
  );
}

export function VideoLine({ slug, row, top, index, current, onMove }: LineProps) {
  const navigate = useNavigate();
  const { may } = useHere();
  const { retry, removal } = useVideoDeeds(slug, row);
  const line = useRef<HTMLDivElement>(null);
  const remap = useKeymap((store) => store.remap);
  const failed = row.state === "failed";
  const open = (): void => void navigate({ to: "/p/$slug/videos/$id", params: { slug, id: row.id } });
  const movable = may("reviewer") && isMovable(row);
  const deeds = { vOpen: open, ...(movable ? { vMove: onMove } : {}), ...(failed && may("reviewer") ? { vRemove: () => removal.isPending || removal.mutate(), ...(row.again ? { vRetry: () => retry.isPending || retry.mutate() } : {}) } : {}) };
  const perform = useRef(deeds);
  useEffect(() => {
    perform.current = deeds;
  });
  useEffect(() => {
    if (line.current === null) return undefined;
    return bindShortcuts(line.current, ROW_ACTIONS, remap, (id) => (perform.current as Readonly<Record<string, () => unknown>>)[id]?.());
  }, [remap]);
  return (
    // The keys of the row are bound above.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className="vr open"
      role="row"
      ref={line}
      aria-rowindex={index + 2}
      data-index={index}
      tabIndex={current ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        if (!(event.target as Element).closest("a, button")) open();
      }}
    >
      <span role="gridcell" className="vname">
        <Poster slug={slug} row={row} />
        <span className="grow">
          <Link className="nm ell" tabIndex={-1} to="/p/$slug/videos/$id" params={{ slug, id: row.id }}>
            {row.name}
          </Link>
          <span className="sm t3 ell">{row.camera.name}</span>
        </span>
        {movable && <MoveButton current={current} onMove={onMove} />}
      </span>
      <span role="gridcell" className="t2 nw h1">
        {row.recorded_at === null ? <span className="t3">–</span> : moment(row.recorded_at)}
        <span className="sm t3 block">added {moment(row.created_at)}</span>
      </span>
      {failed ? (
        <span role="gridcell" className="vfail">
          <State tone="bad">Failed</State>
          <span className="t2 sm grow sentence" title={row.sentence}>
            {row.sentence}
          </span>
          {may("reviewer") && <FailedDeeds again={row.again} current={current} retry={retry} removal={removal} />}
        </span>
      ) : (
        <Facts row={row} />
      )}
    </div>
  );
}

/** Only there while the row is pointed at or has the focus. */
function MoveButton({ current, onMove }: { readonly current: boolean; readonly onMove: () => void }) {
  const remap = useKeymap((store) => store.remap);
  return (
    <span className="vmove">
      <Button size="xs" look="ghost" label="Move to another camera" keys={current ? keyCap(ROW_ACTIONS, remap, "vMove") : undefined} tabIndex={current ? 0 : -1} onClick={onMove}>
        Move
      </Button>
    </span>
  );
}

function Facts({ row }: { readonly row: VideoRow }) {
  const ready = row.state === "ready";
  const none = <span className="t3">–</span>;
  const share = row.frames === 0 ? 0 : row.rejected_frames / row.frames;
  return (
    <>
      <span role="gridcell" className="num h2">
        {ready ? length(row.seconds) : none}
      </span>
      <span role="gridcell" className="num t2 h1">
        {ready ? whole(row.frames) : none}
      </span>
      <span role="gridcell">
        <StateCell row={row} />
      </span>
      <span role="gridcell" className="h2">
        {!ready ? <span className="t3 sm">after scoring</span> : row.rejected_over_time.length === 0 ? none : <Sparkline parts={row.rejected_over_time} />}
      </span>
      <span role="gridcell" className={share > MUCH ? "num bad h2" : "num h2"}>
        {ready ? percent(row.rejected_frames, row.frames) : none}
      </span>
    </>
  );
}

type Deeds = ReturnType<typeof useVideoDeeds>;

interface FailedDeedsProps extends Deeds {
  readonly again: boolean;
  readonly current: boolean;
}

/** The two ways on, in the row itself: trying again only where it can end differently. */
function FailedDeeds({ again, current, retry, removal }: FailedDeedsProps) {
  const remap = useKeymap((store) => store.remap);
  const keys = (id: string): string | undefined => (current ? keyCap(ROW_ACTIONS, remap, id) : undefined);
  const reach = current ? 0 : -1;
  return (
    <>
      {again && (
        <Button size="xs" tabIndex={reach} keys={keys("vRetry")} busy={retry.isPending} onClick={() => retry.mutate()}>
          Try again
        </Button>
      )}
      <Button size="xs" look="ghost" tabIndex={reach} keys={keys("vRemove")} busy={removal.isPending} onClick={() => removal.mutate()}>
        Remove
      </Button>
    </>
  );
}
