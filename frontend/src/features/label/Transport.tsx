import { keyCap, useKeymap } from "../../app/keymap";
import type { Player } from "../../player/player";
import { Button } from "../../ui/parts";
import { count, whole } from "../../ui/words";
import { Speed, Steps } from "../video/Steps";
import { usePlayerFacts } from "../video/usePlayer";
import { LABEL_ACTIONS } from "./actions";
import type { Seat } from "./desk";
import { secondsOf } from "./playing";
import { usePrefs } from "./prefs";
import { selectedOf } from "./work";

interface TransportProps {
  readonly player: Player;
  readonly seat: Seat;
  readonly act: (id: string) => void;
}

/** Play and step, the marks or the selected segment's edges in numbers, loop, speed, undo. */
export function Transport({ player, seat, act }: TransportProps) {
  const { clip, work } = seat;
  const { loop } = usePlayerFacts(player);
  const autoplay = usePrefs((store) => store.autoplay);
  const remap = useKeymap((store) => store.remap);
  const named = (words: string, id: string): string => {
    const cap = keyCap(LABEL_ACTIONS, remap, id);
    return cap === undefined ? words : `${words} (${cap})`;
  };
  const segment = selectedOf(work);
  const from = segment?.start ?? work.markIn;
  const to = segment?.end ?? work.markOut;
  return (
    <>
      <Steps player={player} actions={LABEL_ACTIONS} act={act} first={clip.start} last={clip.end - 1} />
      <span className="sep" />
      <Mark name="I" title={named("Mark in", "markIn")} at={from} onClick={() => act("markIn")} />
      <Mark name="O" title={named("Mark out", "markOut")} at={to === null ? null : to - 1} onClick={() => act("markOut")} />
      {from !== null && to !== null && (
        <span className="t3 sm nw">
          {count(to - from, "frame")}, {secondsOf(player.timebase, { start: from, end: to }).toFixed(2)} s
        </span>
      )}
      <span className="grow" />
      <Button look="ghost" size="xs" pressed={autoplay} label={named("Autoplay: play clips as they come", "autoplay")} onClick={() => act("autoplay")}>
        Autoplay
      </Button>
      <Button look="ghost" size="sm" icon="loop" label={named(loop === null ? "Loop" : "Stop looping", "loopSegment")} pressed={loop !== null} onClick={() => act("loopSegment")} />
      <Speed player={player} />
      <Button look="ghost" size="sm" icon="undo" label={named("Undo", "undo")} onClick={() => act("undo")} />
    </>
  );
}

interface MarkProps {
  readonly name: string;
  readonly title: string;
  readonly at: number | null;
  readonly onClick: () => void;
}

function Mark({ name, title, at, onClick }: MarkProps) {
  return (
    <button type="button" className="btn ghost xs mark" title={title} onClick={onClick}>
      <kbd>{name}</kbd>
      <b className="b">{at === null ? "–" : whole(at)}</b>
    </button>
  );
}
