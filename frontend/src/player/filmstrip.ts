/** Small pictures along the timeline, cut from the sprite sheets that were made at ingest. */
import type { Palette } from "./paint";
import type { View } from "./view";

export interface Filmstrip {
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
  readonly rows: number;
  readonly every: number;
  readonly sheets: readonly string[];
}

interface Lane {
  readonly top: number;
  readonly height: number;
  readonly width: number;
  readonly count: number;
}

export interface Tile {
  readonly sheet: number;
  readonly x: number;
  readonly y: number;
}

/** Where the picture nearest to frame n lies. */
export function tileOf(strip: Filmstrip, n: number, count: number): Tile {
  const last = Math.floor((count - 1) / strip.every);
  const index = Math.min(last, Math.max(0, Math.round(n / strip.every)));
  const perSheet = strip.columns * strip.rows;
  const inside = index % perSheet;
  return {
    sheet: Math.floor(index / perSheet),
    x: (inside % strip.columns) * strip.tileWidth,
    y: Math.floor(inside / strip.columns) * strip.tileHeight,
  };
}

const sheets = new Map<string, HTMLImageElement>();
const KEPT_SHEETS = 24;

function sheet(url: string, ready: () => void): HTMLImageElement | null {
  let image = sheets.get(url);
  if (image === undefined) {
    image = new Image();
    image.addEventListener("load", ready, { once: true });
    image.src = url;
    sheets.set(url, image);
    const oldest = sheets.keys().next().value;
    if (sheets.size > KEPT_SHEETS && oldest !== undefined) sheets.delete(oldest);
  }
  return image.complete && image.naturalWidth > 0 ? image : null;
}

/** Draws whole tiles, anchored to the video and not to the window, so that scrolling moves them and zooming repacks them. */
export function drawFilmstrip(c: CanvasRenderingContext2D, strip: Filmstrip | null, view: View, lane: Lane, p: Palette, ready: () => void): void {
  c.fillStyle = p.bg;
  c.fillRect(0, lane.top, lane.width, lane.height);
  if (strip === null) return;
  const tileWidth = (lane.height * strip.tileWidth) / strip.tileHeight;
  const framesPerTile = (tileWidth / lane.width) * (view.to - view.from);
  const scale = lane.width / (view.to - view.from);
  for (let i = Math.floor(view.from / framesPerTile); i * framesPerTile < view.to; i += 1) {
    const middle = (i + 0.5) * framesPerTile;
    if (i * framesPerTile >= lane.count) break;
    const tile = tileOf(strip, Math.min(middle, lane.count - 1), lane.count);
    const url = strip.sheets[tile.sheet];
    const image = url === undefined ? null : sheet(url, ready);
    const x = (i * framesPerTile - view.from) * scale;
    if (image !== null) c.drawImage(image, tile.x, tile.y, strip.tileWidth, strip.tileHeight, x, lane.top, tileWidth, lane.height);
    c.fillStyle = p.panel;
    c.fillRect(x + tileWidth - 1, lane.top, 1, lane.height);
  }
}
