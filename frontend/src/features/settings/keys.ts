/** Which keys there are to set, screen by screen, and which of them would get in each other's way. Pure. */
import { type Action, keysOf, PLAYER_ACTIONS, type Remap, SHELL_ACTIONS } from "../../player/shortcuts";
import { HOME_ACTIONS } from "../home/actions";
import { LABEL_ACTIONS } from "../label/actions";
import { QUALITY_ACTIONS } from "../quality/actions";
import { TRAIN_ACTIONS } from "../train/actions";
import { VIDEOS_ACTIONS } from "../videos/actions";
import { SETTINGS_ACTIONS } from "./actions";

/** Keys of the video screen that mean something else on the label screen. */
const WATCHING = PLAYER_ACTIONS.filter((action) => !LABEL_ACTIONS.includes(action));

export const BY_SCREEN: readonly { readonly name: string; readonly actions: readonly Action[] }[] = [
  { name: "Labelling and watching", actions: LABEL_ACTIONS },
  { name: "Watching a video only", actions: WATCHING },
  { name: "Judging quality", actions: QUALITY_ACTIONS },
  { name: "Training", actions: TRAIN_ACTIONS },
  { name: "The list of videos", actions: VIDEOS_ACTIONS },
  { name: "Home", actions: HOME_ACTIONS },
  { name: "Settings", actions: SETTINGS_ACTIONS },
];

/** What answers together: a room's own keys, and those of the house around it. */
const SCREENS = [LABEL_ACTIONS, PLAYER_ACTIONS, QUALITY_ACTIONS, TRAIN_ACTIONS, HOME_ACTIONS, VIDEOS_ACTIONS, SETTINGS_ACTIONS].map((own) => [...own, ...SHELL_ACTIONS]);

/** The other action that `key` stands for already, on some screen where `action` works. */
export function takenBy(action: Action, key: string, remap: Remap): Action | undefined {
  const besides = SCREENS.filter((actions) => actions.includes(action)).flat();
  return besides.find((other) => other.id !== action.id && keysOf(other, remap).includes(key));
}
