/** The class rows of the timeline: what people said is solid, what a model says is hatched, what is being marked is bracketed. */
import type { Palette } from "./paint";
import { type View, xOf } from "./view";

export interface LaneSegment {
  readonly key: string;
  /** Index of its class row. */
  readonly row: number;
  /** 0 to 12. */
  readonly colour: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** A model said it: hatched, with its score in the name. */
  readonly guess: boolean;
  readonly selected: boolean;
  /** How sure the model is of each edge, in frames; 0 draws no whisker. */
  readonly startSd?: number;
  readonly endSd?: number;
}

/** A labelled or open stretch of the whole video, for the overview. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Null where nothing was said yet. */
  readonly colour: number | null;
}

export interface Lanes {
  readonly rows: number;
  readonly segments: readonly LaneSegment[];
  /** Frames that the selector chose. */
  readonly chosen: readonly number[];
  /** The clip that is open: what lies beside it is only context. */
  readonly bounds: { readonly start: number; readonly end: number };
  readonly markIn: number | null;
  readonly markOut: number | null;
  readonly stretches: readonly Stretch[];
}

interface Area {
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}

const SMALLEST = 2;
const GAP = 6;

export function rowHeight(area: Pick<Area, "top" | "bottom">, rows: number): number {
  return (area.bottom - area.top) / Math.max(1, rows);
}

export function drawLanes(c: CanvasRenderingContext2D, lanes: Lanes, view: View, area: Area, p: Palette): void {
  const high = rowHeight(area, lanes.rows);
  c.fillStyle = p.line;
  for (let row = 1; row < lanes.rows; row += 1) c.fillRect(0, Math.round(area.top + row * high) - 1, area.width, 1);
  for (const segment of lanes.segments) {
    if (segment.end > view.from && segment.start < view.to) drawSegment(c, segment, view, area, high, p);
  }
}

/** What lies outside the clip is dimmed: it is shown and not labelled here. */
export function drawBeside(c: CanvasRenderingContext2D, lanes: Lanes, view: View, area: Area, p: Palette): void {
  c.fillStyle = p.beside;
  const left = xOf(view, lanes.bounds.start, area.width);
  const right = xOf(view, lanes.bounds.end, area.width);
  if (left > 0) c.fillRect(0, area.top, left, area.bottom - area.top);
  if (right < area.width) c.fillRect(right, area.top, area.width - right, area.bottom - area.top);
}

function drawSegment(c: CanvasRenderingContext2D, segment: LaneSegment, view: View, area: Area, high: number, p: Palette): void {
  const left = xOf(view, segment.start, area.width);
  const width = Math.max(SMALLEST, xOf(view, segment.end, area.width) - left - 1);
  const thick = Math.min(18, high - 4);
  const top = area.top + segment.row * high + (high - 1 - thick) / 2;
  const colour = p.classes[segment.colour] ?? p.text3;
  if (segment.guess) drawGuess(c, left, top, width, thick, colour);
  else {
    c.fillStyle = colour;
    c.beginPath();
    c.roundRect(left, top, width, thick, 3);
    c.fill();
  }
  if (thick >= 12) drawName(c, segment, { left, top, width, thick }, area, p);
  if (segment.guess) drawWhiskers(c, segment, view, area, top + thick + 1.5, p);
  if (segment.selected) drawGrips(c, left, top, width, thick, p);
}

function drawGuess(c: CanvasRenderingContext2D, x: number, y: number, width: number, high: number, colour: string): void {
  c.save();
  c.beginPath();
  c.roundRect(x, y, width, high, 3);
  c.clip();
  c.strokeStyle = colour;
  c.globalAlpha = 0.55;
  c.lineWidth = 2;
  c.beginPath();
  for (let at = Math.floor((x - high) / GAP) * GAP; at < x + width; at += GAP) {
    c.moveTo(at, y + high);
    c.lineTo(at + high, y);
  }
  c.stroke();
  c.restore();
  c.save();
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.setLineDash([4, 3]);
  c.beginPath();
  c.roundRect(x + 0.5, y + 0.5, Math.max(1, width - 1), high - 1, 3);
  c.stroke();
  c.restore();
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly thick: number;
}

/** The name stays in sight while its segment's beginning is out of it. */
function drawName(c: CanvasRenderingContext2D, segment: LaneSegment, box: Box, area: Area, p: Palette): void {
  const from = Math.max(box.left, 0);
  const room = Math.min(box.left + box.width, area.width) - from - 12;
  const breadth = c.measureText(segment.name).width;
  if (room < Math.min(breadth, 24)) return;
  c.save();
  c.beginPath();
  c.rect(from, box.top, room + 10, box.thick);
  c.clip();
  c.textAlign = "left";
  if (segment.guess) {
    c.fillStyle = p.panel;
    c.beginPath();
    c.roundRect(from + 5, box.top + 2, breadth + 8, box.thick - 4, 2);
    c.fill();
    c.fillStyle = p.text1;
    c.fillText(segment.name, from + 9, box.top + box.thick / 2 + 0.5);
  } else {
    c.fillStyle = p.onClasses[segment.colour] ?? p.bg;
    c.fillText(segment.name, from + 7, box.top + box.thick / 2 + 0.5);
  }
  c.restore();
}

