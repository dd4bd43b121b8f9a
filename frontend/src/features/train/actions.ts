/** Keys of the room Train. */
import type { Action } from "../../player/shortcuts";

export const TRAIN_ACTIONS: readonly Action[] = [{ id: "train", name: "Train on current labels", group: "Train", keys: ["t"] }];
