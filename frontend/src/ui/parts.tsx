/** The small components that every screen is built from. Looks live in base.css, these give them their behaviour and their names. */
import { type ReactNode, useEffect, useState } from "react";
import { Icon, type IconName } from "./Icon";

interface ButtonProps {
  readonly children?: ReactNode;
  readonly onClick?: () => void;
  readonly look?: "pri" | "ghost" | "danger" | "sure" | "plain";
  readonly size?: "md" | "sm" | "xs";
  readonly icon?: IconName;
  readonly keys?: string | undefined;
  readonly label?: string;
  readonly pressed?: boolean;
  readonly busy?: boolean;
  readonly type?: "button" | "submit";
  /** Disables the button; this sentence says why. */
  readonly blocked?: string | undefined;
  readonly autoFocus?: boolean;
  readonly tabIndex?: number;
}

/** One that is busy or blocked does nothing, and keeps the focus: `disabled` would let it fall out of the page. */
export function Button({ children, onClick, look = "plain", size = "md", icon, keys, label, pressed, busy, type = "button", blocked, autoFocus, tabIndex }: ButtonProps) {
  const off = busy === true || blocked !== undefined;
  const bare = children === undefined;
  const classes = ["btn", look === "plain" ? "" : look, size === "md" ? "" : size, bare ? "icon" : ""].filter(Boolean).join(" ");
  return (
    <button
      type={type}
      className={classes}
      onClick={off ? (event) => event.preventDefault() : onClick}
      aria-label={label}
      title={blocked ?? (bare ? label : undefined)}
      aria-pressed={pressed}
      aria-busy={busy === true ? true : undefined}
      aria-disabled={off ? true : undefined}
      tabIndex={tabIndex}
      data-autofocus={autoFocus === true ? true : undefined}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
      {keys !== undefined && <kbd>{keys}</kbd>}
    </button>
  );
}

/** The key of a link that looks like a button; nothing where it is switched off. */
export function KeyCap({ children }: { readonly children: string | undefined }) {
  return children === undefined ? null : <kbd>{children}</kbd>;
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, as pressed buttons side by side. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <span className="seg" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.label}
        </button>
      ))}
    </span>
  );
}

export type Tone = "ok" | "warn" | "bad" | "run" | "idle";

export function State({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={tone === "bad" ? "state bad" : "state"}>
      <span className={`dot ${tone}`} />
      {children}
    </span>
  );
}

export function Progress({ fraction, label }: { readonly fraction: number; readonly label: string }) {
  const value = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div className="bar" role="progressbar" aria-label={label} aria-valuenow={value} aria-valuemin={0} aria-valuemax={100}>
      <i style={{ width: `${value}%` }} />
    </div>
  );
}

interface StatementProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: "bad" | "warn";
}

/** An empty or broken place: a small icon, what is the case, one next step. */
export function Statement({ icon, title, children, actions, tone }: StatementProps) {
  return (
    <section className="panel statement" role={tone === "bad" ? "alert" : undefined}>
      {icon !== undefined && <Icon name={icon} className={tone ?? "t3"} />}
      <h2>{title}</h2>
      {children !== undefined && <p className="t2">{children}</p>}
      {actions !== undefined && <div className="row wrap">{actions}</div>}
    </section>
  );
}

/** True once `after` milliseconds have gone by: nothing flashes for what is quick. */
export function useLate(after = 200): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return late;
}

/** The shape of a list that comes, after 200 ms. */
export function LoadingRows({ rows = 6, what }: { readonly rows?: number; readonly what: string }) {
  const late = useLate();
  if (!late) return <div aria-busy="true" />;
  return (
    <section className="panel" aria-busy="true" aria-label={`Loading ${what}`}>
      <div className="skel-rows">
        {Array.from({ length: rows }, (_, i) => (
          <div key={i}>
            <span className="skel" />
            <span className="skel" style={{ width: `${62 - ((i * 17) % 30)}%` }} />
            <span className="skel" />
          </div>
        ))}
      </div>
    </section>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "password";
  readonly autoComplete?: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
  readonly readOnly?: boolean;
}

export function Field({ label, value, onChange, type = "text", autoComplete, hint, error, autoFocus, required, readOnly }: FieldProps) {
  return (
    <label className="labelled">
      <span className="b">{label}</span>
      <input
        className="input"
        type={type}
        value={value}
        required={required}
        readOnly={readOnly}
        autoComplete={autoComplete}
        aria-invalid={error !== undefined ? true : undefined}
        data-autofocus={autoFocus === true ? true : undefined}
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {error !== undefined ? <span className="sm bad">{error}</span> : hint !== undefined && <span className="sm t3">{hint}</span>}
    </label>
  );
}
