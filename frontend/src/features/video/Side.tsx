/** Beside the picture: what this video is, what was lost, and every rejected stretch with its reason. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import type { QualityOut, SpanOut, VideoOut } from "../../api/generated/model";
import { useHere } from "../../app/session";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { count, length, metric, moment, percent, reasonName, size, whole } from "../../ui/words";
import { MoveDialog } from "../videos/MoveDialog";
import { reasonText, standing } from "./spans";

interface SideProps {
  readonly row: VideoOut;
  readonly quality: QualityOut;
  readonly onShow: (n: number) => void;
}

export function Side({ row, quality, onShow }: SideProps) {
  return (
    <aside className="side" aria-label="About this video">
      <section>
        <h1 className="side-name">{row.name}</h1>
        <From row={row} />
        <dl className="facts">
          {row.recorded_at !== null && <Fact name="Recorded" value={moment(row.recorded_at)} />}
          <Fact name="Length" value={`${length(row.seconds)}, ${count(row.frames, "frame")}`} />
          <Fact name="Picture" value={`${row.width} × ${row.height}, ${Number(row.fps.toFixed(2))} fps`} />
          <Fact name="File" value={`${row.codec.toUpperCase()}, ${size(row.bytes)}${row.had_audio ? ", its sound is not kept" : ""}`} />
        </dl>
      </section>
      {(row.damaged || row.damage.length > 0) && <Damage row={row} onShow={onShow} />}
      <Rejected quality={quality} onShow={onShow} />
    </aside>
  );
}

/** The camera, and the way to another one. */
function From({ row }: { readonly row: VideoOut }) {
  const { slug, may } = useHere();
  const [moving, setMoving] = useState(false);
  return (
    <div className="t2 side-from">
      <span>
        {row.camera.name}, {row.camera.site}
      </span>
      {may("reviewer") && (
        <Button size="xs" look="ghost" label="Move to another camera" onClick={() => setMoving(true)}>
          Move
        </Button>
      )}
      {moving && <MoveDialog slug={slug} row={row} onClose={() => setMoving(false)} />}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Damage({ row, onShow }: { readonly row: VideoOut; readonly onShow: (n: number) => void }) {
  return (
    <section>
      <div className="cap">
        <Icon name="warn" className="warn" />
        What was lost
      </div>
      <ul className="damage">
        {row.damage.map((entry) => (
          <li key={`${entry.kind}-${entry.first_frame}`}>
            {entry.sentence}
            {entry.first_frame >= 0 && entry.first_frame < row.frames && (
              <button type="button" className="link" onClick={() => onShow(entry.first_frame)}>
                Show frame {whole(entry.first_frame)}
              </button>
            )}
          </li>
        ))}
        {row.damage.length === 0 && <li>{row.sentence}</li>}
      </ul>
    </section>
  );
}

function Rejected({ quality, onShow }: { readonly quality: QualityOut; readonly onShow: (n: number) => void }) {
  const spans = standing(quality.spans);
  return (
    <section className="rejects">
      <div className="cap">
        Rejected
        <span className="end nw">
          {whole(quality.rejected_frames)} of {count(quality.frames, "frame")}, {percent(quality.rejected_frames, quality.frames)}
        </span>
      </div>
      {spans.length === 0 ? <p className="t2">Every frame passed the camera’s quality gate.</p> : <SpanList spans={spans} onShow={onShow} />}
    </section>
  );
}

const LINE = 48;

/** A flickering lamp can leave thousands of stretches; only those in sight are in the page. */
function SpanList({ spans, onShow }: { readonly spans: readonly SpanOut[]; readonly onShow: (n: number) => void }) {
  "use no memo"; // the virtualizer hands out one mutable object, which the compiler must not cache
  const room = useRef<HTMLDivElement>(null);
  const lines = useVirtualizer({ count: spans.length, getScrollElement: () => room.current, estimateSize: () => LINE, overscan: 6 });
  return (
    <div className="span-room" ref={room}>
      <ul style={{ height: lines.getTotalSize() }}>
        {lines.getVirtualItems().map((item) => {
          const span = spans[item.index];
          return span === undefined ? null : (
            <li key={span.id} style={{ transform: `translateY(${item.start}px)` }}>
              <button type="button" className="span-line" onClick={() => onShow(span.start)}>
                <span className="b ell">{span.reasons.map(reasonText).join(", ") || reasonName(span.reason)}</span>
                <span className="t2 num">
                  {span.end - span.start === 1 ? whole(span.start) : `${whole(span.start)}–${whole(span.end - 1)}`}
                </span>
                <span className="t3 sm ell">{limitText(span)}</span>
                <span className="t3 sm num">{count(span.end - span.start, "frame")}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Which limit the first reason broke, from which side. */
function limitText(span: SpanOut): string {
  const first = span.reasons[0];
  if (first === undefined) return "";
  return `${first.value < first.threshold ? "below" : "above"} the limit of ${metric(first.threshold)}`;
}
