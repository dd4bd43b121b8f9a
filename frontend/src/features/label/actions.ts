/** Every key of the label screen. */
import { type Action, PLAYER_ACTIONS } from "../../player/shortcuts";

const OWN = new Set(["spanBack", "spanOn", "loop"]); // here these keys belong to segments

/** What classes are given as keys: digits, and letters that nothing here stands for (HOTKEYS on the server). T, Y, D, H and B are left for people's own keys. */
export const CLASS_KEYS: readonly string[] = [..."1234567890qwerafzv"];

export const LABEL_ACTIONS: readonly Action[] = [
  ...CLASS_KEYS.map((key): Action => ({ id: `class${key}`, name: `The class with the key ${key.toUpperCase()}`, group: "Class", keys: [key], together: "The class with this key" })),
  { id: "find", name: "Find a class by its name", group: "Class", keys: [";", "Shift+;"] },
  { id: "accept", name: "Accept what is shown, and next", group: "Decide", keys: ["Enter"] },
  { id: "reject", name: "Reject, and next", group: "Decide", keys: ["x"] },
  { id: "uncertain", name: "Uncertain, and next", group: "Decide", keys: ["u"] },
  { id: "skip", name: "Skip to the next clip", group: "Decide", keys: ["n"] },
  { id: "comment", name: "Comment", group: "Decide", keys: ["c"] },
  { id: "undo", name: "Undo, also across clips", group: "Decide", keys: ["$mod+z"] },
  { id: "redo", name: "Redo", group: "Decide", keys: ["$mod+Shift+z", "$mod+y"] },
  { id: "markIn", name: "Mark in", group: "Segments", keys: ["i"] },
  { id: "markOut", name: "Mark out", group: "Segments", keys: ["o"] },
  { id: "earlier", name: "Nearer edge one frame earlier", group: "Segments", keys: ["["] },
  { id: "later", name: "Nearer edge one frame later", group: "Segments", keys: ["]"] },
  { id: "muchEarlier", name: "Nearer edge ten frames earlier", group: "Segments", keys: ["Shift+BracketLeft"] },
  { id: "muchLater", name: "Nearer edge ten frames later", group: "Segments", keys: ["Shift+BracketRight"] },
  { id: "split", name: "Split at the playhead", group: "Segments", keys: ["s"] },
  { id: "merge", name: "Merge with the next of its class", group: "Segments", keys: ["m"] },
  { id: "remove", name: "Delete the segment", group: "Segments", keys: ["Backspace", "Delete"] },
  { id: "segmentBack", name: "Previous segment", group: "Segments", keys: ["ArrowUp"] },
  { id: "segmentOn", name: "Next segment", group: "Segments", keys: ["ArrowDown"] },
  { id: "letGo", name: "Let go of marks, class, selection", group: "Segments", keys: ["Escape"] },
  { id: "loopSegment", name: "Loop the segment, the marks or the clip", group: "Play", keys: ["/", "Shift+/"] },
  { id: "autoplay", name: "Play clips as they come, or not", group: "Play", keys: ["p"] },
  ...PLAYER_ACTIONS.filter((action) => !OWN.has(action.id)),
];

/** A key that is held down repeats these. Nothing that decides about a clip may repeat. */
export const REPEATS: ReadonlySet<string> = new Set(["previous", "next", "secondBack", "secondOn", "earlier", "later", "muchEarlier", "muchLater", "undo", "redo", "closer", "wider", "segmentBack", "segmentOn"]);
