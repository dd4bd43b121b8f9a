/** A camera's limits over the numbers of its frames. Every change shows what it would do before it counts. */
import type { ReactNode } from "react";
import { sentenceOf } from "../../api/http";
import { keyCap, useKeymap } from "../../app/keymap";
import { Choice } from "../../ui/Choice";
import { Icon } from "../../ui/Icon";
import { Button, Progress } from "../../ui/parts";
import { count, reasonName, roughly, whole } from "../../ui/words";
import { QUALITY_ACTIONS } from "./actions";
import { GateConflict } from "./GateConflict";
import { Histogram } from "./Histogram";
import type { CameraFacet, Effect, Gate, GateMetric, Proposal } from "./types";
import type { GateState } from "./useGate";
import { bridgeText, plain, unitOf } from "./words";

interface GatePanelProps {
  readonly state: GateState;
  readonly cameras: readonly CameraFacet[];
  readonly reason: string | undefined;
  readonly may: boolean;
  /** Whether frames are selected: then the one blue button is theirs. */
  readonly busy: boolean;
  readonly onCamera: (camera: string) => void;
  readonly onPreview: (proposal: Proposal) => void;
  readonly onLeave: () => void;
}

const SHOWN = 4;

export function GatePanel({ state, cameras, reason, may, busy, onCamera, onPreview, onLeave }: GatePanelProps) {
  const remap = useKeymap((store) => store.remap);
  const { gate, changes, effect } = state;
  if (gate === undefined) return state.error === null ? <section className="qi-wait" aria-busy="true" aria-label="Gate" /> : <NoGate error={state.error} onRetry={state.retry} />;
  const [first, rest] = split(gate.metrics, reason, changes);
  const show = (metric: GateMetric): ReactNode => {
    const counted = effect?.reasons[metric.reason];
    const limit = state.thresholds[metric.reason] ?? null;
    return <Histogram key={metric.reason} metric={metric} limit={limit} before={counted?.before ?? metric.rejected} after={counted?.after ?? null} locked={!may || state.applying} onChange={(next) => state.change(metric.reason, next)} onLeave={onLeave} onApply={state.apply} />;
  };
  return (
    <>
      <section aria-label={`Gate for ${gate.name}`} className="qi-gate">
        <div className="qi-hd">
          <h2 className="ell">
            {cameras.length > 1 ? <Choice label="Gate for" value={gate.camera} options={cameras.map(({ id, name }) => ({ value: id, label: name }))} onChange={onCamera} /> : `Gate for ${gate.name}`}
          </h2>
          {changes.length > 0 ? (
            <>
              <span className="chip acc qi-chip">{count(changes.length, "change")} to apply</span>
              <span className="end row">
                <Button look="ghost" size="xs" onClick={state.reset}>
                  Reset
                </Button>
              </span>
            </>
          ) : (
            <span className="end t3 sm nw">
              {gate.sampled ? `${roughly(gate.frames)} of ${roughly(gate.of_frames)}` : roughly(gate.frames)} frames
            </span>
          )}
        </div>
        {gate.judging.waiting > 0 && <Judging gate={gate} />}
        {gate.judging.failed > 0 && (
          <div className="sm qi-failed">
            <Icon name="warn" className="warn" />
            <p>{count(gate.judging.failed, "video")} could not be judged by these limits. The old verdicts stand there.</p>
            {may && (
              <Button size="xs" busy={state.judgingAgain} onClick={state.judgeAgain}>
                Try again
              </Button>
            )}
          </div>
        )}
        {first.map(show)}
        {rest.length > 0 && (
          <details className="qi-more">
            <summary>{rest.every((metric) => metric.rejected === 0) ? `${count(rest.length, "more rule")}, ${rest.length === 1 ? "it rejects" : "they reject"} nothing here` : count(rest.length, "more rule")}</summary>
            {rest.map(show)}
          </details>
        )}
        <Bridge state={state} may={may} />
        {!may && <p className="t3 sm qi-may">You can look; the data lead role changes limits.</p>}
      </section>
      {changes.length > 0 && (
        <section className="qi-apply" aria-label="Change of the gate" aria-live="polite">
          <p className="sm">{effect === undefined && state.effectError !== null ? <span className="bad">{sentenceOf(state.effectError)}</span> : effect === undefined ? <span className="t3">Counting what it would change…</span> : <Consequence effect={effect} />}</p>
          <Button look={busy ? "plain" : "pri"} size="sm" keys={keyCap(QUALITY_ACTIONS, remap, "qApply")} busy={state.applying} blocked={effect === undefined ? "Its effect is being counted." : undefined} onClick={state.apply}>
            Apply {count(changes.length, "change")}
          </Button>
        </section>
      )}
      {gate.proposal !== null && changes.length === 0 && <ProposalCard proposal={gate.proposal} may={may} busy={state.applying} onApply={() => gate.proposal !== null && state.applyWith({ [gate.proposal.reason]: gate.proposal.threshold })} onPreview={onPreview} />}
      {state.clash !== null && <GateConflict clash={state.clash} onSettle={state.settle} />}
    </>
  );
}

