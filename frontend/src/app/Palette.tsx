/** Search and run: rooms, projects, looks and videos by name, all from the keyboard. */
import { Modal } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { videos } from "../api/queries";
import { useHeldKeys } from "../ui/held";
import { Icon, type IconName } from "../ui/Icon";
import { useAppearance } from "./appearance";
import { useHere, useSignOut } from "./session";

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly icon: IconName;
  readonly run: () => void;
}

interface PaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onKeys: () => void;
}

export function Palette({ open, onClose, onKeys }: PaletteProps) {
  useHeldKeys(open);
  return (
    <Modal.Root opened={open} onClose={onClose} size={560} yOffset="12vh" centered={false}>
      <Modal.Overlay className="scrim" />
      <Modal.Content className="dialog palette" aria-label="Search or run a command">
        <Search onClose={onClose} onKeys={onKeys} />
      </Modal.Content>
    </Modal.Root>
  );
}

function useCommands(onKeys: () => void): Entry[] {
  const navigate = useNavigate();
  const { slug, projects } = useHere();
  const { choose } = useAppearance();
  const signOut = useSignOut();
  return [
    { id: "home", name: "Go to Home", note: "", icon: "home", run: () => void navigate({ to: "/p/$slug", params: { slug } }) },
    { id: "videos", name: "Go to Videos", note: "", icon: "film", run: () => void navigate({ to: "/p/$slug/videos", params: { slug } }) },
    { id: "quality", name: "Go to Quality", note: "", icon: "gauge", run: () => void navigate({ to: "/p/$slug/quality", params: { slug } }) },
    { id: "restored", name: "Show restored frames", note: "", icon: "gauge", run: () => void navigate({ to: "/p/$slug/quality", params: { slug }, search: { state: "restored" } }) },
    { id: "confirmed", name: "Show confirmed rejections", note: "", icon: "gauge", run: () => void navigate({ to: "/p/$slug/quality", params: { slug }, search: { state: "confirmed" } }) },
    { id: "label", name: "Go to Label", note: "", icon: "tag", run: () => void navigate({ to: "/p/$slug/label/{-$clip}", params: { slug, clip: undefined } }) },
    { id: "train", name: "Go to Train", note: "", icon: "bars", run: () => void navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: undefined } }) },
    { id: "models", name: "Go to Models", note: "", icon: "box", run: () => void navigate({ to: "/p/$slug/models/{-$number}", params: { slug, number: undefined } }) },
    { id: "start", name: "Train on current labels", note: "", icon: "bars", run: () => void navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: undefined }, search: { start: true } }) },
    { id: "failed", name: "Show failed videos", note: "", icon: "film", run: () => void navigate({ to: "/p/$slug/videos", params: { slug }, search: { state: "failed" } }) },
    { id: "settings", name: "Go to Settings", note: "", icon: "gear", run: () => void navigate({ to: "/p/$slug/settings", params: { slug } }) },
    ...projects
      .filter((entry) => entry.slug !== slug)
      .map((entry): Entry => ({ id: `p-${entry.slug}`, name: `Open ${entry.name}`, note: "project", icon: "grid", run: () => void navigate({ to: "/p/$slug", params: { slug: entry.slug } }) })),
    { id: "keys", name: "Show all keys", note: "?", icon: "keyboard", run: onKeys },
    { id: "dark", name: "Use the dark look", note: "", icon: "moon", run: () => choose("dark") },
    { id: "light", name: "Use the light look", note: "", icon: "sun", run: () => choose("light") },
    { id: "out", name: "Sign out", note: "", icon: "right", run: () => signOut.mutate() },
  ];
}

function Search({ onClose, onKeys }: { readonly onClose: () => void; readonly onKeys: () => void }) {
  const navigate = useNavigate();
  const { slug } = useHere();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const commands = useCommands(onKeys).filter((entry) => entry.name.toLowerCase().includes(wanted));
  const { data } = useQuery({ ...videos(slug, { search: text.trim(), limit: 8 }), enabled: wanted !== "", placeholderData: keepPreviousData });
  const found = wanted === "" ? [] : (data?.items ?? []);
  const entries: Entry[] = [
    ...commands,
    ...found.map((row): Entry => ({ id: row.id, name: row.name, note: row.camera.name, icon: "file", run: () => void navigate({ to: "/p/$slug/videos/$id", params: { slug, id: row.id } }) })),
  ];
  const chosen = Math.min(at, entries.length - 1);
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const keys = (event: KeyboardEvent): void => {
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) {
      event.preventDefault();
      setAt((chosen + move + entries.length) % Math.max(1, entries.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(entries[chosen]);
    }
  };
  return (
    <>
      <div className="palette-search">
        <Icon name="search" />
        <input
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={entries[chosen] === undefined ? undefined : `palette-${entries[chosen].id}`}
          aria-label="Search or run a command"
          placeholder="A video, a camera, a command"
          value={text}
          onKeyDown={keys}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id="palette-list" aria-label="Results" className="palette-list">
        {entries.map((entry, i) => (
          <div
            key={entry.id}
            id={`palette-${entry.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className="palette-entry"
            onPointerMove={() => setAt(i)}
            onClick={() => run(entry)}
            onKeyDown={keys}
          >
            <Icon name={entry.icon} />
            <span className="grow ell">{entry.name}</span>
            <span className="t3 sm ell">{entry.note}</span>
            {i === chosen && <kbd>Enter</kbd>}
          </div>
        ))}
        {entries.length === 0 && <p className="t3 palette-none">Nothing is called “{text.trim()}”.</p>}
      </div>
    </>
  );
}
