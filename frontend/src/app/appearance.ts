/** Light or dark, kept in this browser. public/theme.js reads the same key and the same addresses before the first paint. */
import { create } from "zustand";

/** `footage` is what nobody has to choose: dark where footage is judged, so that it is the brightest thing there, as the system says elsewhere. */
export type ThemeChoice = "footage" | "light" | "dark" | "system";
type Shown = "light" | "dark";
const KEY = "rushes.theme";
/** The rooms where footage is judged: the quality room, the label screen, and a video. */
const JUDGED = /^\/p\/[^/]+\/(quality(\/|$)|label(\/|$)|videos\/[^/]+)/;
const light = matchMedia("(prefers-color-scheme: light)");

function stored(): ThemeChoice {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" || value === "system" ? value : "footage";
}

export function themeOf(choice: ThemeChoice, path: string, systemIsLight: boolean): Shown {
  if (choice === "light" || choice === "dark") return choice;
  if (choice === "footage" && JUDGED.test(path)) return "dark";
  return systemIsLight ? "light" : "dark";
}

interface Appearance {
  readonly choice: ThemeChoice;
  readonly path: string;
  readonly shown: Shown;
  readonly choose: (choice: ThemeChoice) => void;
  /** The person is in the room at this address now. */
  readonly enter: (path: string) => void;
}

export const useAppearance = create<Appearance>((set, get) => ({
  choice: stored(),
  path: location.pathname,
  shown: themeOf(stored(), location.pathname, light.matches),
  choose: (choice) => {
    if (choice === "footage") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
    set({ choice, shown: themeOf(choice, get().path, light.matches) });
  },
  enter: (path) => set(({ choice }) => ({ path, shown: themeOf(choice, path, light.matches) })),
}));

useAppearance.subscribe(({ shown }) => {
  document.documentElement.dataset["theme"] = shown;
});
light.addEventListener("change", () => useAppearance.setState(({ choice, path }) => ({ shown: themeOf(choice, path, light.matches) })));
