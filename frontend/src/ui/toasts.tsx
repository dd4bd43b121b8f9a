/** What happened and the way back: bottom left, 6 s, longer while looked at. Errors stay until they are closed. */
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { create } from "zustand";
import { sentenceOf } from "../api/http";
import { focusRoom } from "./focus";
import { Icon } from "./Icon";
import { Button } from "./parts";

/** What a message offers. With a `room` that room's undo key does it too, also when the message has gone. */
interface Action {
  readonly name: string;
  readonly run: () => void;
  readonly room?: string;
  /** How that key is printed. */
  readonly keys?: string | undefined;
}

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "ok" | "warn" | "bad";
  readonly action?: Action;
  /** One of a kind: the next of it takes the place of the one before. */
  readonly kind?: string;
}

interface ToastStore {
  readonly toasts: readonly Toast[];
  /** What can still be taken back, the newest last. */
  readonly back: readonly (Action & { readonly id: number })[];
}

const STAY_MS = 6000;
const KEPT = 100;
let serial = 0;

const useToasts = create<ToastStore>(() => ({ toasts: [], back: [] }));

function show(toast: Omit<Toast, "id">): void {
  serial += 1;
  const id = serial;
  const { action, kind } = toast;
  useToasts.setState(({ toasts, back }) => ({
    toasts: [...toasts.filter((other) => other.kind === undefined || other.kind !== kind).slice(-3), { ...toast, id }],
    back: action?.room === undefined ? back : [...back.slice(1 - KEPT), { ...action, id }],
  }));
}

function close(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** Does what a message offers, once, and takes the message down. */
function perform(id: number, action: Action): void {
  close(id);
  useToasts.setState(({ back }) => ({ back: back.filter((entry) => entry.id !== id) }));
  action.run();
}

export function tell(text: string, action?: Action, kind?: string): void {
  show({ text, tone: "ok", ...(action === undefined ? {} : { action }), ...(kind === undefined ? {} : { kind }) });
}

/** What a person has to see to. */
export function warn(text: string, action: NonNullable<Toast["action"]>, kind: string): void {
  show({ text, tone: "warn", action, kind });
}

export function tellError(error: unknown): void {
  show({ text: sentenceOf(error), tone: "bad" });
}

/** Takes back what was done last in a room. */
export function takeBack(room: string): void {
  const last = useToasts.getState().back.findLast((entry) => entry.room === room);
  if (last === undefined) tell("There is nothing to take back in this window", undefined, "nothing");
  else perform(last.id, last);
}

export function Toasts() {
  const toasts = useToasts((store) => store.toasts);
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite">
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

/** To the newest message; its first button answers Enter, Esc closes it. */
export function focusToasts(): void {
  document.querySelector<HTMLElement>(".toast:last-child button")?.focus();
}

function ToastLine({ toast }: { readonly toast: Toast }) {
  const [held, setHeld] = useState(false);
  const from = useRef<EventTarget | null>(null);
  const { id, tone, action } = toast;
  const next = useToasts(({ back }) => back.findLast(({ room }) => room === action?.room)?.id === id);
  useEffect(() => {
    if (held || tone === "bad") return undefined;
    const timer = setTimeout(() => close(id), STAY_MS);
    return () => clearTimeout(timer);
  }, [held, tone, id]);
  const enter = (event: FocusEvent): void => {
    setHeld(true);
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) from.current = event.relatedTarget;
  };
  const leave = (): void => {
    if (from.current instanceof HTMLElement && from.current.isConnected) from.current.focus();
    else focusRoom();
    close(id);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  };
  return (
    // Esc closes what the keys have reached; every deed in it is a button of its own.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="toast" role={tone === "bad" ? "alert" : "status"} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={enter} onBlur={() => setHeld(false)} onKeyDown={keys}>
      <Icon name={tone === "ok" ? "check" : "warn"} className={tone} />
      <span>{toast.text}</span>
      {action !== undefined && (
        <Button look="ghost" size="xs" keys={next ? action.keys : undefined} onClick={() => { leave(); perform(id, action); }}>
          {action.name}
        </Button>
      )}
      <Button look="ghost" size="xs" icon="x" label="Close" onClick={leave} />
    </div>
  );
}
