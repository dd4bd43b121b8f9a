import type { SpanOut } from "../../api/generated/model";
import { keyCap, useKeymap } from "../../app/keymap";
import { PLAYER_ACTIONS } from "../../player/shortcuts";
import { Button } from "../../ui/parts";
import { performOn } from "./deeds";
import { Speed, Steps } from "./Steps";
import { type Cockpit, usePlayerFacts } from "./usePlayer";

interface TransportProps {
  readonly cockpit: Cockpit;
  readonly spans: readonly SpanOut[];
  readonly onGoTo: () => void;
}

/** Play and step, the frame's number and time-code, loop and speed. */
export function Transport({ cockpit, spans, onGoTo }: TransportProps) {
  const { player } = cockpit;
  const { loop } = usePlayerFacts(player);
  const remap = useKeymap((store) => store.remap);
  const act = (id: string): void => (id === "goto" ? onGoTo() : performOn(cockpit, spans, id));
  const cap = (id: string): string | undefined => keyCap(PLAYER_ACTIONS, remap, id);
  const words = loop === null ? "Loop" : "Stop looping";
  return (
    <>
      <Steps player={player} actions={PLAYER_ACTIONS} act={act} first={0} last={player.timebase.last} />
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
      <Button look="ghost" size="sm" icon="loop" label={cap("loop") === undefined ? words : `${words} (${cap("loop") ?? ""})`} pressed={loop !== null} onClick={() => act("loop")} />
      <Speed player={player} />
    </>
  );
}
