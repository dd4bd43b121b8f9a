/** The house around every room: top bar, rail, palette, the line that says when the server is away. */
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useMatches, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { videos, working } from "../api/queries";
import { bindShortcuts, SHELL_ACTIONS } from "../player/shortcuts";
import { Icon, Mark } from "../ui/Icon";
import { focusRoom } from "../ui/focus";
import { Button, Statement } from "../ui/parts";
import { focusToasts } from "../ui/toasts";
import { type ThemeChoice, useAppearance } from "./appearance";
import { KeysDialog } from "./KeysDialog";
import { useKeymap } from "./keymap";
import { Palette } from "./Palette";
import { usePlace } from "./place";
import { Rail, ROOMS } from "./Rail";
import { SaveState } from "./SaveState";
import { SignedOut } from "./SignedOut";
import { ROLE_NAMES, useHere, useSignOut } from "./session";

/** The one key that is left is the save state's own. */
const HOUSE = SHELL_ACTIONS.filter(({ id }) => id !== "decide");

export function Shell() {
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const remap = useKeymap((store) => store.remap);
  const { slug, project } = useHere();
  useEffect(() => bindShortcuts(window, HOUSE, remap, (id) => (id === "palette" ? setPalette(true) : id === "help" ? setKeys(true) : focusToasts())), [remap]);
  useFocusInRoom();
  return (
    <div className="app">
      <a className="skip" href="#room">
        Skip to the room
      </a>
      <header className="top">
        <Link className="brand" to="/p/$slug" params={{ slug }} aria-label="Rushes, home">
          <Mark />
        </Link>
        <Crumb />
        <button className="omni" type="button" aria-keyshortcuts="Control+K" onClick={() => setPalette(true)}>
          <Icon name="search" />
          <span>Search or run a command</span>
          <kbd>Ctrl K</kbd>
        </button>
        <SaveState />
        <PersonMenu onKeys={() => setKeys(true)} />
      </header>
      {project === undefined ? <div className="rail" /> : <Rail slug={slug} />}
      <div className="house">
        <Offline />
        <SignedOut />
        <main id="room" tabIndex={-1}>
          {project === undefined ? <Elsewhere /> : <Outlet />}
        </main>
      </div>
      <Palette open={palette} onClose={() => setPalette(false)} onKeys={() => setKeys(true)} />
      <KeysDialog open={keys} onClose={() => setKeys(false)} />
    </div>
  );
}

/** After a way from one room to another the next Tab goes on in the room, if what led there is gone. */
function useFocusInRoom(): void {
  const { pathname } = useLocation();
  const came = useRef(pathname);
  useEffect(() => {
    if (came.current !== pathname && document.activeElement === document.body) focusRoom();
    came.current = pathname;
  }, [pathname]);
}

function Crumb() {
  const { slug, project, projects } = useHere();
  const navigate = useNavigate();
  const place = usePlace((store) => store.place);
  const room = useMatches({ select: (matches) => matches.at(-1)?.routeId ?? "" });
  const here = project === undefined ? undefined : ROOMS.find((entry) => entry.name !== "Home" && room.startsWith(entry.to));
  const name = here?.name ?? "";
  return (
    <div className="crumb">
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <button type="button" className="pick" aria-label={project === undefined ? undefined : `Project: ${project.name}`}>
            <span className="ell">{project?.name ?? "Choose a project"}</span>
            <Icon name="down" />
          </button>
        </Menu.Target>
        <Menu.Dropdown className="menu">
          <Menu.Label>Your projects</Menu.Label>
          {projects.map((entry) => (
            <Menu.Item key={entry.slug} className="menu-item" onClick={() => void navigate({ to: "/p/$slug", params: { slug: entry.slug } })}>
              <span className="tick">{entry.slug === slug && <Icon name="check" />}</span>
              <span className="grow ell">{entry.name}</span>
              <span className="t3 sm">{ROLE_NAMES[entry.role]}</span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {name !== "" && (
        <>
          <span className="sep sub">/</span>
          <span className="sub">
            {place === null || here === undefined || name === "Label" ? (
              name
            ) : (
              <Link to={here.to} params={{ slug, clip: undefined, run: undefined, number: undefined }}>
                {name}
              </Link>
            )}
          </span>
        </>
      )}
      {place !== null && (
        <>
          <span className="sep sub">/</span>
          <span className="sub ell place">{place}</span>
        </>
      )}
    </div>
  );
}

const THEMES: readonly { readonly value: ThemeChoice; readonly label: string }[] = [
  { value: "footage", label: "Dark for footage" },
  { value: "dark", label: "Dark" },
  { value: "light", label: "Light" },
  { value: "system", label: "As the system" },
];

function PersonMenu({ onKeys }: { readonly onKeys: () => void }) {
  const { slug, user, project } = useHere();
  const { choice, choose } = useAppearance();
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className="me" aria-label={`${user?.initials ?? ""}, account: ${user?.name ?? ""}`}>
          {user?.initials}
        </button>
      </Menu.Target>
      <Menu.Dropdown className="menu">
        <div className="who">
          <div className="b">{user?.name}</div>
          <div className="sm t3">{project === undefined ? user?.username : `${ROLE_NAMES[project.role]} in ${project.name}`}</div>
        </div>
        <Menu.Divider />
        <Menu.Label>Look</Menu.Label>
        {THEMES.map((theme) => (
          <Menu.Item key={theme.value} className="menu-item" closeMenuOnClick={false} aria-current={theme.value === choice ? true : undefined} onClick={() => choose(theme.value)}>
            <span className="tick">{theme.value === choice && <Icon name="check" />}</span>
            {theme.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item className="menu-item" onClick={onKeys}>
          <span className="tick" />
          <span className="grow">All keys</span>
          <kbd>?</kbd>
        </Menu.Item>
        <Menu.Item className="menu-item" onClick={() => void navigate({ to: "/p/$slug/settings", params: { slug }, hash: "account" })}>
          <span className="tick" />
          Change password
        </Menu.Item>
        <Menu.Item className="menu-item" onClick={() => signOut.mutate()}>
          <span className="tick" />
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Says since when there is no connection, and goes by itself once there is one. */
function Offline() {
  const { slug, project } = useHere();
  const query = useQuery({ ...videos(slug, { limit: 1 }), enabled: project !== undefined, refetchInterval: (state) => liveInterval(state.state.status, working(state.state.data?.by_state ?? {})) });
  const lost = query.isError && "status" in query.error && query.error.status === 0;
  if (!lost) return null;
  const since = new Date(query.errorUpdatedAt).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return (
    <div className="offline" role="alert">
      <Icon name="off" />
      <span className="b">No connection since {since}.</span>
      <span>What was saved is safe.</span>
      <span className="end">
        <Button size="xs" onClick={() => void query.refetch()}>
          Try now
        </Button>
      </span>
    </div>
  );
}

function liveInterval(status: string, busy: number): number | false {
  if (status === "error") return 8_000;
  return busy > 0 ? 2_000 : false;
}

function Elsewhere() {
  const { projects } = useHere();
  return (
    <div className="page">
      <Statement
        icon="eye"
        title="This project is not open to you"
        actions={
          projects.length > 0 && (
            <Link className="btn" to="/">
              Go to your projects
            </Link>
          )
        }
      >
        It does not exist, or you are not a member of it. Someone with its admin role can add you.
      </Statement>
    </div>
  );
}
