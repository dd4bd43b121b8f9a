/** One frame large, moving: it plays around the frame and can be decided about where it is watched. */
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useCallback, useMemo, useState } from "react";
import { frameIndex } from "../../api/queries";
import { keyCap, useKeymap } from "../../app/keymap";
import { Player, type PlayerMedia } from "../../player/player";
import type { PlayerHost } from "../../player/pool";
import { keysOf, type Remap } from "../../player/shortcuts";
import type { Ordinal } from "../../player/timebase";
import { useHeldKeys } from "../../ui/held";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { reasonName, whole } from "../../ui/words";
import { mediaOf } from "../video/media";
import { QUALITY_ACTIONS } from "./actions";
import type { Cell } from "./grid";
import type { SpanState } from "./types";
import { clock } from "./Tile";
import { inUnit, limitOf, unitOf, whyText } from "./words";
import "../../ui/stage.css";

interface LookProps {
  readonly slug: string;
  readonly cell: Cell;
  readonly may: boolean;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onDecide: (to: SpanState) => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

const AROUND_S = 2;

export function Look({ slug, cell, may, onStep, onDecide, onOpen, onClose }: LookProps) {
  const { span, tile } = cell;
  const remap = useKeymap((store) => store.remap);
  const cap = (id: string): string | undefined => keyCap(QUALITY_ACTIONS, remap, id);
  const index = useQuery(frameIndex(slug, span.video));
  const media = useMemo(() => (index.data === undefined ? null : mediaOf(slug, span.video, index.data)), [slug, span.video, index.data]);
  const { hold, looped } = useLooped(media, tile.frame);
  const player = looped?.player;
  const playing = looped?.playing === true;
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onControl = (event.target as Element).closest("a, button") !== null;
    const deed = STEPS[event.key] ?? DEEDS.find(([id]) => pressed(id, event, remap))?.[1];
    if (deed === undefined || (onControl && (event.key === " " || event.key === "Enter"))) return;
    event.preventDefault();
    event.stopPropagation();
    if (deed === "toggle") player?.toggle();
    else if (deed === "open") onOpen();
    else if (deed === "back") player?.step(-1);
    else if (deed === "on") player?.step(1);
    else if (deed === "previous") onStep(-1);
    else if (deed === "next") onStep(1);
    else if (may && !event.repeat) onDecide(deed);
  };
  const unit = unitOf(span.reason);
  const limit = limitOf(span);
  useHeldKeys(true);
  return (
    <Modal.Root opened onClose={onClose} size="calc(min(1040px, 62dvh * 16 / 9))" centered>
      <Modal.Overlay className="scrim" />
      <Modal.Content className="dialog ql" aria-label={`Around frame ${whole(tile.frame)}`} onKeyDown={keys}>
        <div className="ql-stage stage">
          <div className="pic" data-autofocus tabIndex={-1} ref={hold} style={{ aspectRatio: String(media?.aspect ?? 16 / 9), "--aspect": String(media?.aspect ?? 16 / 9) } as React.CSSProperties} />
          {looped !== null && (
            <div className="hud" aria-hidden="true">
              <span>
                {whole(looped.ordinal)}
                {looped.ordinal !== tile.frame && ` (${looped.ordinal > tile.frame ? "+" : "−"}${Math.abs(looped.ordinal - tile.frame)})`}
              </span>
            </div>
          )}
          {index.error !== null && (
            <div className="hud">
              <span role="alert">
                <Icon name="warn" />
                The video does not answer. The stills in the strip still stand.
              </span>
            </div>
          )}
        </div>
        <div className="ql-foot">
          <div className="ql-facts">
            <h2>Frame {whole(tile.frame)}</h2>
            <span className="t3 ell">
              {span.camera_name}, {clock(cell)}
            </span>
            {tile.value !== null && (
              <span className="chip bad">
                {whyText(span, span.reason, reasonName(span.reason), tile.value)}
              </span>
            )}
            {limit !== null && <span className="t3 sm nw">limit {inUnit(limit, unit)}</span>}
          </div>
          <div className="row ql-acts">
            <Button size="sm" look="ghost" icon={playing ? "pause" : "play"} keys={cap("qLook")} onClick={() => player?.toggle()}>
              {playing ? "Pause" : "Play"}
            </Button>
            <Button size="sm" look="ghost" keys={cap("qOpen")} onClick={onOpen}>
              Open the video
            </Button>
            <span className="grow" />
            {may && (
              <>
                <Button size="sm" keys={cap("qRestore")} onClick={() => onDecide("restored")}>
                  Restore
                </Button>
                <Button size="sm" keys={cap("qConfirm")} onClick={() => onDecide("confirmed")}>
                  Confirm rejection
                </Button>
              </>
            )}
            <Button size="sm" look="ghost" keys="Esc" onClick={onClose}>
              Close
            </Button>
          </div>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

interface Looped {
  readonly player: Player;
  readonly playing: boolean;
  readonly ordinal: number;
}

/** Plays two seconds to either side of the frame, again and again. Who wants no motion gets the frame, and plays it by the key. */
function useLooped(media: PlayerMedia | null, frame: number) {
  const [looped, setLooped] = useState<Looped | null>(null);
  const hold = useCallback(
    (stage: HTMLElement | null) => {
      if (stage === null || media === null) return undefined;
      const player = new Player(stage, media, frame);
      (stage as PlayerHost).player = player;
      player.setLoop(around(player, frame));
      const stop = player.subscribe(({ playing, ordinal }) => setLooped({ player, playing, ordinal }));
      setLooped({ player, playing: false, ordinal: player.state.ordinal });
      if (!matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
      return () => {
        stop();
        player.dispose();
        setLooped(null);
      };
    },
    [media, frame],
  );
  return { hold, looped };
}

type Deed = SpanState | "toggle" | "open" | "back" | "on" | "previous" | "next";
const STEPS: Readonly<Record<string, Deed>> = { ArrowLeft: "back", ArrowRight: "on", ArrowUp: "previous", ArrowDown: "next" };
/** The room's own keys, as they are set, mean the same here. */
const DEEDS: readonly (readonly [string, Deed])[] = [
  ["qLook", "toggle"],
  ["qOpen", "open"],
  ["qConfirm", "confirmed"],
  ["qRestore", "restored"],
];

function pressed(id: string, event: KeyboardEvent, remap: Remap): boolean {
  const action = QUALITY_ACTIONS.find((entry) => entry.id === id);
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  return action !== undefined && !event.shiftKey && keysOf(action, remap).some((own) => own.toLowerCase() === key);
}

function around(player: Player, frame: number): { start: Ordinal; end: Ordinal } {
  const { timebase } = player;
  const at = timebase.clamp(frame);
  return { start: timebase.offsetBySeconds(at, -AROUND_S), end: Math.min(timebase.last + 1, timebase.offsetBySeconds(at, AROUND_S) + 1) as Ordinal };
}
