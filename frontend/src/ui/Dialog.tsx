/** A dialog of ours in Mantine's modal: it traps focus, Esc leaves, focus returns to where it came from. It fades in and is gone at once: a key never lands in one that goes. */
import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useHeldKeys } from "./held";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly fact?: string | undefined;
  readonly width?: number;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

export function Dialog({ open, onClose, title, fact, width = 520, children, footer }: DialogProps) {
  useWayBack(open);
  useHeldKeys(open);
  return (
    <Modal.Root opened={open} onClose={onClose} size={width} centered returnFocus={false}>
      <Modal.Overlay className="scrim" />
      <Modal.Content className="dialog">
        <Modal.Header className="dialog-head">
          <div className="grow">
            <Modal.Title className="dialog-title">{title}</Modal.Title>
            {fact !== undefined && <p className="t2">{fact}</p>}
          </div>
          <Modal.CloseButton className="btn ghost icon sm" aria-label="Close" />
        </Modal.Header>
        <Modal.Body className="dialog-body">{children}</Modal.Body>
        {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
      </Modal.Content>
    </Modal.Root>
  );
}

/** Gives the focus back in the same turn: Mantine waits, and forgets it where a dialog goes together with its `open`. */
function useWayBack(open: boolean): void {
  const [seen, setSeen] = useState<{ readonly open: boolean; readonly from: Element | null }>({ open: false, from: null });
  if (open !== seen.open) setSeen({ open, from: open ? document.activeElement : null });
  const { from } = seen;
  useEffect(
    () => () => {
      if (from instanceof HTMLElement && from !== document.body && from.isConnected && !from.contains(document.activeElement)) from.focus({ preventScroll: true });
    },
    [from],
  );
}
