import { useEffect, useRef } from "react";
import type { Player } from "../../player/player";

interface LaneProps {
  readonly hold: (element: HTMLElement | null) => void;
  readonly player: Player | null;
  readonly last: number;
}

/** The timeline's host is a slider to assistive technology; the arrow keys of the screen already move it. */
export function Lane({ hold, player, last }: LaneProps) {
  const element = useRef<HTMLElement | null>(null);
  useEffect(
    () =>
      player?.subscribe(({ ordinal, playing }) => {
        if (!playing) element.current?.setAttribute("aria-valuenow", String(ordinal));
      }),
    [player],
  );
  return (
    <div
      className="lanes"
      role="slider"
      tabIndex={0}
      aria-label="Frame"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={0}
      ref={(host) => {
        element.current = host;
        hold(host);
      }}
    />
  );
}
