/** The timeline: ruler, filmstrip, lanes, whole video, playhead. One canvas, drawn only when something changed, outside any framework. */
import { drawFilmstrip, type Filmstrip } from "./filmstrip";
import { drawBeside, drawChosen, drawLanes, drawMarks, drawStretches, hitOf, type Lanes } from "./lanes";
import { drawHatch, type Palette, paletteOf, roundedLabel } from "./paint";
import { clampView, followView, frameAt, tickStep, type View, xOf, zoomView } from "./view";

export const RULER = 28;
export const STRIP = 52;
export const OVERVIEW = 40;
const LANES = RULER + STRIP + 1;

export interface RejectedSpan {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly detail: string;
}

export interface TimelineContent {
  readonly count: number;
  readonly spans: readonly RejectedSpan[];
  readonly filmstrip: Filmstrip | null;
  /** Height of the lanes between filmstrip and overview, in pixels. */
  readonly lanes: number;
  /** Class rows, where there is something to label. */
  readonly classes?: Lanes;
}

export interface TimelineEvents {
  /** The hand is on frame n; `resting` once it lets go. */
  readonly scrub: (n: number, resting: boolean) => void;
  /** A segment was pressed. */
  readonly pick?: (key: string) => void;
  /** An edge of the selected segment lies at the beginning of frame n. */
  readonly drag?: (edge: "start" | "end", n: number, resting: boolean) => void;
}

type Hold = "scrub" | "window" | "start" | "end" | null;

export class Timeline {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly observer: ResizeObserver;
  private readonly themes: MutationObserver;
  private readonly listening = new AbortController();
  private palette: Palette;
  private view: View;
  private ordinal = 0;
  private loop: { start: number; end: number } | null = null;
  private handle = 0;
  private hold: Hold = null;
  private width = 0;
  private height = 0;

  constructor(
    host: HTMLElement,
    private content: TimelineContent,
    private readonly events: TimelineEvents,
  ) {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
    host.append(this.canvas);
    this.palette = paletteOf(host);
    this.view = clampView(0, content.count, content.count);
    this.observer = new ResizeObserver(() => this.resize(host));
    this.observer.observe(host);
    this.themes = new MutationObserver(() => {
      this.palette = paletteOf(host);
      this.redraw();
    });
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.listen();
  }

  setContent(content: TimelineContent): void {
    this.content = content;
    this.view = clampView(this.view.from, this.view.to, content.count);
    this.redraw();
  }

  setOrdinal(n: number): void {
    if (n === this.ordinal) return;
    this.ordinal = n;
    if (this.hold !== "window") this.view = followView(this.view, n, this.content.count);
    this.redraw();
  }

  setLoop(loop: { start: number; end: number } | null): void {
    this.loop = loop;
    this.redraw();
  }

  /** Shows this stretch, with a little of what lies beside it. */
  look(from: number, to: number): void {
    const beside = Math.max(2, (to - from) * 0.04);
    this.view = clampView(from - beside, to + beside, this.content.count);
    this.redraw();
  }

  /** Factor below 1 looks closer, around the playhead. */
  zoom(factor: number): void {
    const at = Math.min(1, Math.max(0, (this.ordinal + 0.5 - this.view.from) / (this.view.to - this.view.from)));
    this.view = zoomView(this.view, factor, at, this.content.count);
    this.redraw();
  }

  dispose(): void {
    cancelAnimationFrame(this.handle);
    this.listening.abort();
    this.observer.disconnect();
    this.themes.disconnect();
    this.canvas.remove();
  }

  private redraw(): void {
    if (this.handle !== 0) return;
    this.handle = requestAnimationFrame(() => {
      this.handle = 0;
      this.draw();
    });
  }

  private resize(host: HTMLElement): void {
    const scale = window.devicePixelRatio || 1;
    this.width = host.clientWidth;
    this.height = host.clientHeight;
    this.canvas.width = Math.round(this.width * scale);
    this.canvas.height = Math.round(this.height * scale);
    this.context?.setTransform(scale, 0, 0, scale, 0, 0);
    this.draw();
  }

  private listen(): void {
    const { signal } = this.listening;
    this.canvas.addEventListener("pointerdown", (event) => this.grab(event), { signal });
    this.canvas.addEventListener("pointermove", (event) => this.move(event, false), { signal });
    this.canvas.addEventListener("pointerup", (event) => this.move(event, true), { signal });
    this.canvas.addEventListener("pointercancel", (event) => this.move(event, true), { signal });
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const { classes } = this.content;
    const area = { top: LANES, bottom: this.height - OVERVIEW, width: this.width };
    const hit = classes === undefined ? null : hitOf(classes, this.view, area, event.offsetX, event.offsetY);
    if (hit?.kind === "edge") this.hold = hit.edge;
    else this.hold = event.offsetY >= this.height - OVERVIEW ? "window" : "scrub";
    if (hit?.kind === "segment") this.events.pick?.(hit.key);
    this.move(event, false);
  }

  private move(event: PointerEvent, resting: boolean): void {
    if (this.hold === null) return;
    const { count } = this.content;
    if (this.hold === "start" || this.hold === "end") {
      this.events.drag?.(this.hold, Math.round(this.view.from + (event.offsetX / this.width) * (this.view.to - this.view.from)), resting);
    } else if (this.hold === "scrub") this.events.scrub(Math.min(count - 1, Math.max(0, frameAt(this.view, event.offsetX, this.width))), resting);
    else {
      const middle = (event.offsetX / this.width) * count;
      const half = (this.view.to - this.view.from) / 2;
      // A window as wide as the video cannot move, so the hand moves the playhead in its stead.
      if (half * 2 >= count) this.events.scrub(Math.min(count - 1, Math.max(0, Math.floor(middle))), resting);
      else this.view = clampView(middle - half, middle + half, count);
      this.redraw();
    }
    if (resting) this.hold = null;
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { count } = this.content;
    if (event.ctrlKey || event.metaKey) this.view = zoomView(this.view, Math.exp(event.deltaY * 0.004), event.offsetX / this.width, count);
    else {
      const by = ((event.deltaX + event.deltaY) / this.width) * (this.view.to - this.view.from);
      this.view = clampView(this.view.from + by, this.view.to + by, count);
    }
    this.redraw();
  }

