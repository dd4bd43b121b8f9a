import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { sessionGet, sessionLogin } from "../../api/generated/client";
import { csrfToken, sentenceOf } from "../../api/http";
import type { SessionOut } from "../../api/generated/model";
import { queryClient, session } from "../../api/queries";
import { useTitle } from "../../app/place";
import { Icon, Mark } from "../../ui/Icon";
import { Button, Field } from "../../ui/parts";
import { ChoosePassword } from "./ChoosePassword";
import "./signin.css";

export function SignIn() {
  useTitle("Sign in");
  const { next } = useSearch({ from: "/signin" });
  const router = useRouter();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const { data: here } = useQuery({ ...session(), enabled: false });
  useEffect(() => {
    // The first call of every page sets the CSRF cookie; an unreachable server says so when the form is sent.
    void sessionGet().catch(() => undefined);
  }, []);
  const enter = (data: SessionOut): void => {
    queryClient.setQueryData(session().queryKey, data);
    if (data.must_choose_password) return;
    // Only addresses inside this server: what follows ?next= came with a link.
    if (next?.startsWith("/admin/") === true) window.location.assign(next);
    else if (next?.startsWith("/p/") === true) router.history.push(next);
    else void router.navigate({ to: "/" });
  };
  const signIn = useMutation({
    mutationFn: async () => {
      if (csrfToken() === "") await sessionGet(); // who is quicker than the line waits for the cookie
      return sessionLogin({ username, password });
    },
    onSuccess: (data) => {
      queryClient.clear();
      enter(data);
    },
    onError: () => {
      const field = form.current?.querySelector<HTMLInputElement>("[type=password]");
      field?.focus();
      field?.select(); // the next try types over it
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  if (here !== undefined && here.user !== null && here.must_choose_password) return <ChoosePassword username={here.user.username} typed={password} onChosen={enter} />;
  return (
    <main className="signin">
      <form className="panel" ref={form} onSubmit={send}>
        <div className="signin-mark">
          <Mark />
          <h1>Rushes</h1>
        </div>
        <Field label="User name" value={username} onChange={setUsername} autoComplete="username" autoFocus required readOnly={signIn.isPending} />
        <Field label="Password" value={password} onChange={setPassword} type="password" autoComplete="current-password" required readOnly={signIn.isPending} />
        {signIn.isError && (
          <div className="note bad" role="alert">
            <Icon name="warn" />
            <span>{sentenceOf(signIn.error)}</span>
          </div>
        )}
        <Button look="pri" type="submit" busy={signIn.isPending}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}
