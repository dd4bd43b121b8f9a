import { useQuery } from "@tanstack/react-query";
import { http } from "../../api/http";
import { fileUrl } from "../../api/queries";
import type { Filmstrip } from "../../player/filmstrip";

interface Manifest {
  readonly tile_w: number;
  readonly tile_h: number;
  readonly columns: number;
  readonly rows: number;
  readonly every_n_frames: number;
  readonly sheets: readonly string[];
}

/** The sprite sheets of a video; null until they are known, and if there are none the timeline does without. */
export function useFilmstrip(slug: string, id: string): Filmstrip | null {
  const { data } = useQuery({
    queryKey: ["p", slug, "video", id, "filmstrip"],
    queryFn: ({ signal }) => http<Manifest>(fileUrl(slug, id, "filmstrip"), { signal }),
    select: (manifest): Filmstrip => ({
      tileWidth: manifest.tile_w,
      tileHeight: manifest.tile_h,
      columns: manifest.columns,
      rows: manifest.rows,
      every: manifest.every_n_frames,
      sheets: manifest.sheets.map((name) => fileUrl(slug, id, name.replace(/\.jpg$/, ""))),
    }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}
