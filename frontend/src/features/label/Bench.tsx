/** The open clip: classes, picture, decision, timeline and queue, with every key. */
import { useEffect, useMemo, useRef, useState } from "react";
import { sentenceOf } from "../../api/http";
import { useKeymap } from "../../app/keymap";
import { randomId } from "../../player/capabilities";
import type { Player } from "../../player/player";
import { bindShortcuts } from "../../player/shortcuts";
import type { Timeline, TimelineContent } from "../../player/timeline";
import { Icon } from "../../ui/Icon";
import { useLate } from "../../ui/parts";
import { footage, whole } from "../../ui/words";
import { GoTo } from "../video/GoTo";
import { Lane } from "../video/Lane";
import { useFilmstrip } from "../video/useFilmstrip";
import { useOnFrame, usePlayerFacts } from "../video/usePlayer";
import { LABEL_ACTIONS, REPEATS } from "./actions";
import { ClassList } from "./ClassList";
import { Decide } from "./Decide";
import type { Seat } from "./desk";
import { lanesOf, rejectedSpans, rowsOf, stillGuessed } from "./layout";
import { playKey, toggleLoop } from "./playing";
import { usePrefs } from "./prefs";
import { nextRow } from "./queue";
import type { Room, RoomState } from "./room";
import { type Deed, giveNamed, route, type Situation } from "./route";
import { Comment, SegmentList } from "./SegmentList";
import { Strip } from "./Strip";
import { Swatch } from "./Swatch";
import { Transport } from "./Transport";
import type { LabelClass, LabelSet } from "./types";
import { useStage, useTimeline } from "./useStage";
import { comment, moveEdge, select } from "./work";

interface BenchProps {
  readonly slug: string;
  readonly set: LabelSet;
  readonly room: Room;
  readonly state: RoomState;
  readonly seat: Seat;
  readonly onOpen: (id: string) => void;
  readonly onMake: ((name: string) => void) | null;
}

const LANES = 119;

export function Bench({ slug, set, room, state, seat, onOpen, onMake }: BenchProps) {
  const [lane, setLane] = useState<HTMLElement | null>(null);
  const [going, setGoing] = useState(false);
  const [hint, setHint] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const remark = useRef<HTMLTextAreaElement>(null);
  const { clip, work } = seat;
  const { classes } = set;
  const { written } = state.desk;
  const { hold, player, fps, frames, seconds, error } = useStage(slug, clip, nextRow(state.queue, clip.id));
  const filmstrip = useFilmstrip(slug, clip.video.id);
  const rows = rowsOf(clip, work, classes);
  const content = useMemo((): TimelineContent => {
    const shown = rowsOf(clip, work, classes);
    return { count: frames, spans: rejectedSpans(clip.spans), filmstrip, lanes: LANES, classes: lanesOf(clip, work, shown, classes, written) };
  }, [clip, work, classes, frames, filmstrip, written]);
  const hands = useHands(player, room, content);
  const timeline = useTimeline(lane, player, clip, content, hands);
  const here = (): Situation | null => situation(room, classes, player);
  const act = (deed: Deed | null): void => {
    setHint("");
    if (deed === null) return;
    if (deed.do === "goto") return setGoing(true);
    if (deed.do === "find") return search.current?.focus();
    if (deed.do === "comment") return remark.current?.focus();
    if (deed.do === "say") return setHint(deed.sentence);
    if (deed.do === "submit" && !hasSeen(player)) return setHint("The picture of this clip is not here yet. N skips it.");
    perform(deed, room, player, timeline);
  };
  const press = (id: string): void => {
    const now = here();
    if (now !== null) act(route(id, now));
  };
  const name = (label: LabelClass): void => {
    const now = here();
    if (now !== null) act(giveNamed(label, now));
  };
  useKeys(press);
  return (
    <>
      <ClassList set={set} work={work} search={search} onPick={name} onMake={onMake} />
      <section className="stage" aria-label="Picture">
        <div className="pool" ref={hold} />
        {player === null && <Coming sentence={error === null ? null : sentenceOf(error)} />}
        <Hud seat={seat} classes={classes} player={player} hint={hint} />
      </section>
      <div className="trans" role="toolbar" aria-label="Player">
        {player !== null && <Transport player={player} seat={seat} act={press} />}
      </div>
      <aside className="side" aria-label="Decide">
        <Notes seat={seat} />
        <Decide clip={clip} work={work} classes={classes} act={press} />
        <SegmentList
          clip={clip}
          work={work}
          classes={classes}
          onPick={(key, start) => {
            room.edit(select(work, key));
            player?.seek(start);
          }}
        />
        <Comment text={work.comment} field={remark} onChange={(text) => room.edit(comment(room.state().desk.seat?.work ?? work, text))} />
      </aside>
      <section className="tl" aria-label="Timeline">
        <div className="heads">
          <div className="t3 ruler">
            Frame<span className="n">{Number(fps.toFixed(2))} fps</span>
          </div>
          <div className="t3 strip">
            Filmstrip{(clip.suggestion?.chosen.length ?? 0) > 0 && <span className="n">◆ {clip.suggestion?.chosen.length} chosen</span>}
          </div>
          <div className="rows">
            {rows.map(({ label, note }) => (
              <div key={label.id}>
                <Swatch label={label} />
                <span className="ell">{label.name}</span>
                <span className="n">{note}</span>
              </div>
            ))}
          </div>
          <div className="t3 whole">
            Whole video<span className="n">{footage(seconds)}</span>
          </div>
        </div>
        <Lane hold={setLane} player={player} last={frames - 1} />
      </section>
      <Strip desk={state.desk} queue={state.queue} classes={classes} onOpen={onOpen} />
      {player !== null && <GoTo open={going} player={player} onClose={() => setGoing(false)} />}
    </>
  );
}

