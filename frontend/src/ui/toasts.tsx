/** What happened and the way back: bottom left, 6 s, longer while looked at. Errors stay until they are closed. */
import { useEffect, useState } from "react";
import { create } from "zustand";
import { sentenceOf } from "../api/http";
import { Icon } from "./Icon";
import { Button } from "./parts";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "ok" | "bad";
  readonly action?: { readonly name: string; readonly run: () => void };
  /** One of a kind: the next of it takes the place of the one before. */
  readonly kind?: string;
}

interface ToastStore {
  readonly toasts: readonly Toast[];
  readonly close: (id: number) => void;
}

const STAY_MS = 6000;
let serial = 0;

const useToasts = create<ToastStore>((set) => ({
  toasts: [],
  close: (id) => set((store) => ({ toasts: store.toasts.filter((toast) => toast.id !== id) })),
}));

function show(toast: Omit<Toast, "id">): void {
  serial += 1;
  const id = serial;
  useToasts.setState((store) => ({ toasts: [...store.toasts.filter(({ kind }) => kind === undefined || kind !== toast.kind).slice(-3), { ...toast, id }] }));
}

export function tell(text: string, action?: Toast["action"], kind?: string): void {
  show({ text, tone: "ok", ...(action === undefined ? {} : { action }), ...(kind === undefined ? {} : { kind }) });
}

export function tellError(error: unknown): void {
  show({ text: sentenceOf(error), tone: "bad" });
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

function ToastLine({ toast }: { readonly toast: Toast }) {
  const close = useToasts((store) => store.close);
  const [held, setHeld] = useState(false);
  const { id, tone, action } = toast;
  useEffect(() => {
    if (held || tone === "bad") return undefined;
    const timer = setTimeout(() => close(id), STAY_MS);
    return () => clearTimeout(timer);
  }, [held, tone, id, close]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <div className="toast" role={tone === "bad" ? "alert" : "status"} {...hold}>
      <Icon name={tone === "bad" ? "warn" : "check"} className={tone} />
      <span>{toast.text}</span>
      {action !== undefined && (
        <Button
          look="ghost"
          size="xs"
          onClick={() => {
            close(id);
            action.run();
          }}
        >
          {action.name}
        </Button>
      )}
      <Button look="ghost" size="xs" icon="x" label="Close" onClick={() => close(id)} />
    </div>
  );
}
