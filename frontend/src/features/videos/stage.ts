import type { VideoRow } from "../../api/generated/model";

const STATES: Readonly<Record<string, string>> = { running: "Starting", queued: "Waiting", claimed: "Starting" };

/** What a working video is doing, in a word or two. */
export function stageOf(row: VideoRow): string {
  const { ingest } = row;
  if (ingest === null) return "Waiting";
  if (ingest.stage === "") return STATES[ingest.state] || "Waiting";
  return ingest.stage.charAt(0).toUpperCase() + ingest.stage.slice(1);
}
