/** What each key and button of the player does. */
import type { SpanOut } from "../../api/generated/model";
import type { Player, Range } from "../../player/player";
import type { Ordinal } from "../../player/timebase";
import { neighbour, spanAt } from "./spans";
import type { Cockpit } from "./usePlayer";

const CLOSER = 0.5;
const LOOP_SECONDS = 5;

export function performOn({ player, timeline }: Cockpit, spans: readonly SpanOut[], id: string): void {
  const { ordinal } = player.state;
  const jump = (n: number | null): void => {
    if (n !== null) player.seek(n);
  };
  const deeds: Readonly<Record<string, () => void>> = {
    play: () => player.toggle(),
    faster: () => player.shuttle(1),
    backwards: () => player.shuttle(-1),
    loop: () => toggleLoop(player, spans),
    previous: () => player.step(-1),
    next: () => player.step(1),
    secondBack: () => player.stepSeconds(-1),
    secondOn: () => player.stepSeconds(1),
    spanBack: () => jump(neighbour(spans, ordinal, -1)),
    spanOn: () => jump(neighbour(spans, ordinal, 1)),
    first: () => player.seek(0),
    last: () => player.seek(player.timebase.last),
    closer: () => timeline.zoom(CLOSER),
    wider: () => timeline.zoom(1 / CLOSER),
  };
  deeds[id]?.();
}

/** Loops the rejected stretch under the playhead; elsewhere the five seconds that begin here. */
export function toggleLoop(player: Player, spans: readonly SpanOut[]): void {
  if (player.state.loop !== null) return player.setLoop(null);
  player.setLoop(loopAt(player, spans));
  if (!player.state.playing) player.play();
}

function loopAt(player: Player, spans: readonly SpanOut[]): Range {
  const { ordinal } = player.state;
  const span = spanAt(spans, ordinal);
  if (span !== null && span.end - span.start > 1) return { start: span.start as Ordinal, end: span.end as Ordinal };
  const end = player.timebase.offsetBySeconds(ordinal, LOOP_SECONDS);
  const start = end - ordinal < 2 ? player.timebase.offsetBySeconds(end, -LOOP_SECONDS) : ordinal;
  return { start, end: (end + 1) as Ordinal };
}
