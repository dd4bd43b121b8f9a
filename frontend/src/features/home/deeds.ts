/** What people did, in words. Only what is named here is asked of the server. */
import type { DeedOut } from "../../api/generated/model";
import { count, reasonName, whole } from "../../ui/words";

type Words = (deed: DeedOut) => string;

const text = (deed: DeedOut, name: string): string => String(deed.data[name] ?? "");
const number = (deed: DeedOut, name: string): number => Number(deed.data[name] ?? 0);
const named = (deed: DeedOut, verb: string, thing: string): string => (deed.times === 1 ? `${verb} ${text(deed, "name")}` : `${verb} ${count(deed.times, thing)}`);

const WORDS: Readonly<Record<string, Words>> = {
  "video.register": (deed) => named(deed, "added", "video"),
  "video.remove": (deed) => named(deed, "removed", "video"),
  "video.restore": (deed) => named(deed, "brought back", "video"),
  "video.move": (deed) => (deed.times === 1 ? `moved ${text(deed, "name")} from ${text(deed, "from")} to ${text(deed, "to")}` : `moved ${count(deed.times, "video")}`),
  "camera.create": (deed) => (deed.times === 1 ? `added the camera ${text(deed, "name")}` : `added ${count(deed.times, "camera")}`),
  "labels.import": (deed) => (deed.times === 1 ? `brought in ${count(number(deed, "imported"), "label")}` : `brought in ${count(deed.times, "table")} of labels`),
  "review.restored": (deed) => (deed.times === 1 ? `restored ${count(number(deed, "frames"), "frame")}` : `restored frames ${whole(deed.times)} times`),
  "review.confirmed": (deed) => (deed.times === 1 ? `confirmed ${count(number(deed, "frames"), "rejected frame")}` : `confirmed rejections ${whole(deed.times)} times`),
  "gate.apply": (deed) => `changed a gate: ${reasons(deed)}`,
  "trainingrun.start": (deed) => `started run ${text(deed, "number")}`,
  "modelversion.champion": (deed) => (deed.who === "" ? "A new model became the champion" : "promoted a model"),
  "member.add": (deed) => (deed.times === 1 ? `let ${text(deed, "user")} in` : `let ${count(deed.times, "person", "people")} in`),
};

export const VERBS: readonly string[] = Object.keys(WORDS);

/** Where what was done can be looked at; the name of a room, of a video with its id, of a run with its number. */
export type Place = { readonly room: "videos" | "quality" | "label" | "models" | "settings" } | { readonly room: "video"; readonly id: string } | { readonly room: "run"; readonly number: string };

const ROOMS: Readonly<Record<string, "videos" | "quality" | "label" | "models" | "settings">> = {
  video: "videos",
  camera: "videos",
  labels: "label",
  review: "quality",
  gate: "quality",
  modelversion: "models",
  member: "settings",
};

export function deedPlace(deed: DeedOut): Place {
  if (deed.verb === "trainingrun.start") return { room: "run", number: text(deed, "number") };
  if (deed.times === 1 && ["video.register", "video.restore", "video.move"].includes(deed.verb)) return { room: "video", id: deed.object };
  return { room: ROOMS[deed.verb.split(".")[0] ?? ""] ?? "videos" };
}

/** A sentence without its full stop: `Tomás Reyes restored 39 frames`. What the system did begins with its object. */
export function deedWords(deed: DeedOut): string {
  const words = WORDS[deed.verb]?.(deed) ?? deed.verb;
  if (deed.who !== "") return `${deed.who} ${words}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function reasons(deed: DeedOut): string {
  const changed = Object.keys((deed.data["to"] ?? {}) as Record<string, unknown>);
  return changed.map((name) => reasonName(name).toLowerCase()).join(", ");
}

/** `17:41` today, `14 Oct` before. */
export function when(iso: string, now: Date): string {
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}