function situation(room: Room, classes: readonly LabelClass[], player: Player | null): Situation | null {
  const { seat } = room.state().desk;
  return seat === null ? null : { clip: seat.clip, work: seat.work, classes, at: player?.state.ordinal ?? seat.clip.start, newKey: randomId };
}

/** Nothing is said of a clip before its picture was there. */
function hasSeen(player: Player | null): boolean {
  return player !== null && (player.state.painted !== null || player.state.playing);
}

function perform(deed: Deed, room: Room, player: Player | null, timeline: Timeline | null): void {
  const clip = room.state().desk.seat?.clip;
  switch (deed.do) {
    case "edit":
      room.edit(deed.work);
      if (deed.seek !== null) player?.seek(deed.seek);
      return;
    case "submit":
      return room.submit(deed.work, deed.outcome);
    case "next":
      return room.pass(false);
    case "skip":
      return room.pass(true);
    case "undo":
      return void room.undo();
    case "redo":
      return void room.redo();
    case "autoplay":
      return usePrefs.getState().toggleAutoplay();
    case "loopSegment":
      if (player !== null && clip !== undefined) toggleLoop(player, clip, room.state().desk.seat?.work ?? null);
      return;
    case "play":
      if (player !== null && timeline !== null && clip !== undefined) playKey(deed.id, player, timeline, clip);
      return;
    default:
  }
}

/** Keys go to what is newest without being bound anew for every frame and edit. */
function useKeys(press: (id: string) => void): void {
  const newest = useRef(press);
  useEffect(() => {
    newest.current = press;
  });
  const remap = useKeymap((store) => store.remap);
  useEffect(
    () =>
      bindShortcuts(window, LABEL_ACTIONS, remap, (id, event) => {
        if (!event.repeat || REPEATS.has(id)) newest.current(id);
      }),
    [remap],
  );
}

