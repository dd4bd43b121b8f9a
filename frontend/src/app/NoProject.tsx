import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { session } from "../api/queries";
import { Button, Statement } from "../ui/parts";
import { useSignOut } from "./session";

/** How often it is looked for a project that this person was let into. */
const LOOK_MS = 5_000;

export function NoProject() {
  const signOut = useSignOut();
  const navigate = useNavigate();
  const { data } = useQuery({ ...session(), refetchInterval: LOOK_MS });
  const first = data?.projects[0]?.slug;
  useEffect(() => {
    if (first !== undefined) void navigate({ to: "/p/$slug", params: { slug: first }, replace: true });
  }, [first, navigate]);
  return (
    <main className="page alone">
      <Statement icon="people" title="You are not in a project yet" actions={<Button onClick={() => signOut.mutate()}>Sign out</Button>}>
        {data?.user?.staff === true ? (
          <>
            <span className="mono">manage.py project make NAME --member {data.user.username}:admin</span> makes one. It opens here by itself.
          </>
        ) : (
          "Someone with the admin role of a project can add you in its settings, by your user name. It opens here by itself."
        )}
      </Statement>
    </main>
  );
}
