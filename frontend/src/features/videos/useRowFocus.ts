/** One row of a virtual list has the focus, or will have it; it never falls out of the list with a row that goes. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { focusRoom } from "../../ui/focus";

interface RowFocus {
  readonly total: number;
  readonly start: number;
  readonly scrollTo: (index: number) => void;
  readonly list: React.RefObject<HTMLElement | null>;
}

export function useRowFocus({ total, start, scrollTo, list }: RowFocus) {
  const [current, setCurrent] = useState(start);
  /** The list has the focus, even while the row that had it is gone. */
  const holds = useRef(false);
  const wanted = useRef<number | null>(null);
  const focus = (index: number): void => {
    wanted.current = index;
    holds.current = true;
    setCurrent(index);
    scrollTo(index);
    settle(list.current, wanted);
  };
  // After every render, for any may have taken the row away that had the focus, or put others above it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- it settles: it sets what is so already
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (wanted.current !== null) settle(list.current, wanted);
    else if (holds.current && (active === null || active === document.body) && total > 0) focus(Math.min(current, total - 1));
    const at = indexOf(document.activeElement);
    if (at !== null && list.current?.contains(document.activeElement) === true && at !== current) setCurrent(at); // oxlint-disable-line react/set-state-in-effect -- the focus is the page's, not React's
  });
  useEffect(() => {
    const moved = (event: Event): void => {
      if (!(event.target instanceof Element)) return;
      const inside = list.current?.contains(event.target) === true;
      if (event.type === "focusin" || !inside) holds.current = inside;
      const at = indexOf(event.target);
      if (inside && at !== null && event.type === "focusin") setCurrent(at);
    };
    window.addEventListener("pointerdown", moved);
    window.addEventListener("focusin", moved);
    return () => {
      window.removeEventListener("pointerdown", moved);
      window.removeEventListener("focusin", moved);
    };
  }, [list]);
  /** For when the list itself goes. */
  const leave = (): void => {
    if (holds.current) focusRoom();
  };
  return { current: Math.max(0, Math.min(current, total - 1)), holds, focus, leave };
}

function settle(list: HTMLElement | null, wanted: React.RefObject<number | null>): void {
  const row = list?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
  if (row === null || row === undefined) return;
  wanted.current = null;
  row.focus({ preventScroll: true });
}

function indexOf(target: EventTarget | null): number | null {
  const at = target instanceof Element ? target.closest<HTMLElement>("[data-index]")?.dataset["index"] : undefined;
  return at === undefined ? null : Number(at);
}
