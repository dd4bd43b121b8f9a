import { type KeyboardEvent, useState } from "react";

/** The name where it stands: Enter or leaving it renames, Esc takes it back. */
export function NameField({ of, onRename }: { readonly of: string; readonly onRename: (name: string, refused: () => void) => void }) {
  const [name, setName] = useState(of);
  const settle = (): void => {
    const wanted = name.trim();
    if (wanted === "") setName(of);
    else if (wanted !== of) onRename(wanted, () => setName(of));
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") event.currentTarget.blur();
    else if (event.key === "Escape") setName(of);
  };
  return <input className="input" aria-label={`Name of ${of}`} value={name} onChange={(event) => setName(event.currentTarget.value)} onKeyDown={keys} onBlur={settle} />;
}
