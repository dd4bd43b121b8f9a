/** A rejected frame from the sprites of its video, or where those lack it, as a still. */
import { fileUrl, stillUrl } from "../../api/queries";
import { Still } from "../../ui/Still";
import type { Span, Tile } from "./types";
import "./picture.css";

interface PictureProps {
  readonly slug: string;
  readonly span: Span;
  readonly tile: Tile;
  /** Of the cell that it fills, in pixels; the cell is 16 to 9. */
  readonly width: number;
}

export function Picture({ slug, span, tile, width }: PictureProps) {
  const { sprite } = span;
  if (sprite === null || tile.index === null) return <Still src={`${stillUrl(slug, span.video, tile.frame)}?height=360`} alt="" loading="lazy" />;
  const each = sprite.columns * sprite.rows;
  const sheet = sprite.sheets[Math.floor(tile.index / each)];
  const inside = tile.index % each;
  const scale = Math.min(width / sprite.tile_w, (width * 9) / 16 / sprite.tile_h);
  const style = {
    width: sprite.tile_w,
    height: sprite.tile_h,
    transform: `translate(-50%, -50%) scale(${scale})`,
    backgroundImage: sheet === undefined ? "none" : `url("${fileUrl(slug, span.video, sheet.replace(/\.jpg$/, ""))}")`,
    backgroundPosition: `${-(inside % sprite.columns) * sprite.tile_w}px ${-Math.floor(inside / sprite.columns) * sprite.tile_h}px`,
  };
  return <div className="qt-sprite" style={style} />;
}
