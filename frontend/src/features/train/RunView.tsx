/** One run: how far it is, its curves, how it tells the classes, its result and its log. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { trainingRunCancel, trainingRunResume } from "../../api/generated/client";
import type { RunOut } from "../../api/generated/model";
import { labelSet } from "../../api/labelling";
import { queryClient } from "../../api/queries";
import { preflight, run as runQuery, trainingChanged, underWay } from "../../api/training";
import { useHere } from "../../app/session";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { LineChart, type Mark } from "../../ui/LineChart";
import { Button, State } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { moment, score, share } from "../../ui/words";
import { ClassBars } from "./ClassBars";
import { Frozen } from "./Frozen";
import { LeftOut, Recordings } from "./LeftOut";
import { Result } from "./Result";
import { aboutStep, accuracyWords, factsOf, leftOutWords, linesOf, lossWords, STATE_WORDS, type Step, stepsOf, stepWords } from "./run";

interface RunProps {
  readonly slug: string;
  readonly run: RunOut;
}

export function RunView({ slug, run }: RunProps) {
  const live = underWay(run.state);
  return (
    <>
      <section className="panel run" aria-label={`Run ${run.number}`}>
        <Head slug={slug} run={run} />
        <Stopped slug={slug} run={run} />
        <Without slug={slug} run={run} />
        {run.state === "done" && run.result !== null ? <Result slug={slug} run={run} result={run.result} /> : <Progress slug={slug} run={run} />}
        {(live || run.history.length > 0) && <Curves run={run} />}
      </section>
      <ByClass slug={slug} run={run} />
      <Frozen slug={slug} data={run.data} />
      {run.log.length > 0 && <Log run={run} live={live} />}
    </>
  );
}

function Head({ slug, run }: RunProps) {
  const { may } = useHere();
  const [asking, setAsking] = useState(false);
  const { tone, word } = STATE_WORDS[run.state];
  const live = underWay(run.state);
  return (
    <header>
      <h2 className="run-name">Run {run.number}</h2>
      <State tone={tone}>{run.cancel_requested && live ? "Stopping" : word}</State>
      <span className="t3 ell run-what">
        {run.recipe_title}, dataset {run.dataset}
        {run.created_by !== "" && `, by ${run.created_by}`}, {moment(run.created_at)}
      </span>
      <span className="end">
        {live && may("trainer") && (
          <Button size="sm" look="danger" blocked={run.cancel_requested ? "It stops at the next safe point." : undefined} onClick={() => setAsking(true)}>
            Cancel run
          </Button>
        )}
      </span>
      {asking && live && <Cancel slug={slug} run={run} onClose={() => setAsking(false)} />}
    </header>
  );
}

function Cancel({ slug, run, onClose }: RunProps & { readonly onClose: () => void }) {
  const cancel = useMutation({
    mutationFn: () => trainingRunCancel(slug, run.number),
    onSuccess: (now) => {
      queryClient.setQueryData(runQuery(slug, run.number).queryKey, now);
      onClose();
      return trainingChanged(slug);
    },
    onError: tellError,
  });
  const footer = (
    <>
      <span className="grow" />
      <Button autoFocus keys="Esc" onClick={onClose}>
        Keep it running
      </Button>
      <Button look="sure" busy={cancel.isPending} onClick={() => cancel.mutate()}>
        Cancel run {run.number}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={`Cancel run ${run.number}`} footer={footer}>
      <p>It stops and makes no model. Frames that were read and its last checkpoint are kept: Resume goes on from there.</p>
    </Dialog>
  );
}

/** Why a run ended without a model, and the way on. */
function Stopped({ slug, run }: RunProps) {
  const { may } = useHere();
  const unread = run.left_out.length > 0;
  const resume = useMutation({
    mutationFn: () => trainingRunResume(slug, run.number),
    onSuccess: (now) => {
      queryClient.setQueryData(runQuery(slug, run.number).queryKey, now);
      tell(unread ? `Run ${run.number} reads them again` : `Run ${run.number} goes on from its last checkpoint`);
      return trainingChanged(slug);
    },
    onError: tellError,
  });
  if (run.state !== "failed" && run.state !== "cancelled") return null;
  const failed = run.state === "failed";
  return (
    <div className={failed ? "note bad run-note" : "note run-note"} role={failed ? "alert" : undefined}>
      <Icon name={failed ? "warn" : "stop"} />
      <div className="grow">
        <p className="b">{failed ? run.sentence || "The run failed." : "The run was cancelled."}</p>
        <p className="sm t2">{stoppedWords(unread, may("trainer"))}</p>
        {unread && <Recordings slug={slug} rows={run.left_out} />}
      </div>
      {may("trainer") && (
        <Button size="xs" busy={resume.isPending} onClick={() => resume.mutate()}>
          {unread ? "Read them again" : `Resume run ${run.number}`}
        </Button>
      )}
    </div>
  );
}