  private draw(): void {
    const { context: c, palette: p, width, height } = this;
    if (c === null || width === 0) return;
    c.clearRect(0, 0, width, height);
    c.fillStyle = p.panel;
    c.fillRect(0, 0, width, height);
    c.font = p.font;
    c.textBaseline = "middle";
    const lanesBottom = height - OVERVIEW;
    drawFilmstrip(c, this.content.filmstrip, this.view, { top: RULER, height: STRIP, width, count: this.content.count }, p, () => this.redraw());
    const { classes } = this.content;
    const lanes = { top: LANES, bottom: lanesBottom, width };
    this.drawRuler(c);
    if (classes !== undefined) {
      drawLanes(c, classes, this.view, lanes, p);
      drawBeside(c, classes, this.view, { ...lanes, top: RULER }, p);
      drawMarks(c, classes, this.view, width, RULER - 1, p);
    }
    this.drawSpans(c, lanesBottom);
    drawChosen(c, classes?.chosen ?? [], this.view, width, RULER + STRIP - 8);
    this.drawOverview(c, lanesBottom);
    c.fillStyle = p.line;
    for (const y of [RULER - 1, RULER + STRIP, lanesBottom]) c.fillRect(0, y, width, 1);
    this.drawPlayhead(c, lanesBottom);
  }

  private drawRuler(c: CanvasRenderingContext2D): void {
    const { view, width, palette: p } = this;
    if (this.loop !== null) {
      c.fillStyle = p.accentBg;
      const left = xOf(view, this.loop.start, width);
      c.fillRect(left, 0, xOf(view, this.loop.end, width) - left, RULER - 1);
    }
    const step = tickStep(view, width, 88);
    c.textAlign = "left";
    for (let n = Math.ceil(view.from / step) * step; n < view.to; n += step) {
      const x = Math.round(xOf(view, n, width));
      c.fillStyle = p.line2;
      c.fillRect(x, RULER - 8, 1, 7);
      const text = n.toLocaleString("en");
      const breadth = c.measureText(text).width;
      // The playhead's own number stands over the ruler's, which would look out from under it.
      if (Math.abs(x + 5 + breadth / 2 - xOf(view, this.ordinal + 0.5, width)) < breadth / 2 + 28) continue;
      c.fillStyle = p.text3;
      c.fillText(text, x + 5, 15);
    }
  }

  private drawSpans(c: CanvasRenderingContext2D, bottom: number): void {
    const { view, width, palette: p } = this;
    const top = LANES;
    for (const span of this.content.spans) {
      if (span.end <= view.from || span.start >= view.to) continue;
      const left = Math.max(-4, xOf(view, span.start, width));
      const right = Math.min(width + 4, xOf(view, span.end, width));
      c.fillStyle = p.dim;
      c.fillRect(left, RULER, right - left, STRIP);
      drawHatch(c, left, top, right - left, bottom - top, p);
      c.textAlign = "center";
      const middle = (Math.max(0, left) + Math.min(width, right)) / 2;
      roundedLabel(c, middle, (top + bottom) / 2, Math.min(width, right) - Math.max(0, left), span, p);
    }
  }

  private drawOverview(c: CanvasRenderingContext2D, top: number): void {
    const { width, palette: p, view } = this;
    const { count, spans } = this.content;
    const middle = top + OVERVIEW / 2;
    c.fillStyle = p.track;
    c.fillRect(0, Math.round(middle), width, 1);
    drawStretches(c, this.content.classes?.stretches ?? [], count, width, middle, p);
    for (const span of spans) {
      const left = (span.start / count) * width;
      drawHatch(c, left, middle - 9, ((span.end - span.start) / count) * width, 18, p);
    }
    c.strokeStyle = p.accentText;
    c.lineWidth = 1.5;
    const left = (view.from / count) * width;
    const right = (view.to / count) * width;
    c.beginPath();
    c.roundRect(left + 0.75, top + 5.75, Math.max(4, right - left - 1.5), OVERVIEW - 10.5, 3);
    if (right - left < width - 1) {
      c.fillStyle = p.accentWash;
      c.fill();
      c.stroke();
    }
    c.fillStyle = p.accentText;
    c.fillRect(((this.ordinal + 0.5) / count) * width - 0.75, top + 6, 1.5, OVERVIEW - 11);
  }

  private drawPlayhead(c: CanvasRenderingContext2D, bottom: number): void {
    const { width, palette: p } = this;
    const x = xOf(this.view, this.ordinal + 0.5, width);
    if (x < -1 || x > width + 1) return;
    c.fillStyle = p.accentText;
    c.fillRect(x - 0.75, 22, 1.5, bottom - 22);
    const text = this.ordinal.toLocaleString("en");
    const breadth = Math.max(44, c.measureText(text).width + 16);
    const left = Math.min(width - breadth, Math.max(0, x - breadth / 2));
    c.fillStyle = p.accent;
    c.beginPath();
    c.roundRect(left, 3, breadth, 20, 3);
    c.fill();
    c.fillStyle = p.onAccent;
    c.textAlign = "center";
    c.fillText(text, left + breadth / 2, 13.5);
  }
}
