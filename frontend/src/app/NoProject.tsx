import { useSignOut } from "./session";
import { Button, Statement } from "../ui/parts";

export function NoProject() {
  const signOut = useSignOut();
  return (
    <main className="page alone">
      <Statement icon="people" title="You are not in a project yet" actions={<Button onClick={() => signOut.mutate()}>Sign out</Button>}>
        Someone with the admin role of a project can add you in its settings, by your user name.
      </Statement>
    </main>
  );
}
