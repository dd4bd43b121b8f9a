/** The classes with their colours and keys, and a search for those that have none. */
import { type KeyboardEvent, type RefObject, useState } from "react";
import { keyCap, useKeymap } from "../../app/keymap";
import { Icon } from "../../ui/Icon";
import { whole } from "../../ui/words";
import { LABEL_ACTIONS } from "./actions";
import { Swatch } from "./Swatch";
import type { LabelClass, LabelSet } from "./types";
import type { Work } from "./work";

interface ClassListProps {
  readonly set: LabelSet;
  readonly work: Work | null;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onPick: (label: LabelClass) => void;
  /** Makes a class of this name; null for people who may not. */
  readonly onMake: ((name: string) => void) | null;
}

export function ClassList({ set, work, search, onPick, onMake }: ClassListProps) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const remap = useKeymap((store) => store.remap);
  const wanted = text.trim().toLowerCase();
  const live = set.classes.filter((label) => !label.archived);
  const shown = wanted === "" ? live : live.filter((label) => label.name.toLowerCase().includes(wanted));
  const chosen = Math.min(at, shown.length - 1);
  const current = work?.armed ?? work?.segments.find((segment) => segment.key === work.selected)?.label ?? work?.label;
  const leave = (): void => {
    setText("");
    setAt(0);
    search.current?.blur();
  };
  const none = wanted !== "" && shown.length === 0;
  const take = (): void => {
    const label = shown[chosen];
    if (label === undefined) return; // what nothing is called stays in the field, to be mended or made
    onPick(label);
    leave();
  };
  const make = (): void => {
    if (!none || onMake === null) return;
    onMake(text.trim());
    leave();
  };
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && shown.length > 0) setAt((chosen + step + shown.length) % shown.length);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) make();
    else if (event.key === "Enter" && wanted !== "") take();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <aside className="pal" aria-label="Classes">
      <div className="hd">
        <h2 className="ell">{set.name === "" ? "Classes" : set.name}</h2>
        {set.revision > 0 && <span className="chip">v{set.revision}</span>}
      </div>
      <label className="field in search find">
        <Icon name="search" />
        <input
          ref={search}
          aria-label="Find a class"
          placeholder="Find a class"
          value={text}
          onKeyDown={keys}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
        />
        <kbd>{keyCap(LABEL_ACTIONS, remap, "find")}</kbd>
      </label>
      {none && <NoneCalled text={text.trim()} onMake={onMake === null ? null : make} />}
      {live.length === 0 && !none && <p className="t3 sm none">{onMake === null ? "There are no classes yet. A data lead makes them." : "There are no classes yet. Type a name above to make the first one."}</p>}
      <ul className="classes">
        {shown.map((label, i) => (
          <li key={label.id}>
            <button type="button" aria-pressed={label.id === current} className={classOf(label, current ?? null, wanted !== "" && i === chosen)} title={label.description || undefined} onClick={() => onPick(label)}>
              <Swatch label={label} />
              <span className="nm ell">{label.name}</span>
              <span className="n">{whole(label.count)}</span>
              {label.hotkey === "" ? <span /> : <kbd>{keyCap(LABEL_ACTIONS, remap, `class${label.hotkey}`) ?? ""}</kbd>}
            </button>
          </li>
        ))}
      </ul>
      <Guide label={live.find((label) => label.id === current)} />
    </aside>
  );
}

function classOf(label: LabelClass, current: string | null, at: boolean): string {
  return ["cls", label.id === current ? "on" : "", at ? "at" : ""].filter(Boolean).join(" ");
}

/** A typo is not a class: making one for everybody has a key of its own, and is for those who may. */
function NoneCalled({ text, onMake }: { readonly text: string; readonly onMake: (() => void) | null }) {
  return (
    <div className="none" role="status">
      <p className="t2 sm">No class is called “{text}”. {onMake === null ? "Someone with the data lead role makes new ones." : "A new one is there for everyone."}</p>
      {onMake !== null && (
        <button type="button" className="btn xs" onClick={onMake}>
          Make it<kbd>Ctrl Enter</kbd>
        </button>
      )}
    </div>
  );
}

/** What the class in hand means, in the words of whoever made it. */
function Guide({ label }: { readonly label: LabelClass | undefined }) {
  if (label === undefined || label.description === "") return null;
  return (
    <div className="guide sm t2">
      {label.name}: {label.description}
    </div>
  );
}
