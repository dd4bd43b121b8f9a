import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { memberAdd, memberChange, memberList, memberRemove } from "../../api/generated/client";
import type { MemberOut } from "../../api/generated/model";
import { sentenceOf } from "../../api/http";
import { queryClient } from "../../api/queries";
import { type Role, ROLE_NAMES, ROLES, useHere } from "../../app/session";
import { Choice } from "../../ui/Choice";
import { Button, Field, LoadingRows, Statement } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";

const OPTIONS = ROLES.map((role) => ({ value: role, label: ROLE_NAMES[role] }));

const members = (slug: string) => queryOptions({ queryKey: ["p", slug, "members"], queryFn: ({ signal }) => memberList(slug, { limit: 200 }, { signal }) });

function refresh(slug: string): Promise<unknown> {
  return Promise.all([queryClient.invalidateQueries({ queryKey: ["p", slug, "members"] }), queryClient.invalidateQueries({ queryKey: ["session"] })]);
}

/** Who is in the project, and as what. Admins change it. */
export function Members() {
  const { slug, may } = useHere();
  const { data, error } = useQuery(members(slug));
  const admin = may("admin");
  return (
    <section id="members" className="panel">
      <header>
        <h2>Members</h2>
        {data !== undefined && <span className="t3 sm">{count(data.total, "person", "people")}</span>}
      </header>
      {error !== null && <Statement tone="bad" icon="warn" title="The members could not be loaded">{sentenceOf(error)}</Statement>}
      {data === undefined && error === null && <LoadingRows rows={3} what="members" />}
      {data !== undefined && (
        <ul className="set-lines">
          {data.items.map((entry) => (
            <MemberLine key={entry.user.id} slug={slug} entry={entry} admin={admin} />
          ))}
        </ul>
      )}
      {admin ? <AddMember slug={slug} /> : <p className="t3 sm pad">Someone with the admin role changes who is here.</p>}
    </section>
  );
}

function MemberLine({ slug, entry, admin }: { readonly slug: string; readonly entry: MemberOut; readonly admin: boolean }) {
  const { user } = useHere();
  const change = useMutation({ mutationFn: (role: Role) => memberChange(slug, entry.user.id, { role }), onSuccess: () => refresh(slug), onError: tellError });
  const back = useMutation({ mutationFn: () => memberAdd(slug, { username: entry.user.username, role: entry.role }), onSuccess: () => refresh(slug), onError: tellError });
  const remove = useMutation({
    mutationFn: () => memberRemove(slug, entry.user.id),
    onSuccess: () => {
      tell(`${entry.user.name} left the project`, { name: "Bring back", run: () => back.mutate() });
      return refresh(slug);
    },
    onError: tellError,
  });
  return (
    <li>
      <span className="me" aria-hidden="true">
        {entry.user.initials}
      </span>
      <span className="grow">
        <span className="b">{entry.user.name}</span>
        {entry.user.id === user?.id && <span className="t3"> you</span>}
        <span className="sm t3 block">{entry.user.username}</span>
      </span>
      {admin ? (
        <>
          <Choice label="Role" value={entry.role} options={OPTIONS} onChange={(role) => change.mutate(role)} />
          <Button look="ghost" size="xs" busy={remove.isPending} label={`Remove ${entry.user.name}`} onClick={() => remove.mutate()}>
            Remove
          </Button>
        </>
      ) : (
        <span className="t2">{ROLE_NAMES[entry.role]}</span>
      )}
    </li>
  );
}

function AddMember({ slug }: { readonly slug: string }) {
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const add = useMutation({
    mutationFn: () => memberAdd(slug, { username, role }),
    onSuccess: () => {
      setUsername("");
      return refresh(slug);
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (username.trim() !== "") add.mutate();
  };
  return (
    <form className="set-add" onSubmit={send}>
      <Field label="Add a person by user name" value={username} onChange={setUsername} error={add.isError ? sentenceOf(add.error) : undefined} />
      <Choice label="Role" value={role} options={OPTIONS} onChange={setRole} />
      <Button type="submit" busy={add.isPending} blocked={username.trim() === "" ? "Type a user name first." : undefined}>
        Add to project
      </Button>
    </form>
  );
}
