/** Stage, transport, timeline and facts, with every key of the player. */
import { useNavigate } from "@tanstack/react-router";
import { type CSSProperties, useEffect, useMemo, useRef, useState } from "react";
import type { IndexOut, QualityOut, VideoOut } from "../../api/generated/model";
import { useKeymap } from "../../app/keymap";
import type { PlayerMedia } from "../../player/player";
import { bindShortcuts, PLAYER_ACTIONS } from "../../player/shortcuts";
import type { Ordinal } from "../../player/timebase";
import type { TimelineContent } from "../../player/timeline";
import { Icon } from "../../ui/Icon";
import { footage, percent } from "../../ui/words";
import { GoTo } from "./GoTo";
import { performOn } from "./deeds";
import { Lane } from "./Lane";
import { mediaOf } from "./media";
import { Side } from "./Side";
import { spansOnTimeline } from "./spans";
import { Transport } from "./Transport";
import { useFilmstrip } from "./useFilmstrip";
import { useCockpit, useOnFrame, usePlayerFacts } from "./usePlayer";

interface CockpitProps {
  readonly slug: string;
  readonly row: VideoOut;
  readonly index: IndexOut;
  readonly quality: QualityOut;
  readonly start: number;
}

const LANES = 86;

export function Cockpit({ slug, row, index, quality, start }: CockpitProps) {
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [lane, setLane] = useState<HTMLElement | null>(null);
  const [going, setGoing] = useState(false);
  const filmstrip = useFilmstrip(slug, row.id);
  const { id } = row;
  const media = useMemo((): PlayerMedia => mediaOf(slug, id, index), [slug, id, index]);
  const content = useMemo((): TimelineContent => ({ count: index.frames, spans: spansOnTimeline(quality.spans), filmstrip, lanes: LANES }), [index, quality, filmstrip]);
  const cockpit = useCockpit(stage, lane, media, content, start);
  const remap = useKeymap((store) => store.remap);
  useEffect(() => {
    if (cockpit === null) return undefined;
    return bindShortcuts(window, PLAYER_ACTIONS, remap, (deed) => (deed === "goto" ? setGoing(true) : performOn(cockpit, quality.spans, deed)));
  }, [cockpit, remap, quality]);
  useFrameInAddress(cockpit?.player ?? null);
  return (
    <div className="cockpit">
      <section className="stage" aria-label="Picture">
        <div className="pic" ref={setStage} style={shapeOf(media.aspect)} />
        {cockpit !== null && <Hud cockpit={cockpit} quality={quality} />}
      </section>
      <div className="trans" role="toolbar" aria-label="Player">
        {cockpit !== null && <Transport cockpit={cockpit} spans={quality.spans} onGoTo={() => setGoing(true)} />}
      </div>
      <Side row={row} quality={quality} onShow={(n) => cockpit?.player.seek(n)} />
      <section className="tl" aria-label="Timeline">
        <div className="heads">
          <div className="t3">
            Frame<span className="n">{Number(index.fps.toFixed(2))} fps</span>
          </div>
          <div className="t3">Filmstrip</div>
          <div className="t3">
            Rejected<span className="n">{percent(quality.rejected_frames, quality.frames)}</span>
          </div>
          <div className="t3">
            Whole video<span className="n">{footage(index.seconds)}</span>
          </div>
        </div>
        <Lane hold={setLane} player={cockpit?.player ?? null} last={index.frames - 1} />
      </section>
      {cockpit !== null && <GoTo open={going} player={cockpit.player} onClose={() => setGoing(false)} />}
    </div>
  );
}

/** The stage is as large as its cell allows at the true shape of the picture. */
function shapeOf(aspect: number): CSSProperties {
  return { aspectRatio: String(aspect), "--aspect": String(aspect) } as CSSProperties;
}

type Built = NonNullable<ReturnType<typeof useCockpit>>;

/** Says over the picture that this frame was rejected, and why; and what the player cannot do. */
function Hud({ cockpit, quality }: { readonly cockpit: Built; readonly quality: QualityOut }) {
  const { problem, path } = usePlayerFacts(cockpit.player);
  const reason = useRef<HTMLSpanElement>(null);
  const spans = spansOnTimeline(quality.spans);
  useOnFrame(cockpit.player, ({ ordinal }) => {
    if (reason.current === null) return;
    const span = spans.find((entry) => ordinal >= entry.start && ordinal < entry.end);
    reason.current.hidden = span === undefined;
    if (span !== undefined) reason.current.textContent = `Rejected: ${span.label}`;
  });
  return (
    <div className="hud">
      <span ref={reason} hidden />
      {path === "server" && <span>Pictures from the server: this browser does not play H.264</span>}
      {problem !== null && (
        <span role="alert">
          <Icon name="warn" />
          {problem}
        </span>
      )}
    </div>
  );
}

/** Keeps ?frame= at the frame that rests, so that the address can be sent to somebody. */
function useFrameInAddress(player: Built["player"] | null): void {
  const navigate = useNavigate({ from: "/p/$slug/videos/$id" });
  useEffect(() => {
    if (player === null) return undefined;
    let timer = 0;
    let known: Ordinal = player.state.ordinal;
    const stop = player.subscribe(({ ordinal, playing }) => {
      if (playing || ordinal === known) return;
      known = ordinal;
      clearTimeout(timer);
      timer = window.setTimeout(() => void navigate({ search: ordinal === 0 ? {} : { frame: ordinal }, replace: true }), 400);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [player, navigate]);
}
