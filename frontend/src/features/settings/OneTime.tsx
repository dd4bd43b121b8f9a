import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { memberPassword } from "../../api/generated/client";
import type { MemberAdded, MemberOut } from "../../api/generated/model";
import { Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/parts";
import { tellError } from "../../ui/toasts";
import { moment } from "../../ui/words";

/** A one-time password, to be copied now: it is kept nowhere and shown never again. */
export function OneTime({ made, onClose }: { readonly made: MemberAdded; readonly onClose: () => void }) {
  const { username } = made.user;
  const until = made.one_time?.until ?? null;
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    field.current?.select();
    setCopied(document.execCommand("copy")); // the clipboard's own API is missing over plain http in a LAN
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`A password for ${username}`}
      fact={`Shown only now. Hand it to ${username}, who signs in with it${until === null ? "" : ` before ${moment(until)}`} and then chooses an own one.`}
      footer={
        <span className="end">
          <Button onClick={onClose}>Done</Button>
        </span>
      }
    >
      <div className="row">
        <input ref={field} className="input mono grow" aria-label="One-time password" value={made.password} readOnly onFocus={(event) => event.currentTarget.select()} />
        <Button look="pri" onClick={copy} autoFocus>
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
    </Dialog>
  );
}

/** For a member who forgot theirs: asked first, because the old one and their sessions end. */
export function NewPassword({ slug, entry, onClose }: { readonly slug: string; readonly entry: MemberOut; readonly onClose: () => void }) {
  const { username } = entry.user;
  const make = useMutation({ mutationFn: () => memberPassword(slug, entry.user.id), onError: (error) => (tellError(error), onClose()), gcTime: 0 });
  if (make.data !== undefined) return <OneTime made={make.data} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`A new password for ${username}?`}
      footer={
        <span className="end row">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="pri" busy={make.isPending} autoFocus onClick={() => make.mutate()}>
            Make a one-time password
          </Button>
        </span>
      }
    >
      <p className="t2">The password that {username} has stops working, and {username} is signed out everywhere.</p>
    </Dialog>
  );
}
