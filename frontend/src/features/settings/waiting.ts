import type { OneTimeOut } from "../../api/generated/model";
import { moment } from "../../ui/words";

/** What the line of a member says while they have not chosen a password of their own. */
export function waitingWords(oneTime: OneTimeOut, now?: Date): string {
  if (oneTime.until === null) return "has not signed in yet";
  return oneTime.over ? "one-time password ran out, needs a new one" : `has not signed in yet, one-time password until ${moment(oneTime.until, now)}`;
}
