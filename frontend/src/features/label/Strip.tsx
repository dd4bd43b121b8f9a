/** What was just labelled, what is open and what comes, as pictures. */
import { keyCap, useKeymap } from "../../app/keymap";
import { Icon, type IconName } from "../../ui/Icon";
import { Still } from "../../ui/Still";
import { count, whole } from "../../ui/words";
import { LABEL_ACTIONS } from "./actions";
import type { Desk } from "./desk";
import type { Queue } from "./queue";
import { Swatch } from "./Swatch";
import type { ClipRow, Content, LabelClass } from "./types";

interface StripProps {
  readonly desk: Desk;
  readonly queue: Queue;
  readonly classes: readonly LabelClass[];
  readonly onOpen: (id: string) => void;
}

type Poster = Pick<ClipRow, "id" | "poster" | "camera">;
const BEHIND = 2;

export function Strip({ desk, queue, classes, onOpen }: StripProps) {
  const open = desk.seat?.clip ?? null;
  const behind = desk.history.done.flatMap((step) => (step.kind === "move" && step.written !== null ? [{ clip: step.from.clip, content: step.written.after }] : [])).filter(({ clip }) => clip.id !== open?.id);
  const latest = [...new Map(behind.map((entry) => [entry.clip.id, entry])).values()].slice(-BEHIND);
  const named = (id: string | null | undefined): LabelClass | undefined => classes.find((label) => label.id === id);
  const guess = open?.suggestion ?? null;
  const coming = queue.upcoming.filter((row) => row.id !== open?.id);
  return (
    <div className="q">
      <Progress queue={queue} guessed={coming.some((row) => row.suggestion !== null)} />
      <ul className="cards" aria-label="Queue">
        {latest.map(({ clip, content }) => (
          <Card key={clip.id} row={clip} look="done" icon={iconOf(content)} name={nameOf(content, named)} onOpen={onOpen} />
        ))}
        {open !== null && <Card key={open.id} row={open} look="now" label={named(guess?.top)} name={named(guess?.top)?.name ?? open.camera.name} p={guess?.scores[0]?.p} onOpen={onOpen} />}
        {coming.map((row) => (
          <Card key={row.id} row={row} look="" label={named(row.suggestion?.label)} name={named(row.suggestion?.label)?.name ?? row.camera.name} p={row.suggestion?.p} onOpen={onOpen} />
        ))}
      </ul>
      <Legend />
    </div>
  );
}

function Progress({ queue, guessed }: { readonly queue: Queue; readonly guessed: boolean }) {
  const each = queue.secondsEach === null || queue.doneToday === 0 ? "" : `, ${queue.secondsEach.toFixed(1)}\u00a0s\u00a0each`;
  return (
    <div className="why">
      <div className="b" data-testid="progress">
        {whole(queue.done)} of {whole(queue.total)}
      </div>
      <div className="sm t3">
        {guessed ? "Least certain first." : "Oldest first."} {whole(queue.doneToday)} labelled today{each}.
      </div>
    </div>
  );
}

interface CardProps {
  readonly row: Poster;
  readonly look: "done" | "now" | "";
  readonly name: string;
  readonly icon?: IconName;
  readonly label?: LabelClass | undefined;
  readonly p?: number | undefined;
  readonly onOpen: (id: string) => void;
}

function Card({ row, look, name, icon, label, p, onOpen }: CardProps) {
  const said = look === "done" ? `Open again: ${name}` : look === "now" ? `Open now: ${name}` : `Open: ${name}`;
  return (
    <li className={look === "" ? "qc" : `qc ${look}`}>
      <button type="button" aria-label={said} aria-current={look === "now" ? true : undefined} onClick={() => onOpen(row.id)}>
        <Still src={row.poster} alt="" />
        <span>
          {icon !== undefined && <Icon name={icon} />}
          {label !== undefined && <Swatch label={label} ring />}
          <span className="ell">{name}</span>
          {p !== undefined && <b>{p.toFixed(2)}</b>}
        </span>
      </button>
    </li>
  );
}

function iconOf({ outcome }: Content): IconName {
  if (outcome === "rejected") return "x";
  return outcome === "uncertain" ? "info" : "check";
}

function nameOf({ outcome, label, segments }: Content, named: (id: string | null) => LabelClass | undefined): string {
  if (outcome === "rejected") return "Rejected";
  if (outcome === "uncertain") return "Unsure";
  return named(label)?.name ?? count(segments.length, "segment");
}

const HINTS: readonly { readonly ids: readonly string[]; readonly name: string }[] = [
  { ids: ["markIn", "markOut"], name: "Mark in, out" },
  { ids: ["earlier", "later"], name: "Nudge edge" },
  { ids: ["loopSegment"], name: "Loop" },
  { ids: ["split"], name: "Split here" },
  { ids: ["skip"], name: "Skip clip" },
];

function Legend() {
  const remap = useKeymap((store) => store.remap);
  return (
    <div className="keys">
      {HINTS.map(({ ids, name }) => (
        <span key={name}>
          {ids.map((id) => (
            <kbd key={id}>{keyCap(LABEL_ACTIONS, remap, id)}</kbd>
          ))}
          {name}
        </span>
      ))}
      <span>
        <kbd>?</kbd>All keys
      </span>
    </div>
  );
}
