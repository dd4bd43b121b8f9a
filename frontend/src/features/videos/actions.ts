/** Keys of the room Videos. */
import type { Action } from "../../player/shortcuts";

export const ROOM_ACTIONS: readonly Action[] = [
  { id: "vUpload", name: "Upload videos", group: "Videos", keys: ["u"] },
  { id: "vFind", name: "Find by name or camera", group: "Videos", keys: ["/"] },
  { id: "vUndo", name: "Take back the last removal or move", group: "Videos", keys: ["$mod+z"] },
];

export const LIST_ACTIONS: readonly Action[] = [
  { id: "vUp", name: "Move up", group: "Move", keys: ["ArrowUp"], together: "Move among the videos" },
  { id: "vDown", name: "Move down", group: "Move", keys: ["ArrowDown"], together: "Move among the videos" },
  { id: "vPageUp", name: "A screen up", group: "Move", keys: ["PageUp"], together: "A screen up, down" },
  { id: "vPageDown", name: "A screen down", group: "Move", keys: ["PageDown"], together: "A screen up, down" },
  { id: "vFirst", name: "Move to the first video", group: "Move", keys: ["Home"], together: "First, last video" },
  { id: "vLast", name: "Move to the last video", group: "Move", keys: ["End"], together: "First, last video" },
];

/** Of the video that has the focus. */
export const ROW_ACTIONS: readonly Action[] = [
  { id: "vOpen", name: "Open it", group: "The video in focus", keys: ["Enter"] },
  { id: "vRetry", name: "Try it again, if it failed", group: "The video in focus", keys: ["r"] },
  { id: "vMove", name: "Move it to another camera", group: "The video in focus", keys: ["m"] },
  { id: "vRemove", name: "Remove it, if it failed", group: "The video in focus", keys: ["Delete"] },
];

export const VIDEOS_ACTIONS: readonly Action[] = [...ROOM_ACTIONS, ...LIST_ACTIONS, ...ROW_ACTIONS];

/** Where a key leads from row `from` of `total`, with `page` rows on the screen. */
export function rowAfter(id: string, from: number, total: number, page: number): number {
  const to: Readonly<Record<string, number>> = { vUp: from - 1, vDown: from + 1, vPageUp: from - page, vPageDown: from + page, vFirst: 0, vLast: total - 1 };
  return Math.max(0, Math.min(total - 1, to[id] ?? from));
}
