/** What the gate rejected, to be judged frame by frame or all at once; and the gate itself, tuned by what is seen. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { overview as overviewQuery } from "../../api/quality";
import { Crash } from "../../app/Crash";
import { useNamedPlace, useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { Segments } from "../../ui/parts";
import { tell } from "../../ui/toasts";
import { type Change, filterOf, isNarrowed, type QualitySearch, sortOf } from "./filters";
import { Filters } from "./Filters";
import { FramesPane } from "./FramesPane";
import { GatePanel } from "./GatePanel";
import { columnsIn } from "./grid";
import { GAP } from "./Grid";
import { Heat } from "./Heat";
import { Look } from "./Look";
import { isEmpty } from "./selection";
import { NothingRejected } from "./States";
import { showGate, useDesk } from "./store";
import { Strip } from "./Strip";
import type { Overview, Proposal, SpanState } from "./types";
import { type Draft, useGate } from "./useGate";
import { useInnerWidth } from "./useInnerWidth";
import { useKeys } from "./useKeys";
import { useReview } from "./useReview";
import "./quality.css";

/** A tile's least width, and on a phone, where two stand side by side. */
const TILE = 144;
const SMALL_TILE = 132;
const PANES = [
  { value: "frames", label: "Frames" },
  { value: "gate", label: "Gate" },
] as const;

export function Quality() {
  const { slug, may } = useHere();
  const search = useSearch({ from: "/p/$slug/quality" });
  const navigate = useNavigate({ from: "/p/$slug/quality" });
  const judge = may("reviewer");
  const filter = filterOf(search);
  const [hold, inner] = useInnerWidth();
  const { columns, width } = columnsIn(inner.width, inner.width < 700 ? SMALL_TILE : TILE, GAP);
  const { data: overview, error } = useQuery(overviewQuery(slug, filter));
  const { review, query } = useReview(slug, filter, sortOf(search), search.group ?? "span", columns);
  const [looking, setLooking] = useState(false);
  const [pane, setPane] = useState<"frames" | "gate">("frames");
  const [draft, setDraft] = useState<Draft | null>(null);
  const camera = useGateCamera(slug, search.camera ?? draft?.camera, overview);
  const gate = useGate(slug, camera, draft, setDraft);
  useTitle("Quality");
  useNamedPlace(overview?.cameras.find((entry) => entry.id === search.camera)?.name ?? null);

  const narrow = (change: Change): void => void navigate({ search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== undefined)) as QualitySearch, replace: true });
  const decideOn = (to: SpanState): void => (judge ? review.decideOn(to) : tell("You can look; deciding needs the data lead role", undefined, "decision"));
  const toGrid = (): void => inner.element?.querySelector<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
  const preview = (proposal: Proposal): void => {
    if (gate.gate === undefined) return;
    setDraft({ camera: gate.gate.camera, changes: { [proposal.reason]: proposal.threshold } });
    narrow({ camera: gate.gate.camera, reason: proposal.reason, state: "all" });
    setPane("frames");
  };
  const open = (): void => {
    if (review.focused !== undefined) void navigate({ to: "/p/$slug/videos/$id", params: { slug, id: review.focused.span.video }, search: { frame: review.focused.tile.frame } });
  };
  useKeys({
    review,
    pageRows: () => Math.max(1, Math.floor((inner.element?.clientHeight ?? 600) / (width * 0.5625 + 60))),
    toGrid,
    decideOn,
    undo: () => (judge ? review.undoLast() : decideOn("pending")),
    look: () => setLooking(review.focused !== undefined),
    open,
    toGate: () => {
      setPane("gate");
      focusLimit(search.reason);
    },
    apply: () => judge && gate.apply(),
  });

  const failed = error ?? query.error;
  if (failed !== null && (overview === undefined || query.data === undefined)) return <Crash error={failed} />;
  if (overview !== undefined && overview.pending + overview.decided === 0 && !isNarrowed(search)) return <NothingRejected slug={slug} />;
  const tried = gate.changes.length > 0 && camera !== undefined ? { camera, thresholds: gate.thresholds } : null;
  return (
    <div className={`qa show-${pane}`}>
      <Filters search={search} overview={overview} videoName={review.spans[0]?.video_name} onChange={narrow} />
      <div className="qa-panes">
        <Segments label="Show" value={pane} options={PANES} onChange={setPane} />
      </div>
      <FramesPane slug={slug} search={search} overview={overview} review={review} query={query} judge={judge} columns={columns} width={inner.width > 0 ? width : 0} hold={hold} scroller={inner.element} draft={tried} onChange={narrow} onLook={() => setLooking(true)} />
      <aside className="qi" aria-label="Gate">
        {overview !== undefined && overview.heat.rows.length > 0 && <Heat rows={overview.heat.rows} since={daysText(overview)} camera={search.camera} hour={search.hour} onPick={(id, hour) => narrow(search.camera === id && search.hour === hour ? { camera: undefined, hour: undefined } : { camera: id, hour })} />}
        <GatePanel
          state={gate}
          cameras={overview?.cameras ?? []}
          reason={search.reason}
          may={judge}
          busy={!isEmpty(review.selection)}
          onCamera={(id) => {
            setDraft(null);
            showGate(slug, id);
            if (search.camera !== undefined) narrow({ camera: id });
          }}
          onPreview={preview}
          onLeave={toGrid}
        />
      </aside>
      {review.focused !== undefined && <Strip slug={slug} cell={review.focused} onLook={() => setLooking(true)} />}
      {looking && review.focused !== undefined && <Look slug={slug} cell={review.focused} may={judge} onStep={(direction) => review.move(direction === 1 ? "right" : "left", 1)} onDecide={review.decideFocused} onOpen={open} onClose={() => setLooking(false)} />}
    </div>
  );
}

/** The camera that is filtered by, else the one that was picked, else the one with the most frames out: it stays as those are decided. */
function useGateCamera(slug: string, wanted: string | undefined, overview: Overview | undefined): string | undefined {
  const kept = useDesk((store) => store.gates[slug]);
  const most = overview?.cameras.toSorted((a, b) => b.frames - a.frames)[0]?.id;
  const camera = wanted ?? (overview?.cameras.some(({ id }) => id === kept) === false ? most : (kept ?? most));
  useEffect(() => {
    if (camera !== undefined) showGate(slug, camera);
  }, [slug, camera]);
  return camera;
}

/** The handle of the rule that is looked at, else the first. */
function focusLimit(reason: string | undefined): void {
  const handle = (reason === undefined ? null : document.querySelector<HTMLElement>(`.qm-handle[data-reason="${reason}"]`)) ?? document.querySelector<HTMLElement>(".qm-handle");
  handle?.focus();
}

function daysText(overview: Overview | undefined): string {
  if (overview === undefined || overview.since === null || overview.until === null) return "";
  const days = Math.max(1, Math.ceil((Date.parse(overview.until) - Date.parse(overview.since)) / 86_400_000));
  return days === 1 ? "1 day" : `${days} days`;
}
