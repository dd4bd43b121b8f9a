/** What needs attention, and the numbers that say how far the footage is. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { VideoList, VideoRow } from "../../api/generated/model";
import { cameras, LIVE_MS, videos, working } from "../../api/queries";
import { useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { Crash } from "../../app/Crash";
import { LoadingRows, State, Statement } from "../../ui/parts";
import { count, footage, moment, percent, roughly, whole } from "../../ui/words";
import { Poster } from "../videos/Poster";
import { Labelling } from "./Labelling";
import { StateCell } from "../videos/StateCell";
import "../videos/videos.css";
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
  if (error !== null && data === undefined) return <Crash error={error} />;
  return (
    <div className="page">
      <header>
        <h1>{project?.name}</h1>
        <span className="t2">{today}</span>
        {data !== undefined && <Alarms list={data} slug={slug} />}
      </header>
      {data === undefined ? <LoadingRows what="the project" /> : total(data) === 0 ? <FirstStart slug={slug} /> : <Standing slug={slug} list={data} />}
    </div>
  );
}

function total(list: VideoList): number {
  return Object.values(list.by_state).reduce((sum, n) => sum + n, 0);
}

function Alarms({ list, slug }: { readonly list: VideoList; readonly slug: string }) {
  const failed = list.by_state["failed"] ?? 0;
  if (failed === 0) return null;
  return (
    <span className="end">
      <Link to="/p/$slug/videos" params={{ slug }} search={{ state: "failed" }}>
        <State tone="bad">{count(failed, "video")} failed</State>
      </Link>
    </span>
  );
}

function FirstStart({ slug }: { readonly slug: string }) {
  const { may } = useHere();
  if (!may("reviewer"))
    return (
      <Statement icon="film" title="No footage yet">
        Someone with the data lead role uploads it. It appears here by itself.
      </Statement>
    );
  return (
    <Statement
      icon="film"
      title="Add your first footage"
      actions={
        <Link className="btn pri" to="/p/$slug/videos" params={{ slug }}>
          Go to Videos
        </Link>
      }
    >
      Upload video files, or load a folder with <span className="mono">manage.py ingest</span>. Every frame is scored as it comes in.
    </Statement>
  );
}

function Standing({ slug, list }: { readonly slug: string; readonly list: VideoList }) {
  const { data: all } = useQuery(cameras(slug));
  const busy = working(list.by_state);
  const failed = list.by_state["failed"] ?? 0;
  const ready = list.by_state["ready"] ?? 0;
  return (
    <>
      <nav className="panel loop" aria-label="The footage in numbers">
        <Link to="/p/$slug/videos" params={{ slug }}>
          <span className="k">Footage</span>
          <b>{footage(list.seconds)}</b>
          <span className="s">{count(total(list), "video")}</span>
        </Link>
        <Link to="/p/$slug/videos" params={{ slug }} search={{ state: "ready" }}>
          <span className="k">Frames scored</span>
          <b>{roughly(list.frames)}</b>
          <span className="s">in {count(ready, "ready video")}</span>
        </Link>
        <Link to="/p/$slug/videos" params={{ slug }} search={{ sort: "rejected" }}>
          <span className="k">Rejected</span>
          <b>{percent(list.rejected_frames, list.frames)}</b>
          <span className="s">{count(list.rejected_frames, "frame")}, with reasons</span>
        </Link>
        <Link to="/p/$slug/videos" params={{ slug }} search={{ state: "working" }}>
          <span className="k">Being read</span>
          <b>{whole(busy)}</b>
          <span className="s">{busy === 0 ? "nothing waits" : "playable when every frame is scored"}</span>
        </Link>
        <Link to="/p/$slug/settings" params={{ slug }} hash="cameras">
          <span className="k">Cameras</span>
          <b>{all === undefined ? "–" : whole(all.total)}</b>
          <span className="s">{all === undefined ? "" : sites(all.items.map((camera) => camera.site.name))}</span>
        </Link>
      </nav>
      <Labelling slug={slug} every={busy > 0 ? COMING_MS : false} />
      <div className="home-two">
        {failed > 0 && <Failed slug={slug} failed={failed} />}
        <Recent slug={slug} rows={list.items} title="Newest footage" more="Show all videos" />
        <Worst slug={slug} every={busy > 0 ? COMING_MS : false} />
      </div>
    </>
  );
}

function sites(names: readonly string[]): string {
  return `at ${count(new Set(names).size, "site")}`;
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

/** Where the most frames were thrown out: the first place to look. */
function Worst({ slug, every }: { readonly slug: string; readonly every: number | false }) {
  const { data } = useQuery({ ...videos(slug, { state: "ready", sort: "rejected", limit: 5 }), refetchInterval: every });
  const rows = (data?.items ?? []).filter((row) => row.rejected_frames > 0);
  const most = Math.max(...rows.map((row) => row.rejected_frames / row.frames), 0.01);
  return (
    <section className="panel">
      <header>
        <h2>Most rejected</h2>
        <span className="t3 sm">share of frames</span>
      </header>
      {rows.length === 0 ? (
        <p className="t2 pad">No frame was rejected in {count(data?.total ?? 0, "ready video")}.</p>
      ) : (
        <ul className="lines tall">
          {rows.map((row) => (
            <li key={row.id}>
              <Poster slug={slug} row={row} />
              <div className="grow">
                <Link className="nm ell" to="/p/$slug/videos/$id" params={{ slug, id: row.id }}>
                  {row.name}
                </Link>
                <div className="bar rejected">
                  <i style={{ width: `${(row.rejected_frames / row.frames / most) * 100}%` }} />
                </div>
              </div>
              <span className="num">{percent(row.rejected_frames, row.frames)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
