/** What stands where no frames are: nothing rejected, all decided, nothing found, or not here yet. */
import { Link } from "@tanstack/react-router";
import { Button, Statement, useLate } from "../../ui/parts";
import type { StateFilter } from "./filters";

export function Shapes() {
  const late = useLate();
  if (!late) return <div aria-busy="true" />;
  return (
    <div className="qa-shapes" aria-busy="true" role="status" aria-label="Loading frames">
      {Array.from({ length: 24 }, (_, i) => (
        <span key={i} className="skel" />
      ))}
    </div>
  );
}

/** Neither rejected nor ever decided. */
export function NothingRejected({ slug }: { readonly slug: string }) {
  return (
    <div className="page">
      <header>
        <h1>Quality</h1>
      </header>
      <Statement
        icon="gauge"
        title="No frame was rejected"
        actions={
          <Link className="btn" to="/p/$slug/videos" params={{ slug }}>
            Go to Videos
          </Link>
        }
      >
        Every frame is scored as its video comes in. What a camera’s gate rejects shows here, with its reason and its number.
      </Statement>
    </div>
  );
}

const TITLES: Readonly<Record<StateFilter, string>> = {
  pending: "Nothing is left to review",
  confirmed: "No rejection is confirmed yet",
  restored: "Nothing was restored yet",
  all: "No frame was rejected",
};

export function AllDone({ slug, state, onAll }: { readonly slug: string; readonly state: StateFilter; readonly onAll: () => void }) {
  return (
    <Statement
      icon={state === "pending" ? "check" : "filter"}
      title={TITLES[state]}
      actions={
        state === "all" ? (
          <Link className="btn" to="/p/$slug/videos" params={{ slug }}>
            Go to Videos
          </Link>
        ) : (
          <Button onClick={onAll}>Show all that was rejected</Button>
        )
      }
    >
      {state === "pending" ? "Every rejected frame is decided. New footage brings new ones." : "Decisions show here as they are made."}
    </Statement>
  );
}

interface NoMatchProps {
  readonly state: StateFilter;
  readonly decided: number;
  readonly onClear: () => void;
  readonly onAll: () => void;
}

export function NoMatch({ state, decided, onClear, onAll }: NoMatchProps) {
  const reviewed = state === "pending" && decided > 0;
  return (
    <Statement
      icon={reviewed ? "check" : "filter"}
      title={reviewed ? "All that this filter finds is decided" : "No rejected frame matches this filter"}
      actions={
        <>
          <Button onClick={onClear}>Clear filter</Button>
          {reviewed && (
            <Button look="ghost" onClick={onAll}>
              Show the decisions
            </Button>
          )}
        </>
      }
    />
  );
}
