import { useRef } from "react";
import type { SpanOut } from "../../api/generated/model";
import { keyCap, useKeymap } from "../../app/keymap";
import { PLAYER_ACTIONS } from "../../player/shortcuts";
import { Button } from "../../ui/parts";
import { timecode, whole } from "../../ui/words";
import { performOn } from "./deeds";
import { type Cockpit, useOnFrame, usePlayerFacts } from "./usePlayer";

interface TransportProps {
  readonly cockpit: Cockpit;
  readonly spans: readonly SpanOut[];
  readonly onGoTo: () => void;
}

/** Play and step, the frame's number and time-code, loop and speed. */
export function Transport({ cockpit, spans, onGoTo }: TransportProps) {
  const { player } = cockpit;
  const { playing, rate, loop } = usePlayerFacts(player);
  const remap = useKeymap((store) => store.remap);
  const frame = useRef<HTMLElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  useOnFrame(player, ({ ordinal }) => {
    if (frame.current !== null) frame.current.textContent = whole(ordinal);
    if (time.current !== null) time.current.textContent = timecode(player.timebase.startSeconds(ordinal));
  });
  const act = (id: string) => () => performOn(cockpit, spans, id);
  const cap = (id: string): string | undefined => keyCap(PLAYER_ACTIONS, remap, id);
  const named = (words: string, id: string): string => (cap(id) === undefined ? words : `${words} (${cap(id) ?? ""})`);
  return (
    <>
      <Button look="ghost" size="sm" icon="stepb" label={named("Back one frame", "previous")} onClick={act("previous")} />
      <Button size="sm" icon={playing ? "pause" : "play"} label={named(playing ? "Pause" : "Play", "play")} onClick={act("play")} />
      <Button look="ghost" size="sm" icon="stepf" label={named("Forward one frame", "next")} onClick={act("next")} />
      <button type="button" className="fr" title={named("Go to a frame", "goto")} onClick={onGoTo}>
        <b ref={frame} data-testid="frame" />
        <span className="of">of 0–{whole(player.timebase.last)}</span>
      </button>
      <span className="sep" />
      <span className="t2 tc" ref={time} />
      <span className="grow" />
      <span className="hints">
        <kbd>{cap("spanBack")}</kbd>
        <kbd>{cap("spanOn")}</kbd>
        Rejected stretch
        <kbd>{cap("goto")}</kbd>
        Go to frame
        <kbd>?</kbd>
        All keys
      </span>
      <Button look="ghost" size="sm" icon="loop" label={named(loop === null ? "Loop" : "Stop looping", "loop")} pressed={loop !== null} onClick={act("loop")} />
      <span className="speed" aria-live="polite">
        {rate < 0 ? "−" : ""}
        {Math.abs(rate).toFixed(1)}×
      </span>
    </>
  );
}
