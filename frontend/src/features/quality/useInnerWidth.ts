import { useCallback, useState } from "react";

interface Inner {
  readonly element: HTMLDivElement | null;
  readonly width: number;
}

/** The room inside an element's padding, also as it is resized. The first is the ref to give to it. */
export function useInnerWidth(): readonly [(element: HTMLDivElement | null) => (() => void) | undefined, Inner] {
  const [inner, setInner] = useState<Inner>({ element: null, width: 0 });
  const hold = useCallback((element: HTMLDivElement | null) => {
    if (element === null) return undefined;
    const measure = (): void => {
      const style = getComputedStyle(element);
      setInner({ element, width: element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight) });
      // What stands above the frames ends where they do, whatever a scroll bar takes.
      element.parentElement?.style.setProperty("--bar", `${element.offsetWidth - element.clientWidth}px`);
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => {
      watch.disconnect();
      setInner({ element: null, width: 0 });
    };
  }, []);
  return [hold, inner];
}
