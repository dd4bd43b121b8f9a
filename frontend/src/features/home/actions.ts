/** Keys of Home: each is on the button that it presses. */
import type { Action } from "../../player/shortcuts";

export const HOME_ACTIONS: readonly Action[] = [
  { id: "hLabel", name: "Label the next clip", group: "Home", keys: ["l"] },
  { id: "hReview", name: "Review rejected frames", group: "Home", keys: ["r"] },
  { id: "hTrain", name: "Train on current labels, or follow the run", group: "Home", keys: ["t"] },
];
