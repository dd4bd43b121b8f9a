/** What the player needs of one video. */
import type { IndexOut } from "../../api/generated/model";
import { fileUrl, stillUrl } from "../../api/queries";
import type { PlayerMedia } from "../../player/player";
import { type Run, Timebase } from "../../player/timebase";

export function mediaOf(slug: string, id: string, index: IndexOut): PlayerMedia {
  const [num, den] = index.time_base;
  const timebase = new Timebase(index.runs as unknown as Run[], { num: num ?? 1, den: den ?? 90_000 }, index.last_duration);
  return {
    timebase,
    fullUrl: fileUrl(slug, id, "proxy720"),
    dragUrl: fileUrl(slug, id, "proxy360"),
    stillUrl: (n) => stillUrl(slug, id, n),
    aspect: index.width / index.height,
  };
}
