/** From labels to a model: one button, the run under way or the latest one, and those before it. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import type { PreflightOut } from "../../api/generated/model";
import { preflight, run as runQuery, runs, trainingChanged, underWay } from "../../api/training";
import { Crash } from "../../app/Crash";
import { keyCap, useKeymap } from "../../app/keymap";
import { useNamedPlace, useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { bindShortcuts } from "../../player/shortcuts";
import { Button, LoadingRows, Statement } from "../../ui/parts";
import { TRAIN_ACTIONS } from "./actions";
import { PastRuns } from "./PastRuns";
import { Preflight } from "./Preflight";
import { RunView } from "./RunView";
import { standing } from "./run";
import "./train.css";

const route = getRouteApi("/p/$slug/train/{-$run}");
const LATEST = 10;

export function Train() {
  const { slug, may } = useHere();
  const { run: asked } = route.useParams();
  const { start } = route.useSearch();
  const navigate = useNavigate();
  const remap = useKeymap((store) => store.remap);
  const found = useQuery(preflight(slug));
  const list = useQuery(runs(slug, LATEST));
  const latest = list.data?.items[0]?.number;
  const number = asked === undefined ? latest : Number(asked);
  const trainer = may("trainer");
  const nothing = list.data?.total === 0 && found.data !== undefined && found.data.blocked !== "";
  const open = (wanted: boolean): void => void navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: asked }, search: wanted ? { start: true } : {}, replace: true });
  useTitle(asked === undefined ? "Train" : `Run ${asked}`);
  useNamedPlace(number === undefined || Number.isNaN(number) ? null : `Run ${number}`);
  useEffect(() => (trainer ? bindShortcuts(window, TRAIN_ACTIONS, remap, () => open(true)) : undefined));
  const error = found.error ?? list.error;
  if (error !== null && (found.data === undefined || list.data === undefined)) return <Crash error={error} />;
  return (
    <div className="page train">
      <header>
        <h1>Train</h1>
        {found.data !== undefined && <span className="t2">{standing(found.data)}</span>}
        <span className="end row">
          {trainer ? (
            <Button look={nothing ? "plain" : "pri"} keys={keyCap(TRAIN_ACTIONS, remap, "train")} onClick={() => open(true)}>
              Train on current labels
            </Button>
          ) : (
            <span className="t3 sm">Someone with the ML lead role starts a run.</span>
          )}
        </span>
      </header>
      {found.data === undefined || list.data === undefined ? (
        <LoadingRows what="runs" />
      ) : list.data.total === 0 ? (
        <NoRun slug={slug} found={found.data} trainer={trainer} />
      ) : (
        <div className="train-lay">
          <div className="col">{number !== undefined && <Shown key={number} slug={slug} number={number} />}</div>
          <PastRuns slug={slug} shown={number} latest={LATEST} />
        </div>
      )}
      {trainer && start === true && found.data !== undefined && (
        <Preflight slug={slug} found={found.data} onClose={() => open(false)} onStarted={(begun) => void navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: String(begun) } })} />
      )}
    </div>
  );
}

function Shown({ slug, number }: { readonly slug: string; readonly number: number }) {
  const { data, error } = useQuery(runQuery(slug, number));
  const busy = underWay(data?.state);
  useEffect(() => {
    // When it ends, its model, its row and what waits to be labelled have changed.
    if (!busy) return undefined;
    return () => void trainingChanged(slug);
  }, [busy, slug]);
  if (data !== undefined) return <RunView slug={slug} run={data} />;
  if (error === null) return <LoadingRows what={`run ${number}`} />;
  return (
    <Statement icon="search" title="This project has no such run" actions={<RunsLink slug={slug}>Show the latest run</RunsLink>}>
      Runs are counted from 1.
    </Statement>
  );
}

function RunsLink({ slug, children }: { readonly slug: string; readonly children: ReactNode }) {
  return (
    <Link className="btn" to="/p/$slug/train/{-$run}" params={{ slug, run: undefined }}>
      {children}
    </Link>
  );
}

function NoRun({ slug, found, trainer }: { readonly slug: string; readonly found: PreflightOut; readonly trainer: boolean }) {
  const label = (
    <Link className="btn pri" to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }}>
      Go to Label
    </Link>
  );
  if (found.blocked !== "")
    return (
      <Statement icon="tag" title="Too few labels to learn from" actions={label}>
        {found.blocked}
      </Statement>
    );
  return (
    <Statement icon="bars" title="No run yet">
      {trainer ? "One click trains on the labels as they stand, tests once, and puts the model's suggestions before whoever labels." : "Someone with the ML lead role starts the first one. Its curves and its result show here."}
    </Statement>
  );
}
