import { Link } from "@tanstack/react-router";
import { Statement } from "../ui/parts";

/** An address outside every project. */
export function NothingHere() {
  return (
    <main className="page alone">
      <Nothing />
    </main>
  );
}

/** An address that no room of the project has; the house stands around it. */
export function NotFound() {
  return (
    <div className="page">
      <Nothing />
    </div>
  );
}

function Nothing() {
  return (
    <Statement
      icon="search"
      title="There is nothing at this address"
      actions={
        <Link className="btn" to="/">
          Go to Home
        </Link>
      }
    >
      It may have been removed, or it belongs to a project that you are not a member of.
    </Statement>
  );
}
