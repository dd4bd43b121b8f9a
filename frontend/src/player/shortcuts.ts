/** One list of actions says name, key and deed. Keys can be remapped or switched off; Tab is never touched. */
import { tinykeys } from "tinykeys";

export interface Action {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  /** tinykeys syntax; the first is the one that buttons show. */
  readonly keys: readonly string[];
  /** Help shows those of one name in one line. */
  readonly together?: string;
}

/** What a person changed: another key, or null for off. */
export type Remap = Readonly<Record<string, string | null>>;

export function keysOf(action: Action, remap: Remap): readonly string[] {
  const own = remap[action.id];
  if (own === undefined) return action.keys;
  return own === null ? [] : [own];
}

const NAMES: Readonly<Record<string, string>> = {
  Space: "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Shift: "Shift", Control: "Ctrl", $mod: "Ctrl", Slash: "/", Equal: "+", Minus: "−", BracketLeft: "[", BracketRight: "]", Semicolon: ";", Escape: "Esc",
};

/** `Shift+ArrowLeft` as a person reads it: `Shift ←`. */
export function keyLabel(key: string): string {
  if (/^Shift\+[?;/]$/.test(key)) return key.slice(-1); // where a sign is typed with Shift, Shift is part of it
  return key
    .split("+")
    .map((part) => NAMES[part] ?? part.replace(/^Key(?=[A-Z]$)/, "").replace(/^Digit(?=\d$)/, ""))
    .map((part) => (/^[a-z]$/.test(part) ? part.toUpperCase() : part))
    .join(" ");
}

const TYPES_HERE = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox]";
const MOVES_HERE = "[role=menu], [role=listbox], [role=dialog]";
const PRESSES_HERE = "button, a[href], summary, [role=button], [role=option], [role=menuitem]";

/** Whether a key belongs to what has the focus and not to the screen's shortcuts. */
export function belongsToFocus(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPES_HERE) !== null) return true;
  if (target.closest(MOVES_HERE) !== null) return true;
  return (event.key === " " || event.key === "Enter") && target.closest(PRESSES_HERE) !== null;
}

let holders = 0;

/** While a dialog is open, or still on its way, no key means anything to the screen behind it. Returns the end of that. */
export function holdShortcuts(): () => void {
  holders += 1;
  let holds = true;
  return () => {
    if (holds) holders -= 1;
    holds = false;
  };
}

export function bindShortcuts(
  target: Window | HTMLElement,
  actions: readonly Action[],
  remap: Remap,
  perform: (id: string, event: KeyboardEvent) => void,
): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const action of actions) {
    for (const key of keysOf(action, remap)) {
      bindings[key] = (event) => {
        if (holders > 0 || event.defaultPrevented || belongsToFocus(event)) return;
        event.preventDefault();
        perform(action.id, event);
      };
    }
  }
  return tinykeys(target, bindings);
}

export const PLAYER_ACTIONS: readonly Action[] = [
  { id: "play", name: "Play or pause", group: "Play", keys: ["Space", "k"] },
  { id: "faster", name: "Play forwards, faster with each press", group: "Play", keys: ["l"] },
  { id: "backwards", name: "Play backwards, faster with each press", group: "Play", keys: ["j"] },
  { id: "loop", name: "Loop the rejected stretch, or 5 s from here", group: "Play", keys: ["/"] },
  { id: "previous", name: "Back one frame", group: "Move", keys: ["ArrowLeft"] },
  { id: "next", name: "Forward one frame", group: "Move", keys: ["ArrowRight"] },
  { id: "secondBack", name: "Back one second", group: "Move", keys: ["Shift+ArrowLeft"] },
  { id: "secondOn", name: "Forward one second", group: "Move", keys: ["Shift+ArrowRight"] },
  { id: "spanBack", name: "Previous rejected stretch", group: "Move", keys: ["ArrowUp"] },
  { id: "spanOn", name: "Next rejected stretch", group: "Move", keys: ["ArrowDown"] },
  { id: "first", name: "First frame", group: "Move", keys: ["Home"] },
  { id: "last", name: "Last frame", group: "Move", keys: ["End"] },
  { id: "goto", name: "Go to a frame", group: "Move", keys: ["g"] },
  { id: "closer", name: "Timeline: look closer", group: "Timeline", keys: ["Shift+ArrowUp"] },
  { id: "wider", name: "Timeline: look wider", group: "Timeline", keys: ["Shift+ArrowDown"] },
];

export const SHELL_ACTIONS: readonly Action[] = [
  { id: "palette", name: "Search or run a command", group: "Everywhere", keys: ["$mod+k"] },
  { id: "help", name: "Show all keys", group: "Everywhere", keys: ["?", "Shift+?"] },
  { id: "messages", name: "To the newest message", group: "Everywhere", keys: ["F6"] },
  { id: "decide", name: "Decide between two versions of a clip", group: "Everywhere", keys: ["F8"] },
];
