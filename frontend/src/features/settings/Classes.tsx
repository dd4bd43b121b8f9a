/** The label set: what people may say of a clip. The order is the order of the palette, the key is the one on the keyboard. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { classAdd, classChange } from "../../api/generated/client";
import type { ClassChange, LabelClassOut } from "../../api/generated/model";
import { sentenceOf } from "../../api/http";
import { classesChanged, labelSet } from "../../api/labelling";
import { useHere } from "../../app/session";
import { Choice } from "../../ui/Choice";
import { handOver } from "../../ui/focus";
import { Button, Field, LoadingRows, Statement } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import { CLASS_KEYS } from "../label/actions";
import { roomOf, undoKey } from "./actions";
import { NameField } from "./NameField";

const KEYS = [...CLASS_KEYS, ""].map((key) => ({ value: key, label: key === "" ? "no key" : key.toUpperCase() }));

export function Classes() {
  const { slug, may } = useHere();
  const { data, error } = useQuery(labelSet(slug));
  const classes = (data?.classes ?? []).toSorted((a, b) => a.position - b.position);
  const active = classes.filter((entry) => !entry.archived);
  const archived = classes.filter((entry) => entry.archived);
  return (
    <section id="classes" className="panel">
      <header>
        <h2>Classes</h2>
        {active.length > 0 && <span className="t3 sm">{count(active.length, "class", "classes")}</span>}
      </header>
      {error !== null && data === undefined && <Statement tone="bad" icon="warn" title="The classes could not be loaded">{sentenceOf(error)}</Statement>}
      {data === undefined && error === null && <LoadingRows rows={4} what="classes" />}
      {data !== undefined && classes.length === 0 && <p className="t2 pad">No class yet. A labels.csv brings its own, or add the first one here.</p>}
      <ul className="set-lines tight" aria-label="Classes in order">
        {active.map((entry, place) => (
          <ClassLine key={entry.id} slug={slug} entry={entry} before={active[place - 1]} after={active[place + 1]} />
        ))}
      </ul>
      {archived.length > 0 && <h3 className="cap">Archived: kept in the history, offered no more</h3>}
      {archived.length > 0 && (
        <ul className="set-lines tight" aria-label="Archived classes">
          {archived.map((entry) => (
            <ArchivedLine key={entry.id} slug={slug} entry={entry} />
          ))}
        </ul>
      )}
      {may("reviewer") ? <AddClass slug={slug} /> : data !== undefined && <p className="t3 sm pad">Someone with the data lead role changes the classes.</p>}
    </section>
  );
}

function useChange(slug: string, entry: LabelClassOut, gone?: () => void) {
  return useMutation({
    mutationFn: (change: ClassChange) => classChange(slug, entry.id, change),
    onSuccess: () => {
      gone?.();
      return classesChanged(slug);
    },
    onError: tellError,
  });
}

interface ClassLineProps {
  readonly slug: string;
  readonly entry: LabelClassOut;
  readonly before: LabelClassOut | undefined;
  readonly after: LabelClassOut | undefined;
}

function ClassLine({ slug, entry, before, after }: ClassLineProps) {
  const { may } = useHere();
  const change = useChange(slug, entry);
  const line = useRef<HTMLLIElement>(null);
  const archive = useMutation({
    mutationFn: () => classChange(slug, entry.id, { archived: true }),
    onSuccess: () => {
      handOver(line.current);
      tell(`${entry.name} archived. ${count(entry.count, "clip")} keep it`, { name: "Bring back", room: roomOf(slug), keys: undoKey(), run: () => change.mutate({ archived: false }) });
      return classesChanged(slug);
    },
    onError: tellError,
  });
  return (
    <li className="class-line" ref={line}>
      <span className="sw" style={{ "--c": `var(--c${entry.colour})` } as React.CSSProperties} />
      {may("reviewer") ? <NameField key={entry.name} of={entry.name} onRename={(name, refused) => change.mutate({ name }, { onError: refused })} /> : <span className="grow b">{entry.name}</span>}
      <span className="count">{count(entry.count, "clip")}</span>
      {may("reviewer") ? (
        <>
          <Choice label="Key" value={entry.hotkey} options={KEYS} onChange={(hotkey) => change.mutate({ hotkey })} />
          <span className="moves">
            <Button size="xs" look="ghost" icon="up" label={`Move ${entry.name} up`} blocked={before === undefined ? "It is the first." : undefined} onClick={() => before !== undefined && change.mutate({ position: before.position })} />
            <Button size="xs" look="ghost" icon="down" label={`Move ${entry.name} down`} blocked={after === undefined ? "It is the last." : undefined} onClick={() => after !== undefined && change.mutate({ position: after.position })} />
          </span>
          <Button size="xs" look="ghost" label={`Archive ${entry.name}`} busy={archive.isPending} onClick={() => archive.mutate()}>
            Archive
          </Button>
        </>
      ) : (
        entry.hotkey !== "" && <kbd>{entry.hotkey.toUpperCase()}</kbd>
      )}
    </li>
  );
}

function ArchivedLine({ slug, entry }: { readonly slug: string; readonly entry: LabelClassOut }) {
  const { may } = useHere();
  const line = useRef<HTMLLIElement>(null);
  const change = useChange(slug, entry, () => handOver(line.current));
  return (
    <li className="class-line" ref={line}>
      <span className="sw" style={{ "--c": "var(--track)" } as React.CSSProperties} />
      <span className="grow t2">{entry.name}</span>
      <span className="count">{count(entry.count, "clip")}</span>
      {may("reviewer") && (
        <Button size="xs" label={`Bring back ${entry.name}`} busy={change.isPending} onClick={() => change.mutate({ archived: false })}>
          Bring back
        </Button>
      )}
    </li>
  );
}

function AddClass({ slug }: { readonly slug: string }) {
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () => classAdd(slug, { name: name.trim() }),
    onSuccess: () => {
      setName("");
      return classesChanged(slug);
    },
  });
  const missing = name.trim() === "" ? "Give the class a name first." : undefined;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (missing === undefined) add.mutate();
  };
  return (
    <form className="set-add" onSubmit={send}>
      <Field label="New class" value={name} onChange={setName} error={add.isError ? sentenceOf(add.error) : undefined} hint="It takes the next free key and colour." />
      <Button type="submit" busy={add.isPending} blocked={missing}>
        Add class
      </Button>
    </form>
  );
}
