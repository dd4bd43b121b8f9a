import { useRef } from "react";
import { keyCap, useKeymap } from "../../app/keymap";
import type { Player } from "../../player/player";
import type { Action } from "../../player/shortcuts";
import { Button } from "../../ui/parts";
import { timecode, whole } from "../../ui/words";
import { useOnFrame, usePlayerFacts } from "./usePlayer";

interface StepsProps {
  readonly player: Player;
  readonly actions: readonly Action[];
  readonly act: (id: string) => void;
  /** First and last frame that are spoken of. */
  readonly first: number;
  readonly last: number;
}

/** Play and step, the frame's number and its time-code. */
export function Steps({ player, actions, act, first, last }: StepsProps) {
  const { playing } = usePlayerFacts(player);
  const remap = useKeymap((store) => store.remap);
  const frame = useRef<HTMLElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  useOnFrame(player, ({ ordinal }) => {
    if (frame.current !== null) frame.current.textContent = whole(ordinal);
    if (time.current !== null) time.current.textContent = timecode(player.timebase.startSeconds(ordinal));
  });
  const named = (words: string, id: string): string => {
    const cap = keyCap(actions, remap, id);
    return cap === undefined ? words : `${words} (${cap})`;
  };
  return (
    <>
      <Button look="ghost" size="sm" icon="stepb" label={named("Back one frame", "previous")} onClick={() => act("previous")} />
      <Button size="sm" icon={playing ? "pause" : "play"} label={named(playing ? "Pause" : "Play", "play")} onClick={() => act("play")} />
      <Button look="ghost" size="sm" icon="stepf" label={named("Forward one frame", "next")} onClick={() => act("next")} />
      <button type="button" className="fr" title={named("Go to a frame", "goto")} onClick={() => act("goto")}>
        <b ref={frame} data-testid="frame" />
        <span className="of">
          of {whole(first)}–{whole(last)}
        </span>
      </button>
      <span className="sep wide" />
      <span className="t2 tc wide" ref={time} />
    </>
  );
}

/** Signed speed, `−2.0×`. */
export function Speed({ player }: { readonly player: Player }) {
  const { rate } = usePlayerFacts(player);
  return (
    <span className="speed" aria-live="polite">
      {rate < 0 ? "−" : ""}
      {Math.abs(rate).toFixed(1)}×
    </span>
  );
}
