import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useKeymap } from "../../app/keymap";
import { useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { bindShortcuts } from "../../player/shortcuts";
import { takeBack } from "../../ui/toasts";
import { Account } from "./Account";
import { roomOf, SETTINGS_ACTIONS } from "./actions";
import { Cameras } from "./Cameras";
import { Classes } from "./Classes";
import { Keyboard } from "./Keyboard";
import { Members } from "./Members";
import "./settings.css";

const PARTS = [
  { id: "members", name: "Members" },
  { id: "cameras", name: "Cameras" },
  { id: "classes", name: "Classes" },
  { id: "keyboard", name: "Keyboard" },
  { id: "account", name: "Your account" },
] as const;

export function Settings() {
  useTitle("Settings");
  const { project, slug } = useHere();
  const remap = useKeymap((store) => store.remap);
  useEffect(() => bindShortcuts(window, SETTINGS_ACTIONS, remap, () => takeBack(roomOf(slug))), [remap, slug]);
  const { hash } = useLocation();
  useEffect(() => {
    if (hash !== "") document.getElementById(hash)?.scrollIntoView({ block: "start" });
  }, [hash]);
  return (
    <div className="page settings">
      <header>
        <h1>Settings</h1>
        <span className="t2">{project?.name}</span>
      </header>
      <div className="settings-grid">
        <nav className="settings-nav" aria-label="Settings">
          {PARTS.map((part) => (
            <a key={part.id} href={`#${part.id}`} aria-current={hash === part.id ? "location" : undefined}>
              {part.name}
            </a>
          ))}
        </nav>
        <div className="settings-parts">
          <Members />
          <Cameras />
          <Classes />
          <Keyboard />
          <Account />
        </div>
      </div>
    </div>
  );
}
