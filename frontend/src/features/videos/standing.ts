/** How far an upload is, in the words of the list of videos below it. Pure. */
import { type VideoRow, VideoState } from "../../api/generated/model";
import type { Tone } from "../../ui/parts";
import { count } from "../../ui/words";
import { stageOf } from "./stage";
import type { UploadItem } from "./uploads";

export interface Standing {
  readonly tone: Tone;
  readonly words: string;
  readonly sentence: string;
}

/** Of a file that the server has; `row` is its video, undefined until the list is there. */
export function standingOf(row: VideoRow | undefined): Standing {
  const sentence = row?.sentence ?? "";
  if (row === undefined || row.state === VideoState.registered) return { tone: "idle", words: "Stored, waits to be read", sentence };
  if (row.state === VideoState.working) return { tone: "run", words: `${stageOf(row)}, ${Math.round((row.ingest?.progress ?? 0) * 100)} %`, sentence };
  if (row.state === VideoState.failed) return { tone: "bad", words: "Failed", sentence };
  return row.damaged ? { tone: "warn", words: "Ready, damaged", sentence } : { tone: "ok", words: "Ready", sentence: "" };
}

const GOING = new Set(["sending", "waiting", "paused"]);

/** `Uploading, 2 of 7 videos done`, then what became of them: `7 files: 4 ready, 2 failed, 1 not uploaded`. */
export function titleOf(items: readonly UploadItem[], rows: ReadonlyMap<string, VideoRow>): string {
  const done = items.filter((item) => item.state === "done");
  if (items.some((item) => GOING.has(item.state))) return `Uploading, ${done.length} of ${count(items.length, "video")} done`;
  const states = done.map((item) => rows.get(item.video ?? "")?.state ?? VideoState.registered);
  const of = (...wanted: readonly VideoState[]): number => states.filter((state) => wanted.includes(state)).length;
  const parts = [
    [of(VideoState.ready), "ready"],
    [of(VideoState.registered, VideoState.working), "being read"],
    [of(VideoState.failed), "failed"],
    [items.length - done.length, "not uploaded"],
  ] as const;
  return `${count(items.length, "file")}: ${parts.filter(([n]) => n > 0).map(([n, words]) => `${n} ${words}`).join(", ")}`;
}
