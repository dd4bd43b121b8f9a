/** Colours and small marks of the timeline canvas, taken from the page's tokens. */
export interface Palette {
  readonly bg: string;
  readonly panel: string;
  readonly raised: string;
  readonly line: string;
  readonly line2: string;
  readonly track: string;
  readonly text1: string;
  readonly text2: string;
  readonly text3: string;
  readonly accent: string;
  readonly accentText: string;
  readonly accentBg: string;
  readonly accentWash: string;
  readonly onAccent: string;
  readonly dim: string;
  /** Laid over what lies beside the open clip. */
  readonly beside: string;
  readonly mark: string;
  readonly font: string;
  /** Class colours by number, 0 is the background's grey, and the text on each. */
  readonly classes: readonly string[];
  readonly onClasses: readonly string[];
}

export const CLASS_COLOURS = 13;

export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    bg: token("bg"),
    panel: token("panel"),
    raised: token("raised"),
    line: token("line"),
    line2: token("line-2"),
    track: token("line-2"),
    text1: token("text-1"),
    text2: token("text-2"),
    text3: token("text-3"),
    accent: token("accent"),
    accentText: token("accent-text"),
    accentBg: token("accent-bg"),
    accentWash: `color-mix(in srgb, ${token("accent-text")} 14%, transparent)`,
    onAccent: token("on-accent"),
    dim: "rgb(0 0 0 / .55)",
    beside: `color-mix(in srgb, ${token("bg")} 62%, transparent)`,
    mark: `color-mix(in srgb, ${token("text-3")} 65%, transparent)`,
    font: `500 11px ${token("font") || "sans-serif"}`,
    classes: Array.from({ length: CLASS_COLOURS }, (_, i) => token(`c${i}`)),
    onClasses: Array.from({ length: CLASS_COLOURS }, (_, i) => token(`o${i}`) || "#0d0d0d"),
  };
}

/** Below this many pixels a hatch is no hatch: a plain mark says it better. */
const NARROW = 5;

/** The one grey hatch that means rejected. Lines run at 45 degrees and meet across neighbouring rows. */
export function drawHatch(c: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, p: Palette): void {
  if (width < NARROW) {
    c.fillStyle = p.mark;
    c.fillRect(Math.round(x), y, Math.max(2, Math.round(width)), height);
    return;
  }
  c.save();
  c.beginPath();
  c.rect(x, y, width, height);
  c.clip();
  c.fillStyle = p.bg;
  c.fillRect(x, y, width, height);
  c.strokeStyle = p.line2;
  c.lineWidth = 1.5;
  c.beginPath();
  const gap = 10;
  for (let at = Math.floor((x - height) / gap) * gap; at < x + width; at += gap) {
    c.moveTo(at, y + height);
    c.lineTo(at + height, y);
  }
  c.stroke();
  c.strokeRect(x, y - 1, width, height + 2);
  c.restore();
}

/** A two-line label in the middle of a span, dropped when the span is too narrow for it. */
export function roundedLabel(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  room: number,
  text: { readonly label: string; readonly detail: string },
  p: Palette,
): void {
  const breadth = Math.max(c.measureText(text.label).width, c.measureText(text.detail).width) + 20;
  if (room < breadth + 8) return;
  c.fillStyle = p.raised;
  c.strokeStyle = p.line2;
  c.lineWidth = 1;
  c.beginPath();
  c.roundRect(Math.round(x - breadth / 2) + 0.5, Math.round(y - 19) + 0.5, Math.round(breadth), 37, 4);
  c.fill();
  c.stroke();
  c.fillStyle = p.text1;
  c.fillText(text.label, x, y - 7);
  c.fillStyle = p.text3;
  c.fillText(text.detail, x, y + 8);
}
