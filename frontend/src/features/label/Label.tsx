/** The label screen: one clip after another, all from the keyboard. */
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { ApiError, sentenceOf } from "../../api/http";
import { classAdd, classChange } from "../../api/generated/client";
import { classesChanged, labelSet, summary } from "../../api/labelling";
import { useKeymap } from "../../app/keymap";
import { useNamedPlace, useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { SignInLink } from "../../app/SignedOut";
import { useOutbox } from "../../outbox";
import { bindShortcuts } from "../../player/shortcuts";
import { Button, Statement, useLate } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { count, whole } from "../../ui/words";
import { firstIn } from "./api";
import { LABEL_ACTIONS } from "./actions";
import { Bench } from "./Bench";
import type { Room, RoomState } from "./room";
import type { Clip, LabelClass } from "./types";
import { usePrefetch, useRoom } from "./useRoom";
import "../../ui/stage.css";
import "./label.css";

/** How often the counts beside the classes are asked for. */
const COUNTS_MS = 20_000;
const WIDE = "(min-width: 900px)";

export function Label() {
  const { slug, may, user } = useHere();
  const { clip } = useParams({ from: "/p/$slug/label/{-$clip}" });
  const wide = useMediaQuery(WIDE, matchMedia(WIDE).matches);
  useTitle("Label");
  if (!may("annotator")) return <Looking slug={slug} />;
  return <Open key={`${slug} ${user?.id ?? ""}`} slug={slug} clip={clip ?? null} wide={wide} />;
}

interface OpenProps {
  readonly slug: string;
  readonly clip: string | null;
  readonly wide: boolean;
}

function Open({ slug, clip, wide }: OpenProps) {
  const { may, user, expired } = useHere();
  const set = useQuery({ ...labelSet(slug), refetchInterval: COUNTS_MS });
  const [room, state] = useRoom(slug, clip, String(user?.id));
  useEffect(() => {
    if (!expired && room.state().phase === "broken") room.open(null);
  }, [expired, room]);
  const navigate = useNavigate();
  usePrefetch(slug, state);
  const seat = state.desk.seat;
  useNamedPlace(seat === null ? null : placeOf(seat.clip));
  useAddress(slug, clip, seat?.clip.id ?? null);
  useWayBack(room, wide && seat === null);
  const make = useMakeClass(slug);
  if (!wide) return <Narrow slug={slug} state={state} />;
  const error = set.error ?? (state.phase === "broken" ? state.problem : null);
  if (seat === null && error !== null) return <Broken slug={slug} room={room} error={error} retry={() => void set.refetch()} />;
  if (seat === null && state.phase === "empty") return <Empty slug={slug} room={room} state={state} />;
  if (seat === null || set.data === undefined) return set.error === null ? <Loading /> : <Broken slug={slug} room={room} error={set.error} retry={() => void set.refetch()} />;
  const open = (id: string): void => void navigate({ to: "/p/$slug/label/{-$clip}", params: { slug, clip: id } });
  return (
    <div className="lab" role="presentation" onMouseDown={keepFocus}>
      <h1 className="sr">Label {placeOf(seat.clip)}</h1>
      <Bench slug={slug} set={set.data} room={room} state={state} seat={seat} onOpen={open} onMake={may("reviewer") ? (name) => make.mutate(name) : null} />
    </div>
  );
}

/** A new class is everybody's: what was made is said, with the way back. */
function useMakeClass(slug: string) {
  const archive = useMutation({
    mutationFn: (made: LabelClass) => classChange(slug, made.id, { archived: true }),
    onSuccess: (made) => {
      tell(`${made.name} is archived and offered no more`);
      return classesChanged(slug);
    },
    onError: tellError,
  });
  return useMutation({
    mutationFn: (name: string) => classAdd(slug, { name }),
    onSuccess: (made) => {
      tell(`${made.name} is a class of this project now, for everyone`, { name: "Take it back", run: () => archive.mutate(made) });
      return classesChanged(slug);
    },
    onError: tellError,
  });
}

const WAY_BACK = LABEL_ACTIONS.filter(({ id }) => id === "undo" || id === "redo");

/** Undo works where no clip is open, too: the last one may have been a mistake. */
function useWayBack(room: Room, needed: boolean): void {
  const remap = useKeymap((store) => store.remap);
  useEffect(() => (needed ? bindShortcuts(window, WAY_BACK, remap, (id) => (id === "undo" ? room.undo() : room.redo())) : undefined), [room, needed, remap]);
}

/** A button pressed with the mouse does not keep the focus: Enter belongs to the clip. */
function keepFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest("button") !== null) event.preventDefault();
}

