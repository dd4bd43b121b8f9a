/** What waits, and the numbers that say how far the project is. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { SummaryOut, TrainingSummaryOut, VideoList, VideoRow } from "../../api/generated/model";
import { labelSet, summary } from "../../api/labelling";
import { LIVE_MS, videos, working } from "../../api/queries";
import { learning } from "../../api/training";
import { useKeymap } from "../../app/keymap";
import { useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { Crash } from "../../app/Crash";
import { bindShortcuts } from "../../player/shortcuts";
import { Statement, useLate } from "../../ui/parts";
import { count, moment, whole } from "../../ui/words";
import { Poster } from "../videos/Poster";
import { StateCell } from "../videos/StateCell";
import "../videos/videos.css";
import { HOME_ACTIONS } from "./actions";
import { Hours } from "./Hours";
import { NextStep, PerClass } from "./Labelling";
import { Learn } from "./Learn";
import { Loop, Steps } from "./Loop";
import { Recently } from "./Recently";
import { Review } from "./Review";
import "./home.css";

/** How often the first footage is looked for, a shell may bring it, and what comes of footage that is being read. */
const COMING_MS = 3_000;

export function Home() {
  const { slug, project } = useHere();
  useTitle(project?.name ?? "Home");
  const [today] = useState(() => new Date().toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" }));
  const newest = useQuery({
    ...videos(slug, { sort: "newest", limit: 5 }),
    refetchInterval: ({ state }) => (working(state.data?.by_state ?? {}) > 0 ? LIVE_MS : state.data !== undefined && total(state.data) === 0 ? COMING_MS : false),
  });
  const { data, error } = newest;
  const every = working(data?.by_state ?? {}) > 0 ? COMING_MS : false;
  const labels = useQuery({ ...summary(slug), refetchInterval: every });
  const learned = useQuery(learning(slug));
  // All of it comes at once: cards that arrive one by one push each other about.
  const known = !labels.isPending && !learned.isPending;
  if (error !== null && data === undefined) return <Crash error={error} />;
  return (
    <div className="page">
      <header>
        <h1>{project?.name}</h1>
        <span className="t2">{today}</span>
      </header>
      {data !== undefined && total(data) === 0 ? <FirstStart slug={slug} /> : data === undefined || !known ? <Coming /> : <Standing slug={slug} list={data} labels={labels.data} learned={learned.data} />}
    </div>
  );
}

function total(list: VideoList): number {
  return Object.values(list.by_state).reduce((sum, n) => sum + n, 0);
}

/** The shape of what comes: the loop, three cards and three below them. */
function Coming() {
  const late = useLate();
  if (!late) return <div aria-busy="true" />;
  return (
    <div className="col home-coming" aria-busy="true" role="status" aria-label="Loading the project">
      <div className="panel skel-loop" />
      {[0, 1].map((row) => (
        <div key={row} className="home-cards">
          <div className="panel" />
          <div className="panel" />
          <div className="panel" />
        </div>
      ))}
    </div>
  );
}

function FirstStart({ slug }: { readonly slug: string }) {
  const { may } = useHere();
  return (
    <>
      <Steps />
      {may("reviewer") ? (
        <Statement
          icon="film"
          title="Add your first footage"
          actions={
            <Link className="btn pri" to="/p/$slug/videos" params={{ slug }} search={{ upload: true }}>
              Upload videos
            </Link>
          }
        >
          Upload video files, or load a folder with <span className="mono">manage.py ingest</span>. Every frame is scored as it comes in.
        </Statement>
      ) : (
        <Statement icon="film" title="No footage yet">
          Someone with the data lead role uploads it. It appears here by itself.
        </Statement>
      )}
    </>
  );
}

interface StandingProps {
  readonly slug: string;
  readonly list: VideoList;
  readonly labels: SummaryOut | undefined;
  readonly learned: TrainingSummaryOut | undefined;
}

function Standing({ slug, list, labels, learned }: StandingProps) {
  const { data: set } = useQuery(labelSet(slug));
  useHomeKeys(slug, learned?.running?.number);
  const failed = list.by_state["failed"] ?? 0;
  return (
    <>
      <Loop slug={slug} list={list} labels={labels} learning={learned} />
      {failed > 0 && <Failed slug={slug} failed={failed} />}
      <div className="home-cards">
        {labels !== undefined && labels.clips > 0 ? <NextStep slug={slug} data={labels} classes={set?.classes ?? []} /> : <Recent slug={slug} rows={list.items} title="Newest footage" more="Show all videos" />}
        <Review slug={slug} />
        {labels !== undefined && learned !== undefined && <Learn slug={slug} data={learned} labels={labels} />}
      </div>
      <div className="home-cards">
        {labels !== undefined && labels.clips > 0 && <Hours data={labels} />}
        {labels !== undefined && labels.clips > 0 && <PerClass classes={set?.classes ?? []} data={labels} />}
        <Recently slug={slug} />
      </div>
    </>
  );
}

/** The keys that the cards' buttons show. */
function useHomeKeys(slug: string, running: number | undefined): void {
  const navigate = useNavigate();
  const remap = useKeymap((store) => store.remap);
  useEffect(
    () =>
      bindShortcuts(window, HOME_ACTIONS, remap, (id) => {
        if (id === "hLabel") void navigate({ to: "/p/$slug/label/{-$clip}", params: { slug, clip: undefined } });
        else if (id === "hReview") void navigate({ to: "/p/$slug/quality", params: { slug } });
        else if (running === undefined) void navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: undefined }, search: { start: true } });
        else void navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: String(running) } });
      }),
    [slug, running, navigate, remap],
  );
}

function Failed({ slug, failed }: { readonly slug: string; readonly failed: number }) {
  const { data } = useQuery(videos(slug, { state: "failed", sort: "newest", limit: 3 }));
  return (
    <section className="panel wide">
      <header>
        <h2>{count(failed, "video")} could not be read</h2>
        <span className="end">
          <Link className="btn xs" to="/p/$slug/videos" params={{ slug }} search={{ state: "failed" }}>
            Show {failed === 1 ? "it" : `all ${whole(failed)}`}
          </Link>
        </span>
      </header>
      <ul className="lines">
        {(data?.items ?? []).map((row) => (
          <li key={row.id}>
            <span className="b ell">{row.name}</span>
            <span className="t2 sm grow">{row.sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RecentProps {
  readonly slug: string;
  readonly rows: readonly VideoRow[];
  readonly title: string;
  readonly more: string;
}

function Recent({ slug, rows, title, more }: RecentProps) {
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        <span className="end">
          <Link className="btn ghost xs" to="/p/$slug/videos" params={{ slug }}>
            {more}
          </Link>
        </span>
      </header>
      <ul className="lines tall">
        {rows.map((row) => (
          <li key={row.id}>
            <Poster slug={slug} row={row} />
            <div className="grow">
              <Link className="nm ell" to="/p/$slug/videos/$id" params={{ slug, id: row.id }}>
                {row.name}
              </Link>
              <div className="sm t3 ell">
                {row.camera.name}, {moment(row.recorded_at ?? row.created_at)}
              </div>
            </div>
            <StateCell row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}
