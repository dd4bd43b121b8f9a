import type { OneTimeOut } from "../../api/generated/model";
import { moment } from "../../ui/words";

/** What the line of a member says while they have not chosen a password of their own. */
export function waitingWords(oneTime: OneTimeOut, now?: Date): string {
  if (oneTime.over) return "one-time password ran out, needs a new one";
  return `one-time password not changed yet${oneTime.until === null ? "" : `, ends ${moment(oneTime.until, now)}`}`;
}
