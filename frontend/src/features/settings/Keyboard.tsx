import { type KeyboardEvent, useState } from "react";
import { useKeymap } from "../../app/keymap";
import { type Action, keyLabel, keysOf } from "../../player/shortcuts";
import { Button } from "../../ui/parts";
import { BY_SCREEN, takenBy } from "./keys";

/** Every key of the rooms: press another one, or switch it off. Kept in this browser. */
export function Keyboard() {
  return (
    <section id="keyboard" className="panel">
      <header>
        <h2>Keyboard</h2>
        <span className="t3 sm">Kept in this browser.</span>
      </header>
      {BY_SCREEN.map(({ name, actions }) => (
        <div key={name}>
          <h3 className="cap key-screen">{name}</h3>
          <ul className="set-lines tight">
            {actions.map((action) => (
              <KeyLine key={action.id} action={action} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock"]);

function KeyLine({ action }: { readonly action: Action }) {
  const { remap, set, reset } = useKeymap();
  const [listening, setListening] = useState(false);
  const [refused, setRefused] = useState("");
  const keys = keysOf(action, remap);
  const listen = (event: KeyboardEvent): void => {
    if (!listening || MODIFIERS.has(event.key) || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setListening(false);
    const key = nameOf(event);
    const taken = takenBy(action, key, remap);
    if (taken !== undefined) return setRefused(`${keyLabel(key)} is taken: ${taken.name}.`);
    set(action.id, key);
    setListening(false);
    setRefused("");
  };
  return (
    <li>
      <span className="grow">
        {action.name}
        {refused !== "" && <span className="sm bad block">{refused}</span>}
      </span>
      <span className="row">{keys.length === 0 ? <span className="t3 sm">off</span> : [...new Set(keys.map(keyLabel))].map((label) => <kbd key={label}>{label}</kbd>)}</span>
      <span onKeyDownCapture={listen} onBlur={() => setListening(false)}>
        <Button size="xs" pressed={listening} label={`Change the key of: ${action.name}`} onClick={() => setListening(true)}>
          {listening ? "Press a key" : "Change"}
        </Button>
      </span>
      {action.id in remap ? (
        <Button size="xs" look="ghost" label={`Use the usual key of: ${action.name}`} onClick={() => reset(action.id)}>
          Usual key
        </Button>
      ) : (
        <Button size="xs" look="ghost" label={`Switch off the key of: ${action.name}`} onClick={() => set(action.id, null)}>
          Switch off
        </Button>
      )}
    </li>
  );
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const named = event.key.length > 1 || event.key === " " || /[a-z]/.test(key);
  return event.shiftKey && named ? `Shift+${key}` : key;
}
