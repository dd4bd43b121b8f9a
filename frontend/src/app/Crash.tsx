import { ApiError, sentenceOf } from "../api/http";
import { Button, Statement } from "../ui/parts";

/** When a screen cannot be shown at all. */
export function Crash({ error }: { readonly error: unknown }) {
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <div className="page">
      <Statement
        icon={offline ? "off" : "warn"}
        tone="bad"
        title={offline ? "No connection to the server" : "This screen could not be shown"}
        actions={<Button onClick={() => location.reload()}>Load it again</Button>}
      >
        {sentenceOf(error)}
      </Statement>
    </div>
  );
}