function NoGate({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <section className="qi-none" role="alert">
      <h2>The gate could not be shown</h2>
      <p className="sm t2">{sentenceOf(error)} Frames can be judged without it.</p>
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    </section>
  );
}

/** Rules that reject something here, the most first, or are being looked at; the others behind a line. */
function split(metrics: readonly GateMetric[], reason: string | undefined, changes: readonly string[]): [GateMetric[], GateMetric[]] {
  const wanted = metrics.filter((metric) => metric.reason === reason || changes.includes(metric.reason));
  const most = metrics.filter((metric) => metric.rejected > 0).toSorted((a, b) => b.rejected - a.rejected);
  const ranked = [...new Set([...wanted, ...most, ...metrics].map((metric) => metric.reason))];
  const few = new Set(ranked.slice(0, Math.max(SHOWN, wanted.length)));
  return [metrics.filter((metric) => few.has(metric.reason)), metrics.filter((metric) => !few.has(metric.reason))];
}

const BRIDGES = [1, 2, 3, 5, 8, 13, 26];

function Bridge({ state, may }: { readonly state: GateState; readonly may: boolean }) {
  const bridge = state.thresholds["bridge"] ?? 0;
  if (!may) return <p className="t3 sm qi-bridge">{bridgeText(bridge)}</p>;
  const values = [...new Set([...BRIDGES, bridge])].toSorted((a, b) => a - b);
  return (
    <div className="qi-bridge">
      <Choice label="Gaps" value={String(bridge)} options={values.map((value) => ({ value: String(value), label: value <= 1 ? "Stay let in" : `Under ${value} frames: rejected too` }))} onChange={(value) => state.change("bridge", Number(value))} />
    </div>
  );
}

function Consequence({ effect }: { readonly effect: Effect }) {
  const part = [
    effect.newly_accepted > 0 ? `${count(effect.newly_accepted, "frame")} let in` : "",
    effect.newly_rejected > 0 ? `${count(effect.newly_rejected, "more frame")} rejected` : "",
  ].filter(Boolean);
  return (
    <>
      <b>
        {whole(effect.rejected_before)} → {whole(effect.rejected_after)}
      </b>{" "}
      frames out{effect.sampled && ", counted on a sample"}: {part.length === 0 ? "no frame changes" : `${part.join(", ")}, in ${count(effect.videos_changed, "video")}`}. What you decided stays.
    </>
  );
}

function Judging({ gate }: { readonly gate: Gate }) {
  const done = Math.max(0, gate.of_videos - gate.judging.waiting);
  return (
    <div className="qi-judging" role="status">
      <div className="row sm">
        <span>Judging by the new limits</span>
        <span className="end t2">
          {whole(done)} of {count(gate.of_videos, "video")}
        </span>
      </div>
      <Progress fraction={gate.of_videos === 0 ? 1 : done / gate.of_videos} label="Judging by the new limits" />
    </div>
  );
}

interface ProposalCardProps {
  readonly proposal: Proposal;
  readonly may: boolean;
  readonly busy: boolean;
  readonly onApply: () => void;
  readonly onPreview: (proposal: Proposal) => void;
}

function ProposalCard({ proposal, may, busy, onApply, onPreview }: ProposalCardProps) {
  const named = `${reasonName(proposal.reason).toLowerCase()} ${plain(proposal.threshold, unitOf(proposal.reason))}`;
  return (
    <section className="qi-proposal" aria-label="Proposal">
      <Icon name="bolt" />
      <div>
        <h3>{`${named.charAt(0).toUpperCase()}${named.slice(1)}`} fits your decisions</h3>
        <p className="sm t2">{proposal.sentence}</p>
        <div className="row">
          {may && (
            <Button size="sm" busy={busy} onClick={onApply}>
              Apply {named}
            </Button>
          )}
          <Button size="sm" look="ghost" onClick={() => onPreview(proposal)}>
            Preview frames
          </Button>
        </div>
      </div>
    </section>
  );
}
