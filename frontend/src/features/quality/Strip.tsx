/** The frame in focus among its neighbours, each with its number: why it was rejected and they were not. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { neighbours as neighboursQuery } from "../../api/quality";
import { stillUrl } from "../../api/queries";
import { keyCap, useKeymap } from "../../app/keymap";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { reasonName, whole } from "../../ui/words";
import { QUALITY_ACTIONS } from "./actions";
import { type Cell, placed, REACH, timeOf } from "./grid";
import { useDesk } from "./store";
import type { Neighbour, Neighbours } from "./types";
import { beside, instantText, inUnit, limitOf, unitOf, valueOf, whyText } from "./words";

interface StripProps {
  readonly slug: string;
  readonly cell: Cell;
  readonly onLook: () => void;
}

const REST_MS = 140;

export function Strip({ slug, cell, onLook }: StripProps) {
  const remap = useKeymap((store) => store.remap);
  const working = useDesk((store) => store.working > 0);
  const rested = useRested(cell.key);
  const { data } = useQuery({ ...neighboursQuery(slug, cell.span.id, cell.tile.frame), enabled: rested && !working, placeholderData: (before) => (before?.video === cell.span.video && before.reason === cell.span.reason ? before : undefined) });
  const { span, tile } = cell;
  const unit = unitOf(span.reason);
  const at = timeOf(span, tile.frame);
  const limit = limitOf(span);
  return (
    <section className="qn" aria-label="Neighbouring frames">
      <div className="qn-hd">
        <h2>Frame {whole(tile.frame)}</h2>
        <span className="t3 ell">
          {span.camera_name}
          {at !== null && `, ${instantText(at)}`}
        </span>
        {tile.value !== null && (
          <span className="chip bad">
            {whyText(span, span.reason, reasonName(span.reason), tile.value)}
          </span>
        )}
        <span className="t3 sm ell qn-usual">
          {limit !== null && `limit ${inUnit(limit, unit)}`}
          {span.usual !== null && `, usual for this camera ${inUnit(valueOf(span.reason, span.usual, span.fps), unit)}`}
        </span>
        <span className="end">
          <Button size="xs" look="ghost" icon="play" keys={keyCap(QUALITY_ACTIONS, remap, "qLook")} onClick={onLook}>
            Play around it
          </Button>
        </span>
      </div>
      <ol className="qn-strip">{data === undefined ? <Shape /> : placed(data.items, tile.frame).map(({ frame, item }) => <One key={`${data.video} ${frame}`} slug={slug} item={item} here={data.around === tile.frame} data={data} around={tile.frame} fps={span.fps} />)}</ol>
    </section>
  );
}

/** Whether the focus has rested, so that a held arrow asks for nothing on its way. */
function useRested(key: string): boolean {
  const [rested, setRested] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), REST_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return rested === key;
}

function Shape() {
  return Array.from({ length: 2 * REACH + 1 }, (_, i) => (
    <li key={i}>
      <span className="qn-pic skel" />
      <span />
    </li>
  ));
}

interface OneProps {
  readonly slug: string;
  readonly item: Neighbour | null;
  /** Whether all neighbours are here, so that one that is missing is none. */
  readonly here: boolean;
  readonly data: Neighbours;
  readonly around: number;
  readonly fps: number;
}

function One({ slug, item, here, data, around, fps }: OneProps) {
  if (item === null)
    return (
      <li className="none">
        <span className="qn-pic" />
        <span>{here ? "–" : ""}</span>
      </li>
    );
  const off = item.frame - around;
  const name = off === 0 ? whole(item.frame) : `${off > 0 ? "+" : "−"}${Math.abs(off)}`;
  const value = item.value === null ? "" : beside(valueOf(data.reason, item.value, fps), data.threshold === null ? null : valueOf(data.reason, data.threshold, fps), unitOf(data.reason));
  const over = item.value !== null && data.threshold !== null && item.value > data.threshold;
  return (
    <li className={off === 0 ? "here" : item.inside ? "in" : ""}>
      <img className="qn-pic" src={`${stillUrl(slug, data.video, item.frame)}?height=360`} alt={`Frame ${whole(item.frame)}${item.rejected ? ", rejected" : ""}`} draggable={false} />
      <span>{name}</span>
      <span className={over ? "out" : ""}>
        {item.rejected && <Icon name="x" className="bad" />}
        {value}
      </span>
    </li>
  );
}
