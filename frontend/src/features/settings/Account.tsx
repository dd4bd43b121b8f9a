import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sessionPassword } from "../../api/generated/client";
import { sentenceOf } from "../../api/http";
import { queryClient, session } from "../../api/queries";
import { useHere } from "../../app/session";
import { Button, Field } from "../../ui/parts";
import { tell } from "../../ui/toasts";

/** One's own password. */
export function Account() {
  const { user } = useHere();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => sessionPassword({ current, new: next }),
    onSuccess: (data) => {
      queryClient.setQueryData(session().queryKey, data);
      setCurrent("");
      setNext("");
      tell("Password changed. Other browsers are signed out");
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <section id="account" className="panel">
      <header>
        <h2>Your account</h2>
        <span className="t3 sm">{user?.username}</span>
      </header>
      <form className="set-add" onSubmit={send}>
        <input className="sr" type="text" name="username" autoComplete="username" value={user?.username ?? ""} readOnly tabIndex={-1} aria-hidden="true" />
        <Field label="Password now" type="password" autoComplete="current-password" value={current} onChange={setCurrent} error={change.isError ? sentenceOf(change.error) : undefined} />
        <Field label="New password" type="password" autoComplete="new-password" value={next} onChange={setNext} hint="10 characters or more" />
        <Button type="submit" busy={change.isPending} blocked={current === "" || next === "" ? "Fill in both passwords first." : undefined}>
          Change password
        </Button>
      </form>
    </section>
  );
}
