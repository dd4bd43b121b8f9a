import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { memberAdd, memberChange, memberList, memberRemove } from "../../api/generated/client";
import type { MemberAdded, MemberList, MemberOut } from "../../api/generated/model";
import { ApiError, sentenceOf } from "../../api/http";
import { queryClient } from "../../api/queries";
import { type Role, ROLE_NAMES, useHere } from "../../app/session";
import { Choice } from "../../ui/Choice";
import { handOver } from "../../ui/focus";
import { Button, Field, LoadingRows, Statement } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import { roomOf, undoKey } from "./actions";
import { NewPassword, OneTime } from "./OneTime";
import { waitingWords } from "./waiting";
import { withArticle } from "./roles";

/** The roles as a menu offers them, each with what it may do. */
function optionsOf(data: MemberList) {
  return data.roles.map(({ role, name, duty }) => ({ value: role, label: name, note: duty }));
}

type Options = ReturnType<typeof optionsOf>;

function tellRole(entry: MemberOut): void {
  tell(`${entry.user.name} is ${withArticle(ROLE_NAMES[entry.role])} now`);
}

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
            <MemberLine key={entry.user.id} slug={slug} entry={entry} options={admin ? optionsOf(data) : undefined} />
          ))}
        </ul>
      )}
      {!admin && <p className="t3 sm pad">Someone with the admin role changes who is here.</p>}
      {admin && data !== undefined && <AddMember slug={slug} options={optionsOf(data)} />}
    </section>
  );
}

function MemberLine({ slug, entry, options }: { readonly slug: string; readonly entry: MemberOut; readonly options: Options | undefined }) {
  const { user } = useHere();
  const line = useRef<HTMLLIElement>(null);
  const [asking, setAsking] = useState(false);
  const change = useMutation({ mutationFn: (role: Role) => memberChange(slug, entry.user.id, { role }), onSuccess: (changed) => (tellRole(changed), refresh(slug)), onError: tellError });
  const back = useMutation({ mutationFn: () => memberAdd(slug, { username: entry.user.username, role: entry.role }), onSuccess: () => refresh(slug), onError: tellError });
  const remove = useMutation({
    mutationFn: () => memberRemove(slug, entry.user.id),
    onSuccess: () => {
      handOver(line.current);
      tell(`${entry.user.name} left the project`, { name: "Bring back", room: roomOf(slug), keys: undoKey(), run: () => back.mutate() });
      return refresh(slug);
    },
    onError: tellError,
  });
  return (
    <li className="member-line" ref={line}>
      <span className="me" aria-hidden="true">
        {entry.user.initials}
      </span>
      <span className="grow">
        <span className="b">{entry.user.name}</span>
        {entry.user.id === user?.id && <span className="t3"> you</span>}
        <span className="sm t3 block">
          {entry.user.username}
          {entry.one_time !== null && <>, {waitingWords(entry.one_time)}</>}
        </span>
      </span>
      {options !== undefined ? (
        <>
          <Choice label="Role" value={entry.role} options={options} onChange={(role) => change.mutate(role)} />
          {entry.user.id !== user?.id && (
            <Button look="ghost" size="xs" label={`New password for ${entry.user.name}`} onClick={() => setAsking(true)}>
              New password
            </Button>
          )}
          <Button look="ghost" size="xs" busy={remove.isPending} label={`Remove ${entry.user.name}`} onClick={() => remove.mutate()}>
            Remove
          </Button>
        </>
      ) : (
        <span className="t2">{ROLE_NAMES[entry.role]}</span>
      )}
      {asking && <NewPassword slug={slug} entry={entry} onClose={() => setAsking(false)} />}
    </li>
  );
}

/** The person by user name; who has no account yet gets one here, with a password that is shown once. */
function AddMember({ slug, options }: { readonly slug: string; readonly options: Options }) {
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const [made, setMade] = useState<MemberAdded | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const focus = (): void => form.current?.querySelector("input")?.focus();
  const add = useMutation({
    mutationFn: (make_account: boolean) => memberAdd(slug, { username, role, make_account }),
    onSuccess: (member) => {
      setUsername("");
      setMade(member.password === "" ? null : member);
      tellRole(member);
      if (member.password === "") focus(); // the password has it first
      return refresh(slug);
    },
    onError: focus,
    gcTime: 0, // it holds a password
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (username.trim() !== "") add.mutate(false);
  };
  const unknown = add.error instanceof ApiError && add.error.details["unknown"] === username.trim();
  return (
    <>
      <form className="set-add" ref={form} onSubmit={send}>
        <Field label="Add a person by user name" value={username} onChange={setUsername} error={add.isError ? sentenceOf(add.error) : undefined} hint="Who has no account yet gets one." />
        <Choice label="Role" value={role} options={options} onChange={setRole} />
        <Button type="submit" busy={add.isPending} blocked={username.trim() === "" ? "Type a user name first." : undefined}>
          Add to project
        </Button>
      </form>
      {unknown && (
        <p className="set-more">
          <Button busy={add.isPending} onClick={() => add.mutate(true)}>
            Make an account for {username.trim()}
          </Button>
        </p>
      )}
      {made !== null && (
        <OneTime
          made={made}
          onClose={() => {
            setMade(null);
            add.reset();
            focus();
          }}
        />
      )}
    </>
  );
}
