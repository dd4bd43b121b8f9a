/** A dialog of ours in Mantine's modal: it traps focus, Esc leaves, focus returns to where it came from. */
import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly fact?: string;
  readonly width?: number;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

export function Dialog({ open, onClose, title, fact, width = 520, children, footer }: DialogProps) {
  useWayBack(open);
  return (
    <Modal.Root opened={open} onClose={onClose} size={width} centered>
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

/** A dialog that comes and goes with its `open` gives the focus back, too: Mantine does so only for one that is closed. */
function useWayBack(open: boolean): void {
  const [from] = useState(() => (open ? document.activeElement : null));
  useEffect(
    () => () => {
      if (from instanceof HTMLElement && from !== document.body && from.isConnected && !from.contains(document.activeElement)) from.focus({ preventScroll: true });
    },
    [from],
  );
}
