/** Every label that is in this browser and not on the server, with what holds it up. */
import { type Entry, outbox, useOutbox } from "../outbox";
import { Dialog } from "../ui/Dialog";
import { Button } from "../ui/parts";
import { count, moment } from "../ui/words";
import { useHere } from "./session";
import { SignInLink } from "./SignedOut";

interface WaitingProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDecide: () => void;
}

export function WaitingDialog({ open, onClose, onDecide }: WaitingProps) {
  const { user, expired } = useHere();
  const status = useOutbox();
  const signedOut = expired || status.signedOut;
  const mine = status.entries.filter((entry) => entry.user === "" || entry.user === String(user?.id));
  const footer = signedOut ? <SignInLink /> : <Button onClick={() => outbox.hurry()}>Try now</Button>;
  return (
    <Dialog open={open} onClose={onClose} title={titleOf(mine.length, signedOut)} fact={mine.length === 0 ? undefined : factOf(status.durable)} footer={mine.length === 0 ? undefined : footer} width={640}>
      <ul className="waits">
        {mine.map((entry) => (
          <Line key={entry.client_id} entry={entry} onDecide={onDecide} />
        ))}
      </ul>
      {status.others > 0 && <p className="t2">{count(status.others, "label")} of other people {status.others === 1 ? "goes" : "go"} out when they sign in here.</p>}
    </Dialog>
  );
}

function titleOf(waiting: number, signedOut: boolean): string {
  if (waiting === 0) return "All changes saved";
  return `${count(waiting, "label")} ${waiting === 1 ? "waits" : "wait"} ${signedOut ? "for you to sign in" : "here"}`;
}

function factOf(durable: boolean): string {
  return durable
    ? "Stored in this browser, through a reload too, and sent once."
    : "This browser stores nothing for this page, or has no room: what waits is lost when this tab closes.";
}

function Line({ entry, onDecide }: { readonly entry: Entry; readonly onDecide: () => void }) {
  const { outcome, segments } = entry.annotation;
  const what = segments.length > 0 ? count(segments.length, "segment") : WORDS[outcome];
  return (
    <li>
      <span className="grow">
        <span>{what}</span> <span className="t3 sm">{moment(new Date(entry.at).toISOString())}</span>
        {entry.state === "refused" && <span className="sm bad block">{entry.sentence}</span>}
        {entry.state === "conflict" && <span className="sm t2 block">This clip was saved elsewhere first.</span>}
      </span>
      {entry.state === "conflict" && (
        <Button size="xs" onClick={onDecide}>
          Decide
        </Button>
      )}
      {entry.state === "refused" && (
        <>
          <Button size="xs" onClick={() => void outbox.again(entry.client_id)}>
            Send again
          </Button>
          <Button size="xs" look="ghost" onClick={() => void outbox.drop(entry.client_id)}>
            Remove
          </Button>
        </>
      )}
    </li>
  );
}

const WORDS: Readonly<Record<Entry["annotation"]["outcome"], string>> = { labelled: "A class", uncertain: "Unsure", rejected: "Rejected", cleared: "Label taken back" };
