/** Light, dark, or as the system says; kept in this browser. public/theme.js reads the same key before the first paint. */
import { create } from "zustand";

export type ThemeChoice = "light" | "dark" | "system";
const KEY = "rushes.theme";
const light = matchMedia("(prefers-color-scheme: light)");

function stored(): ThemeChoice {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

function resolve(choice: ThemeChoice): "light" | "dark" {
  if (choice !== "system") return choice;
  return light.matches ? "light" : "dark";
}

interface Appearance {
  readonly choice: ThemeChoice;
  readonly shown: "light" | "dark";
  readonly choose: (choice: ThemeChoice) => void;
}

export const useAppearance = create<Appearance>((set) => ({
  choice: stored(),
  shown: resolve(stored()),
  choose: (choice) => {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
    set({ choice, shown: resolve(choice) });
  },
}));

useAppearance.subscribe(({ shown }) => {
  document.documentElement.dataset["theme"] = shown;
});
light.addEventListener("change", () => useAppearance.setState(({ choice }) => ({ shown: resolve(choice) })));