function placeOf(clip: Clip): string {
  return `${clip.camera.name}, ${clip.video.name}${clip.start === 0 ? "" : `, from ${whole(clip.start)}`}`;
}

/** An address that names a clip loses the name once another clip is open. */
function useAddress(slug: string, named: string | null, open: string | null): void {
  const navigate = useNavigate();
  const arrived = useRef<string | null>(null);
  useEffect(() => {
    if (named !== null && named === open) arrived.current = named;
    else if (named !== null && open !== null && arrived.current === named) {
      arrived.current = null;
      void navigate({ to: "/p/$slug/label/{-$clip}", params: { slug, clip: undefined }, replace: true });
    }
  }, [slug, named, open, navigate]);
}

/** The shape of what comes: classes, a picture in its cell, the decision, the rows of the timeline, the queue. */
function Loading() {
  const late = useLate();
  return (
    <div className={late ? "lab coming" : "lab"} aria-busy="true" aria-label="Loading the next clip">
      <aside className="pal">
        <div className="lab-skel">{lines(9)}</div>
      </aside>
      <section className="stage">
        <div className="stage-shape" />
      </section>
      <div className="trans">
        <span className="skel" />
      </div>
      <aside className="side">
        <section className="lab-skel">
          {lines(3)}
          <div className="acts">
            <span className="skel" />
            <span className="skel" />
            <span className="skel" />
          </div>
        </section>
      </aside>
      <section className="tl">
        <div className="heads">
          {[0, 1, 2, 3].map((row) => (
            <div key={row}>
              <span className="skel" />
            </div>
          ))}
        </div>
        <div className="lanes-skel">
          <span className="skel" />
        </div>
      </section>
      <div className="q">
        <div className="why lab-skel">{lines(2)}</div>
        <div className="cards">
          {Array.from({ length: 9 }, (_, i) => (
            <span key={i} className="qc skel" />
          ))}
        </div>
      </div>
    </div>
  );
}

function lines(n: number): ReactNode {
  return Array.from({ length: n }, (_, i) => <span key={i} className="skel" style={{ width: `${84 - ((i * 23) % 40)}%` }} />);
}

function Broken({ slug, room, error, retry }: { readonly slug: string; readonly room: Room; readonly error: unknown; readonly retry: () => void }) {
  const { waiting } = useOutbox();
  const status = error instanceof ApiError ? error.status : -1;
  const safe = waiting > 0 ? ` ${count(waiting, "label")} ${waiting === 1 ? "waits" : "wait"} here and ${waiting === 1 ? "is" : "are"} sent when the server answers.` : "";
  if (status === 401) {
    return (
      <Page icon="eye" title="You are signed out" actions={<SignInLink />}>
        The next clip opens when you have signed in.{waiting > 0 ? ` ${count(waiting, "label")} ${waiting === 1 ? "waits" : "wait"} here until then.` : ""}
      </Page>
    );
  }
  if (status === 404) {
    return (
      <Page icon="search" title="There is no such clip" actions={<OpenQueue slug={slug} />}>
        It may have been cut anew after its video was reviewed, or it belongs to another project.
      </Page>
    );
  }
  return (
    <Page
      icon="off"
      tone="bad"
      title={status === 0 ? "The next clip cannot be fetched" : "The next clip could not be opened"}
      actions={
        <Button
          onClick={() => {
            retry();
            room.open(null);
          }}
        >
          Try again
        </Button>
      }
    >
      {sentenceOf(error)}
      {safe}
      {status === 0 ? " It is tried again by itself." : ""}
    </Page>
  );
}

