/** What can be done to a video of the list. Removing asks nothing, because it can be taken back; so can a move. */
import { useMutation } from "@tanstack/react-query";
import { videoMove, videoRemove, videoRestore, videoRetry } from "../../api/generated/client";
import type { VideoRow } from "../../api/generated/model";
import { footageChanged } from "../../api/queries";
import { keyCap, useKeymap } from "../../app/keymap";
import { tell, tellError } from "../../ui/toasts";
import { ROOM_ACTIONS } from "./actions";
import { dropUploadsOf } from "./uploads";

type Named = Pick<VideoRow, "id" | "name">;

/** The room whose undo key takes back what was done to a video. */
export function roomOf(slug: string): string {
  return `${slug}/videos`;
}

async function bringBack(slug: string, { id, name }: Named): Promise<void> {
  try {
    await videoRestore(slug, id);
    tell(`${name} is back`);
  } catch (error) {
    tellError(error);
  }
  await footageChanged(slug);
}

async function remove(slug: string, row: Named, gone?: () => void): Promise<void> {
  await videoRemove(slug, row.id);
  dropUploadsOf(row.id);
  const keys = keyCap(ROOM_ACTIONS, useKeymap.getState().remap, "vUndo");
  tell(`${row.name} removed`, { name: "Bring back", room: roomOf(slug), keys, run: () => void bringBack(slug, row) });
  gone?.();
  await footageChanged(slug);
}

async function moveBack(slug: string, { id, name, camera }: Named & Pick<VideoRow, "camera">, seen: string): Promise<void> {
  try {
    await videoMove(slug, id, { camera: camera.id, seen });
    tell(`${name} is back at ${camera.name}`);
  } catch (error) {
    tellError(error);
  }
  await footageChanged(slug);
}

interface Moving {
  /** How the key is printed that takes it back. */
  readonly undo: string | undefined;
  /** Called before the lists are fetched again, which may take down what shows the video. */
  readonly moved: () => void;
}

/** Puts a video under another camera. */
export async function moveTo(slug: string, row: Named & Pick<VideoRow, "camera">, camera: string, { undo, moved }: Moving): Promise<void> {
  const now = await videoMove(slug, row.id, { camera, seen: row.camera.id });
  tell(`${row.name} moved to ${now.camera.name}`, { name: "Undo", room: roomOf(slug), keys: undo, run: () => void moveBack(slug, row, now.camera.id) });
  moved();
  await footageChanged(slug);
}

/** `gone` is called before the lists are fetched again, which may take down what shows the video. */
export function useVideoDeeds(slug: string, row: Named, gone?: () => void) {
  const retry = useMutation({ mutationFn: () => videoRetry(slug, row.id), onSuccess: () => footageChanged(slug), onError: tellError });
  const removal = useMutation({ mutationFn: () => remove(slug, row, gone), onError: tellError });
  return { retry, removal };
}
