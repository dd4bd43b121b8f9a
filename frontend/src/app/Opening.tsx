import { Mark } from "../ui/Icon";

/** The house before anybody is known to be in it: bar and rail, no words. */
export function Opening() {
  return (
    <div className="app" aria-busy="true" role="status" aria-label="Opening Rushes">
      <div className="top">
        <span className="brand">
          <Mark />
        </span>
      </div>
      <div className="rail" />
    </div>
  );
}
