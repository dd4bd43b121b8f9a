/** The clips that two people, or two windows of one, changed, one after the other, from wherever in the house the person is. */
import { useQuery } from "@tanstack/react-query";
import { clipDetail, labelSet } from "../../api/labelling";
import { useHere } from "../../app/session";
import { type Draft, type Entry, outbox, useOutbox } from "../../outbox";
import { Dialog } from "../../ui/Dialog";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import { Conflict } from "./Conflict";
import type { Bounds } from "./conflict";

export function ConflictDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { user } = useHere();
  const { entries } = useOutbox();
  const conflicts = entries.filter((entry) => entry.state === "conflict" && (entry.user === "" || entry.user === String(user?.id)));
  const entry = conflicts[0];
  const decided = async (decision: Draft): Promise<void> => {
    if (entry === undefined) return;
    try {
      await outbox.decide(entry.client_id, decision);
      tell("Decided. Both versions stay in the history");
      if (conflicts.length === 1) onClose();
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <Dialog open={open && entry !== undefined} onClose={onClose} title={`${count(conflicts.length, "clip")} ${conflicts.length === 1 ? "needs" : "need"} your decision`} fact="Nothing was overwritten." width={880}>
      {entry !== undefined && <OneConflict key={entry.client_id} entry={entry} self={String(user?.id)} onDecide={(decision) => void decided(decision)} />}
    </Dialog>
  );
}

function OneConflict({ entry, self, onDecide }: { readonly entry: Entry; readonly self: string; readonly onDecide: (decision: Draft) => void }) {
  const { data: set } = useQuery(labelSet(entry.slug));
  const { data: clip } = useQuery(clipDetail(entry.slug, entry.clip));
  const mine = outbox.mine(entry);
  const bounds = clip === undefined ? extent(mine, entry.theirs) : { start: clip.start, end: clip.end };
  return <Conflict entry={entry} mine={mine} bounds={bounds} classes={set?.classes ?? []} name={clip?.video.name ?? "clip"} self={self} onDecide={onDecide} />;
}

/** Without the clip at hand, as far as its segments reach. */
function extent(...drafts: readonly (Draft | null)[]): Bounds {
  const segments = drafts.flatMap((draft) => draft?.segments ?? []);
  if (segments.length === 0) return { start: 0, end: 1 };
  return { start: Math.min(...segments.map(({ start }) => start)), end: Math.max(...segments.map(({ end }) => end)) };
}