function stoppedWords(unread: boolean, trainer: boolean): string {
  if (unread) return trainer ? "Frames that were read are kept: only these are read again, and the run goes on, on the same dataset." : "Someone with the ML lead role can have them read again.";
  return trainer ? "What it has done is kept. Resume goes on from its last checkpoint, on the same dataset." : "Someone with the ML lead role can resume it from its last checkpoint.";
}

/** What a run that did not fail does without. */
function Without({ slug, run }: RunProps) {
  const { data } = useQuery(labelSet(slug));
  const never = run.unlearned.flatMap((id) => data?.classes.find((entry) => entry.id === id)?.name ?? []);
  if (run.state === "failed" || run.state === "cancelled" || (run.left_out.length === 0 && never.length === 0)) return null;
  const title = run.left_out.length > 0 ? leftOutWords(run) : `Never suggested: ${never.join(", ")}.`;
  return (
    <LeftOut slug={slug} rows={run.left_out} title={title} again={run.state === "done"}>
      {never.length > 0 && <p className="sm t2">{run.left_out.length > 0 && `Never suggested: ${never.join(", ")}. `}There was no clip on the train side to learn {never.length === 1 ? "it" : "them"} from.</p>}
    </LeftOut>
  );
}

function Progress({ slug, run }: RunProps) {
  const steps = stepsOf(run.phases);
  const { data: found } = useQuery(preflight(slug));
  const facts = factsOf(run, found?.recipes.find((each) => each.name === run.recipe)?.minutes ?? null);
  const percent = Math.round(run.progress * 100);
  return (
    <div className="run-progress">
      <div role="progressbar" aria-label={`Run ${run.number}`} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-valuetext={`${percent} %, ${run.stage}`}>
        {steps.length > 0 && (
          <div className="steps" style={{ gridTemplateColumns: steps.map((step) => `minmax(max-content, ${Math.max(2, Math.round(step.share * 100))}fr)`).join(" ") }}>
            {steps.map((step) => (
              <StepBar key={step.name} step={step} words={stepWords(step, run)} live={underWay(run.state)} />
            ))}
          </div>
        )}
        {steps.length === 0 && <p className="t2">{run.stage === "" ? "Waits for the trainer." : `${run.stage.slice(0, 1).toUpperCase()}${run.stage.slice(1)}.`}</p>}
      </div>
      {facts.length > 0 && (
        <div className="stats">
          {facts.map((fact) => (
            <div key={fact.name} className="stat">
              <b>{fact.value}</b>
              <span>{fact.name}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function StepBar({ step, words, live }: { readonly step: Step; readonly words: string; readonly live: boolean }) {
  const tone = step.state === "now" && live ? "var(--accent)" : "var(--text-3)";
  return (
    <div className={step.state} title={aboutStep(step.name)}>
      <span>{words}</span>
      <span className="bar" style={{ "--f": tone } as React.CSSProperties}>
        <i style={{ width: `${step.done * 100}%` }} />
      </span>
    </div>
  );
}

/** What happens, step by step, until there are curves to look at. */
function Stages({ run }: { readonly run: RunOut }) {
  return (
    <ol className="stages sm" aria-label="What the run does">
      {stepsOf(run.phases).map(({ name, state }) => (
        <li key={name} className={state}>
          <Icon name={state === "done" ? "check" : state === "now" ? "play" : "clock"} className={state === "done" ? "ok" : state === "now" ? "" : "t3"} />
          <span>
            <b>{name}.</b> {aboutStep(name)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Curves({ run }: { readonly run: RunOut }) {
  const last = Math.max(run.epochs ?? 0, run.history.at(-1)?.epoch ?? 0, 2);
  const [accuracy, loss] = [linesOf(run, "top1"), linesOf(run, "loss")];
  if (accuracy.length + loss.length === 0) return <Stages run={run} />;
  const best = run.history.find((epoch) => epoch.epoch === run.best_epoch);
  const end = accuracy[0]?.points.at(-1);
  const marks: Mark[] = [
    ...(typeof best?.val_top1 === "number" ? [{ x: best.epoch, y: best.val_top1, colour: "var(--accent-text)", drop: true, text: `best, epoch ${best.epoch}` }] : []),
    ...(end !== undefined && end.x !== best?.epoch ? [{ ...end, colour: accuracy[0]?.colour ?? "", solid: true }] : []),
  ];
  const { champion } = run;
  const level = champion === null || champion.top1 === null || run.state === "done" ? undefined : { value: champion.top1, text: `Champion v${champion.number}, ${share(champion.top1)} on its test` };
  const x = { first: 1, last, end: `epoch ${last}` };
  return (
    <div className="run-curves">
      {accuracy.length > 0 && (
        <div>
          <h3>Accuracy</h3>
          <LineChart says={accuracyWords(run)} lines={accuracy} x={x} height={190} format={(value) => `${Math.round(value * 1000) / 10} %`} level={level} marks={marks} table={{ head: "Epoch", format: share }} />
        </div>
      )}
      {loss.length > 0 && (
        <div>
          <h3>Loss</h3>
          <LineChart says={lossWords(run)} lines={loss} x={x} height={190} format={(value) => String(value)} table={{ head: "Epoch", format: score }} />
        </div>
      )}
    </div>
  );
}

function ByClass({ slug, run }: RunProps) {
  const { data } = useQuery(labelSet(slug));
  const tested = run.state === "done" ? (run.result?.per_class ?? []) : [];
  const scores = tested.length > 0 ? tested : run.per_class;
  if (scores.length === 0 || data === undefined) return null;
  const note = tested.length > 0 ? (run.result?.top1 === null ? "F1 on the validation clips" : "F1 on the test clips") : "F1 on the validation clips, at the latest epoch";
  return (
    <section className="panel">
      <header>
        <h2>By class</h2>
        <span className="t3 sm">{note}</span>
      </header>
      <ClassBars classes={data.classes} scores={scores} />
    </section>
  );
}

const LINES = 12;

function Log({ run, live }: { readonly run: RunOut; readonly live: boolean }) {
  const [all, setAll] = useState(false);
  const newest = run.log.toReversed();
  return (
    <section className="panel">
      <header>
        <h2>Log</h2>
        <span className="t3 sm">{live ? "newest first, looked at every 2 s" : "newest first"}</span>
        {newest.length > LINES && (
          <span className="end">
            <Button look="ghost" size="xs" pressed={all} onClick={() => setAll(!all)}>
              All {newest.length} lines
            </Button>
          </span>
        )}
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard needs to reach it */}
      <ol className="log" tabIndex={0} aria-label="Log">
        {newest.slice(0, all ? newest.length : LINES).map((line, i) => (
          <li key={`${line.at} ${newest.length - i}`} className={line.level === "warn" ? "warn" : ""}>
            <time dateTime={line.at}>{new Date(line.at).toLocaleTimeString("en-GB")}</time>
            {line.level === "warn" && <span className="sr">Warning: </span>}
            <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
