/** One video at full quality: the picture, every frame by its number, and what was rejected and why. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { VideoOut } from "../../api/generated/model";
import { LIVE_MS, frameIndex, quality, video } from "../../api/queries";
import { ApiError } from "../../api/http";
import { Crash } from "../../app/Crash";
import { NotFound } from "../../app/NotFound";
import { useNamedPlace, useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { Button, Progress, Statement, useLate } from "../../ui/parts";
import { useVideoDeeds } from "../videos/deeds";
import { MoveDialog } from "../videos/MoveDialog";
import { stageOf } from "../videos/stage";
import { Cockpit } from "./Cockpit";
import "../../ui/stage.css";
import "./video.css";

export function Video() {
  const { slug, id } = useParams({ from: "/p/$slug/videos/$id" });
  const { data, error } = useQuery({
    ...video(slug, id),
    refetchInterval: ({ state }) => (state.data?.state === "working" || state.data?.state === "registered" ? LIVE_MS : false),
  });
  useTitle(data?.name ?? "Video");
  useNamedPlace(data?.name ?? null);
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (error !== null && data === undefined) return <Crash error={error} />;
  if (data === undefined) return <Loading />;
  if (data.state === "failed") return <Failed slug={slug} row={data} />;
  if (data.state !== "ready") return <OnItsWay row={data} />;
  return <Ready key={id} slug={slug} row={data} />;
}

function Ready({ slug, row }: { readonly slug: string; readonly row: VideoOut }) {
  const { frame } = useSearch({ from: "/p/$slug/videos/$id" });
  const index = useQuery(frameIndex(slug, row.id));
  const verdicts = useQuery(quality(slug, row.id));
  const error = index.error ?? verdicts.error;
  if (error !== null) return <Crash error={error} />;
  if (index.data === undefined || verdicts.data === undefined) return <Loading />;
  return <Cockpit slug={slug} row={row} index={index.data} quality={verdicts.data} start={frame ?? 0} />;
}

function Loading() {
  const late = useLate();
  return (
    <div className="cockpit" aria-busy="true">
      <div className="stage">{late && <div className="stage-shape" />}</div>
    </div>
  );
}

function OnItsWay({ row }: { readonly row: VideoOut }) {
  const fraction = row.ingest?.progress ?? 0;
  return (
    <div className="page">
      <Statement icon="clock" title={`${row.name} is being read`}>
        {stageOf(row)}, {Math.round(fraction * 100)} %. It opens here by itself when every frame is scored.
      </Statement>
      <div className="on-its-way">
        <Progress fraction={fraction} label={stageOf(row)} />
      </div>
    </div>
  );
}

function Failed({ slug, row }: { readonly slug: string; readonly row: VideoOut }) {
  const { may } = useHere();
  const navigate = useNavigate();
  const [moving, setMoving] = useState(false);
  const { retry, removal } = useVideoDeeds(slug, row, () => void navigate({ to: "/p/$slug/videos", params: { slug } }));
  return (
    <div className="page">
      <Statement
        icon="off"
        tone="bad"
        title={`${row.name} could not be read`}
        actions={
          may("reviewer") ? (
            <>
              {row.again && (
                <Button busy={retry.isPending} onClick={() => retry.mutate()}>
                  Try again
                </Button>
              )}
              <Button look={row.again ? "ghost" : "plain"} busy={removal.isPending} onClick={() => removal.mutate()}>
                Remove
              </Button>
              <Button look="ghost" onClick={() => setMoving(true)}>
                Move to another camera
              </Button>
            </>
          ) : (
            <Link className="btn" to="/p/$slug/videos" params={{ slug }}>
              Back to Videos
            </Link>
          )
        }
      >
        {row.sentence}
      </Statement>
      {moving && <MoveDialog slug={slug} row={row} onClose={() => setMoving(false)} />}
    </div>
  );
}
