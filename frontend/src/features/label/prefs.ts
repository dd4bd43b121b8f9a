/** How a person likes to label, kept in this browser. */
import { create } from "zustand";
import { persist } from "zustand/middleware";

interface Prefs {
  /** Whether a clip plays, and plays again, as soon as it is there. Off: nothing moves by itself. */
  readonly autoplay: boolean;
  readonly toggleAutoplay: () => void;
}

export const usePrefs = create<Prefs>()(
  persist(
    (set) => ({
      autoplay: false,
      toggleAutoplay: () => set((store) => ({ autoplay: !store.autoplay })),
    }),
    { name: "rushes.label", partialize: ({ autoplay }) => ({ autoplay }) },
  ),
);