function drawWhiskers(c: CanvasRenderingContext2D, segment: LaneSegment, view: View, area: Area, y: number, p: Palette): void {
  c.strokeStyle = p.text1;
  c.lineWidth = 1;
  for (const [at, sd] of [
    [segment.start, segment.startSd ?? 0],
    [segment.end, segment.endSd ?? 0],
  ] as const) {
    if (sd <= 0) continue;
    const left = Math.round(xOf(view, at - sd, area.width)) + 0.5;
    const right = Math.round(xOf(view, at + sd, area.width)) + 0.5;
    c.beginPath();
    c.moveTo(left, y - 2);
    c.lineTo(left, y + 2);
    c.moveTo(left, y);
    c.lineTo(right, y);
    c.moveTo(right, y - 2);
    c.lineTo(right, y + 2);
    c.stroke();
  }
}

function drawGrips(c: CanvasRenderingContext2D, left: number, top: number, width: number, thick: number, p: Palette): void {
  c.fillStyle = p.text1;
  for (const x of [left - 3, left + width - 1]) {
    c.beginPath();
    c.roundRect(x, top - 2, 4, thick + 4, 2);
    c.fill();
  }
}

/** I and O in the ruler, with the stretch between them lit. An open end reaches to the clip's. */
export function drawMarks(c: CanvasRenderingContext2D, lanes: Lanes, view: View, width: number, high: number, p: Palette): void {
  const { markIn, markOut, bounds } = lanes;
  if (markIn === null && markOut === null) return;
  const left = xOf(view, markIn ?? bounds.start, width);
  const right = xOf(view, markOut ?? bounds.end, width);
  if (markIn !== null && markOut !== null) {
    c.fillStyle = p.accentWash;
    c.fillRect(left, 0, right - left, high);
  }
  c.strokeStyle = p.text1;
  c.fillStyle = p.text1;
  c.lineWidth = 2;
  c.beginPath();
  if (markIn !== null) bracket(c, left + 1, 6, high);
  if (markOut !== null) bracket(c, right - 1, -6, high);
  c.stroke();
  if (markIn !== null) markName(c, "I", left + 9, "left");
  if (markOut !== null) markName(c, "O", right - 9, "right");
}

function bracket(c: CanvasRenderingContext2D, x: number, arm: number, high: number): void {
  c.moveTo(x + arm, 4);
  c.lineTo(x, 4);
  c.lineTo(x, high);
}

function markName(c: CanvasRenderingContext2D, name: string, x: number, align: CanvasTextAlign): void {
  c.textAlign = align;
  c.fillText(name, x, 10);
}

/** A diamond at each frame that the selector chose. */
export function drawChosen(c: CanvasRenderingContext2D, frames: readonly number[], view: View, width: number, y: number): void {
  c.fillStyle = "#fff";
  c.strokeStyle = "#000";
  c.lineWidth = 0.8;
  for (const frame of frames) {
    const x = xOf(view, frame + 0.5, width);
    if (x < -6 || x > width + 6) continue;
    c.beginPath();
    c.moveTo(x, y - 5);
    c.lineTo(x + 5, y);
    c.lineTo(x, y + 5);
    c.lineTo(x - 5, y);
    c.closePath();
    c.fill();
    c.stroke();
  }
}

/** What is known of the rest of the video, as bars in the overview. */
export function drawStretches(c: CanvasRenderingContext2D, stretches: readonly Stretch[], count: number, width: number, middle: number, p: Palette): void {
  for (const { start, end, colour } of stretches) {
    const x = (start / count) * width;
    c.fillStyle = colour === null ? p.line2 : (p.classes[colour] ?? p.text3);
    c.fillRect(x, middle - (colour === null ? 1 : 3), Math.max(SMALLEST, ((end - start) / count) * width - 1), colour === null ? 2 : 6);
  }
}

/** Half of the hit area of an edge, in pixels. */
const REACH = 12;

export type Hit = { readonly kind: "edge"; readonly edge: "start" | "end" } | { readonly kind: "segment"; readonly key: string } | null;

/** What lies under a hand: an edge of the selected segment first, then any segment that a person drew. */
export function hitOf(lanes: Lanes, view: View, area: Area, x: number, y: number): Hit {
  if (y < area.top || y >= area.bottom) return null;
  const row = Math.floor((y - area.top) / rowHeight(area, lanes.rows));
  const chosen = lanes.segments.find((segment) => segment.selected && !segment.guess && segment.row === row);
  if (chosen !== undefined) {
    const toStart = Math.abs(x - xOf(view, chosen.start, area.width));
    const toEnd = Math.abs(x - xOf(view, chosen.end, area.width));
    if (Math.min(toStart, toEnd) <= REACH) return { kind: "edge", edge: toStart < toEnd ? "start" : "end" };
  }
  const found = lanes.segments.find(
    (segment) => !segment.guess && segment.row === row && x >= xOf(view, segment.start, area.width) && x < Math.max(xOf(view, segment.end, area.width), xOf(view, segment.start, area.width) + 4),
  );
  return found === undefined ? null : { kind: "segment", key: found.key };
}
