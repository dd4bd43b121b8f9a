/** What is selected and what can be done with it, floating over the frames. */
import { keyCap, useKeymap } from "../../app/keymap";
import { Button } from "../../ui/parts";
import { count, whole } from "../../ui/words";
import { QUALITY_ACTIONS } from "./actions";
import type { StateFilter } from "./filters";
import { isEmpty, named, sizeOf } from "./selection";
import type { Review } from "./useReview";

interface BulkBarProps {
  readonly review: Review;
  readonly state: StateFilter;
}

export function BulkBar({ review, state }: BulkBarProps) {
  const remap = useKeymap((store) => store.remap);
  const { selection } = review;
  if (isEmpty(selection)) return null;
  const size = sizeOf(selection, { frames: review.frames, spans: review.total });
  const cap = (id: string): string | undefined => keyCap(QUALITY_ACTIONS, remap, id);
  const out = selection.kind === "all" ? named(selection).reduce((sum, part) => sum + part.end - part.start, 0) : 0;
  const none = size.frames === 0 ? "Everything is left out." : undefined;
  return (
    <div className="qb" role="toolbar" aria-label="Selected frames">
      <span className="b nw" role="status">
        {selection.kind === "all" && out === 0 && "All "}
        {count(size.frames, "frame")}
        <span className="qb-w"> selected</span>
      </span>
      <span className="t3 nw qb-more">{out > 0 ? `${whole(out)} left out` : count(size.spans, "span")}</span>
      {state !== "restored" && (
        <Button look="pri" size="sm" keys={cap("qRestore")} blocked={none} onClick={() => review.decideOn("restored")}>
          Restore
        </Button>
      )}
      {state !== "confirmed" && (
        <Button size="sm" keys={cap("qConfirm")} blocked={none} onClick={() => review.decideOn("confirmed")}>
          Confirm rejection
        </Button>
      )}
      {state !== "pending" && (
        <Button size="sm" keys={cap("qReopen")} blocked={none} onClick={() => review.decideOn("pending")}>
          Back to review
        </Button>
      )}
      <Button size="sm" look="ghost" keys={cap("qClear")} onClick={review.clear}>
        Clear
      </Button>
    </div>
  );
}