/** What a hand on the timeline does. */
function useHands(player: Player | null, room: Room, content: TimelineContent) {
  const newest = useRef({ player, content });
  useEffect(() => {
    newest.current = { player, content };
  });
  return useMemo(
    () => ({
      scrub: (n: number, resting: boolean) => newest.current.player?.seek(n, !resting),
      pick: (key: string) => {
        const { seat } = room.state().desk;
        if (seat !== null && key !== "whole") room.edit(select(seat.work, key));
      },
      drag: (edge: "start" | "end", n: number, resting: boolean) => {
        const { seat } = room.state().desk;
        if (seat === null) return;
        room.drag(moveEdge(seat.work, edge, n, seat.clip), resting);
        newest.current.player?.seek(edge === "start" ? n : n - 1, !resting);
      },
    }),
    [room],
  );
}

function Coming({ sentence }: { readonly sentence: string | null }) {
  const late = useLate();
  if (sentence !== null) return <p className="t2">{sentence}</p>;
  return late ? <div className="stage-shape" aria-busy="true" /> : null;
}

interface HudProps {
  readonly seat: Seat;
  readonly classes: readonly LabelClass[];
  readonly player: Player | null;
  readonly hint: string;
}

/** Over the picture: what this clip is said to be, what waits for marks, and what a key could not do. */
function Hud({ seat, classes, player, hint }: HudProps) {
  const { clip, work } = seat;
  const guess = stillGuessed(clip, work) ? clip.suggestion : null;
  const named = (id: string | null): LabelClass | undefined => classes.find((label) => label.id === id);
  const shown = named(work.label ?? guess?.top ?? null);
  return (
    <div className="hud">
      {shown !== undefined && (
        <span>
          <Swatch label={shown} ring />
          {shown.name}
          {work.label === null ? "?" : ""}
        </span>
      )}
      {work.armed !== null && (
        <span>
          <Swatch label={named(work.armed)} ring />
          {named(work.armed)?.name}: mark it with I and O
        </span>
      )}
      {player !== null && <Problem player={player} />}
      <span role="status" className="hint" hidden={hint === ""}>
        {hint}
      </span>
      {player !== null && <At player={player} chosen={clip.suggestion?.chosen ?? []} />}
    </div>
  );
}

/** The frame's number over the picture, and whether the model chose that frame. */
function At({ player, chosen }: { readonly player: Player; readonly chosen: readonly number[] }) {
  const number = useRef<HTMLSpanElement>(null);
  const choice = useRef<HTMLSpanElement>(null);
  const newest = useRef(chosen);
  const write = ({ ordinal }: Player["state"]): void => {
    if (number.current !== null) number.current.textContent = `Frame ${whole(ordinal)}`;
    if (choice.current === null) return;
    const at = newest.current.indexOf(ordinal);
    choice.current.hidden = at === -1;
    choice.current.textContent = `◆ Chosen frame ${at + 1} of ${newest.current.length}`;
  };
  useEffect(() => {
    newest.current = chosen;
    write(player.state);
  });
  useOnFrame(player, write);
  return (
    <>
      <span ref={choice} hidden />
      <span ref={number} className="at" />
    </>
  );
}

function Problem({ player }: { readonly player: Player }) {
  const { problem, path } = usePlayerFacts(player);
  return (
    <>
      {path === "server" && <span>Pictures from the server: this browser does not play H.264</span>}
      {problem !== null && (
        <span role="alert">
          <Icon name="warn" />
          {problem}
        </span>
      )}
    </>
  );
}

/** What a person should know before deciding. */
function Notes({ seat }: { readonly seat: Seat }) {
  const { flagged, flag_reason: reason, lease } = seat.clip;
  const other = lease.mine ? null : lease.by;
  if (!flagged && other === null) return null;
  return (
    <section className="notes">
      {flagged && (
        <p className="note warn sm">
          <Icon name="warn" />
          {reason === "" ? "The quality verdict changed under this annotation." : reason}
        </p>
      )}
      {other !== null && (
        <p className="note sm">
          <Icon name="people" />
          {other} has this clip open too. Whoever saves second is shown both versions.
        </p>
      )}
    </section>
  );
}
