import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sessionPassword } from "../../api/generated/client";
import type { SessionOut } from "../../api/generated/model";
import { sentenceOf } from "../../api/http";
import { useSignOut } from "../../app/session";
import { Mark } from "../../ui/Icon";
import { Button, Field } from "../../ui/parts";

interface ChoosePasswordProps {
  readonly username: string;
  /** The one-time password, where it has just been typed: nobody types it twice. */
  readonly typed: string;
  readonly onChosen: (data: SessionOut) => void;
}

/** The first sign-in with a password that somebody else made. */
export function ChoosePassword({ username, typed, onChosen }: ChoosePasswordProps) {
  const [current, setCurrent] = useState(typed);
  const [next, setNext] = useState("");
  const signOut = useSignOut();
  const choose = useMutation({ mutationFn: () => sessionPassword({ current, new: next }), onSuccess: onChosen });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    choose.mutate();
  };
  return (
    <main className="signin">
      <form className="panel" onSubmit={send}>
        <div className="signin-mark">
          <Mark />
          <h1>Choose a password</h1>
        </div>
        <p className="t2">Welcome, {username}. From now on use a password that only you know; the one you were given stops working.</p>
        <input className="sr" type="text" name="username" autoComplete="username" value={username} readOnly tabIndex={-1} aria-hidden="true" />
        {typed === "" && <Field label="One-time password" type="password" autoComplete="current-password" value={current} onChange={setCurrent} autoFocus required />}
        <Field label="New password" type="password" autoComplete="new-password" value={next} onChange={setNext} hint="10 characters or more" error={choose.isError ? sentenceOf(choose.error) : undefined} autoFocus={typed !== ""} required />
        <Button look="pri" type="submit" busy={choose.isPending}>
          Save and go on
        </Button>
        <Button look="ghost" onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      </form>
    </main>
  );
}
