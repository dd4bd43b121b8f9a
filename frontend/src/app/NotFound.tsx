import { Link } from "@tanstack/react-router";
import { Statement } from "../ui/parts";

export function NotFound() {
  return (
    <div className="page">
      <Statement
        icon="search"
        title="There is nothing at this address"
        actions={
          <Link className="btn" to="/">
            Go to home
          </Link>
        }
      >
        It may have been removed, or it belongs to a project that you are not a member of.
      </Statement>
    </div>
  );
}