function OpenQueue({ slug }: { readonly slug: string }) {
  return (
    <Link className="btn" to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }}>
      Open the next clip
    </Link>
  );
}

/** Nothing is left in the queue: says what there is, and what could be looked at again. */
function Empty({ slug, room, state }: { readonly slug: string; readonly room: Room; readonly state: RoomState }) {
  const { data } = useQuery({ ...summary(slug), staleTime: 0, refetchInterval: 3_000 });
  const navigate = useNavigate();
  const skipped = state.queue.skipped.length;
  const again = useMutation({
    mutationFn: () => firstIn(slug, "uncertain"),
    onSuccess: (clip) => clip !== null && void navigate({ to: "/p/$slug/label/{-$clip}", params: { slug, clip } }),
    onError: tellError,
  });
  if (data !== undefined && data.clips === 0) {
    return (
      <Page
        icon="film"
        title="There is nothing to label yet"
        actions={
          <Link className="btn pri" to="/p/$slug/videos" params={{ slug }}>
            Go to Videos
          </Link>
        }
      >
        Clips are cut from the accepted stretches of a video as soon as its frames are scored.
      </Page>
    );
  }
  const uncertain = data?.uncertain ?? 0;
  return (
    <Page
      icon="check"
      title={skipped > 0 ? "Only skipped clips are left" : "Every clip has been looked at"}
      actions={
        <>
          {skipped > 0 && (
            <Button look="pri" onClick={() => room.showSkipped()}>
              Show the {count(skipped, "skipped clip")}
            </Button>
          )}
          {uncertain > 0 && (
            <Button look={skipped > 0 ? "plain" : "pri"} busy={again.isPending} onClick={() => again.mutate()}>
              Look at the uncertain ones again
            </Button>
          )}
          {state.desk.history.done.length > 0 && (
            <Button keys="Ctrl Z" onClick={() => room.undo()}>
              Undo the last one
            </Button>
          )}
        </>
      }
    >
      {data === undefined ? "" : `Of ${count(data.clips, "clip")} ${whole(data.labelled)} are labelled, ${whole(uncertain)} uncertain and ${whole(data.rejected)} rejected. New clips come here by themselves as videos become ready.`}
    </Page>
  );
}

function Narrow({ slug, state }: { readonly slug: string; readonly state: RoomState }) {
  const { done, total } = state.queue;
  return (
    <Page
      icon="film"
      title="Labelling needs a wider window"
      actions={
        <Link className="btn pri" to="/p/$slug" params={{ slug }}>
          Go to Home
        </Link>
      }
    >
      The player, timeline and class keys need 900 px.{total > 0 ? ` Your place in the queue is kept: ${whole(done)} of ${whole(total)}.` : ""}
    </Page>
  );
}

function Looking({ slug }: { readonly slug: string }) {
  return (
    <Page
      icon="eye"
      title="Your role here looks and does not label"
      actions={
        <Link className="btn" to="/p/$slug/videos" params={{ slug }}>
          Go to Videos
        </Link>
      }
    >
      Someone with this project’s admin role can make you an annotator.
    </Page>
  );
}

interface PageProps {
  readonly icon: "film" | "check" | "off" | "search" | "eye";
  readonly tone?: "bad";
  readonly title: string;
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

function Page({ children, ...statement }: PageProps) {
  return (
    <div className="page">
      <header>
        <h1>Label</h1>
      </header>
      <Statement {...statement}>{children}</Statement>
    </div>
  );
}
