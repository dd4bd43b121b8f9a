/** What stands after the room in the top bar, such as the open video's name, and the title of the browser's tab. */
import { useEffect } from "react";
import { create } from "zustand";

export const usePlace = create<{ readonly place: string | null }>(() => ({ place: null }));

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Rushes`;
  }, [title]);
}

export function useNamedPlace(place: string | null): void {
  useEffect(() => {
    usePlace.setState({ place });
    return () => usePlace.setState({ place: null });
  }, [place]);
}
