import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { Account } from "./Account";
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
  const { project } = useHere();
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
