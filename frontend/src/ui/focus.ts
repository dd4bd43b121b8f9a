/** Where the focus goes when what holds it is about to leave the page: it never falls to the body. */

/** The room itself: the next Tab goes to the first thing in it. */
export function focusRoom(): void {
  document.getElementById("room")?.focus({ preventScroll: true });
}

/** Call before the item of a list goes that holds the focus: the last button of the item after it takes over, or of the one before, or the room. */
export function handOver(item: Element | null = document.activeElement?.closest("li") ?? null): void {
  if (item?.contains(document.activeElement) !== true) return;
  const heirs = [item.nextElementSibling, item.previousElementSibling].flatMap((near) => [...(near?.querySelectorAll<HTMLElement>("button, a[href]") ?? [])].slice(-1));
  if (heirs[0] === undefined) focusRoom();
  else heirs[0].focus();
}
