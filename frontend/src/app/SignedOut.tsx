/** The session ended under a page: says so, keeps everything where it is, and goes by itself once somebody has signed in, in whatever tab. */
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { queryClient, session } from "../api/queries";
import { outbox, useOutbox } from "../outbox";
import { Icon } from "../ui/Icon";
import { count } from "../ui/words";
import { useHere } from "./session";

/** How often it is looked whether somebody signed in elsewhere. */
const LOOK_MS = 15_000;

export function SignedOut() {
  const { expired } = useHere();
  return expired ? <Line /> : null;
}

function Line() {
  const { waiting } = useOutbox();
  useQuery({ ...session(), refetchInterval: LOOK_MS });
  useEffect(
    () => () => {
      void queryClient.invalidateQueries({ queryKey: ["p"] });
      outbox.hurry();
    },
    [],
  );
  return (
    <div className="offline" role="alert">
      <Icon name="clock" />
      <span className="b">You are signed out.</span>
      <span>{waiting === 0 ? "What was saved is safe." : `Nothing is lost: ${count(waiting, "label")} ${waiting === 1 ? "waits" : "wait"} here until you sign in.`}</span>
      <span className="end">
        <SignInLink size="xs" />
      </span>
    </div>
  );
}

/** To the form, and from there back to this very place. */
export function SignInLink({ size }: { readonly size?: "xs" }) {
  const next = useLocation({ select: ({ href }) => href });
  return (
    <Link className={size === undefined ? "btn pri" : `btn ${size}`} to="/signin" search={{ next }}>
      Sign in
    </Link>
  );
}
