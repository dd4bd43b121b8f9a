/** A camera's gate and the change that is being tried on it: its effect before it counts, and what happens when somebody was faster. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/http";
import { gate as gateQuery, gateApply, gateEffect, verdictsChanged } from "../../api/quality";
import { queryClient } from "../../api/queries";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import { undo } from "./decide";
import { type Deed, useDeeds } from "./store";
import type { Gate, Thresholds } from "./types";
import { changesOf } from "./words";

const REST_MS = 120;

export interface Draft {
  readonly camera: string;
  /** Only what differs; laid over whatever the gate is by then. */
  readonly changes: Thresholds;
}

export interface Clash {
  readonly mine: Thresholds;
  readonly base: Gate;
  readonly theirs: Gate;
}

/** My changes as a draft over their version; null where theirs holds them all. */
export function laidOver({ mine, base, theirs }: Clash): Draft | null {
  const names = changesOf(base.thresholds, mine).filter((name) => (mine[name] ?? null) !== (theirs.thresholds[name] ?? null));
  return names.length === 0 ? null : { camera: theirs.camera, changes: Object.fromEntries(names.map((name) => [name, mine[name] ?? null])) };
}

export function useGate(slug: string, camera: string | undefined, draft: Draft | null, setDraft: (draft: Draft | null) => void) {
  const { data: gate, error, refetch } = useQuery({ ...gateQuery(slug, camera ?? ""), enabled: camera !== undefined });
  const own = draft !== null && draft.camera === camera ? draft.changes : {};
  const thresholds: Thresholds = { ...gate?.thresholds, ...own };
  const changes = gate === undefined ? [] : changesOf(gate.thresholds, thresholds);
  const rested = useRested(thresholds);
  const effect = useQuery({ ...gateEffect(slug, camera ?? "", gate?.revision ?? 0, thresholds), enabled: rested && gate !== undefined && changes.length > 0 });
  const [clash, setClash] = useState<Clash | null>(null);
  useNewsOnceJudged(slug, gate);

  const apply = useMutation({
    mutationFn: ({ base, next }: { readonly base: Gate; readonly next: Thresholds }) => gateApply(slug, base.camera, base.revision, next),
    onSuccess: (now, { base, next }) => {
      const deed: Deed = { kind: "gate", slug, camera: base.camera, name: base.name, revision: now.revision, thresholds: base.thresholds };
      useDeeds.getState().done(deed);
      setDraft(null);
      setClash(null);
      queryClient.setQueryData(gateQuery(slug, base.camera).queryKey, now);
      tell(`The gate of ${base.name} has ${count(changesOf(base.thresholds, next).length, "new limit")}`, { name: "Undo", run: () => void undo(slug, deed) }, "decision");
      return verdictsChanged(slug);
    },
    onError: async (problem, { base, next }) => {
      if (!(problem instanceof ApiError) || problem.status !== 412) return tellError(problem);
      // Both versions are kept: theirs is asked for, mine waits in the dialog.
      try {
        const theirs = await queryClient.fetchQuery({ ...gateQuery(slug, base.camera), staleTime: 0 });
        setClash({ mine: next, base, theirs });
      } catch (lost) {
        tellError(lost);
      }
    },
  });

  // The limits that stand, sent once more: the server judges again what it could not judge by them.
  const again = useMutation({
    mutationFn: (base: Gate) => gateApply(slug, base.camera, base.revision, base.thresholds),
    onSuccess: (now, base) => queryClient.setQueryData(gateQuery(slug, base.camera).queryKey, now),
    onError: (problem, base) => {
      tellError(problem);
      return queryClient.invalidateQueries({ queryKey: gateQuery(slug, base.camera).queryKey });
    },
  });

  const change = (name: string, limit: number | null): void => {
    if (gate === undefined) return;
    const next = { ...own, [name]: limit };
    const left = Object.fromEntries(Object.entries(next).filter(([key, value]) => value !== (gate.thresholds[key] ?? null)));
    setDraft(Object.keys(left).length === 0 ? null : { camera: gate.camera, changes: left });
  };
  return {
    gate,
    error,
    retry: () => void refetch(),
    thresholds,
    changes,
    effect: effect.data,
    effectError: effect.error,
    clash,
    applying: apply.isPending,
    change,
    reset: () => setDraft(null),
    /** Only what was counted first. */
    apply: () => {
      if (gate !== undefined && changes.length > 0 && effect.data !== undefined && !apply.isPending) apply.mutate({ base: gate, next: thresholds });
    },
    judgeAgain: () => gate !== undefined && !again.isPending && again.mutate(gate),
    judgingAgain: again.isPending,
    applyWith: (extra: Thresholds) => gate !== undefined && apply.mutate({ base: gate, next: { ...gate.thresholds, ...extra } }),
    /** Without a choice the draft stays as it is. Nothing is applied here: what it would change is not counted yet. */
    settle: (keep: "theirs" | "mine" | null) => {
      if (clash === null) return;
      if (keep === "theirs") setDraft(null);
      if (keep === "mine") setDraft(laidOver(clash));
      setClash(null);
    },
  };
}

export type GateState = ReturnType<typeof useGate>;

/** Whether the limits have rested, so that a held arrow asks for nothing on its way. */
function useRested(thresholds: Thresholds): boolean {
  const text = JSON.stringify(thresholds);
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested === text;
}

/** As videos are judged again their verdicts change under the list: it is asked for with each of them, and once more at the end. */
function useNewsOnceJudged(slug: string, gate: Gate | undefined): void {
  const waiting = gate?.judging.waiting ?? 0;
  const seen = useRef<{ camera: string; waiting: number } | null>(null);
  useEffect(() => {
    if (gate === undefined) return;
    const before = seen.current;
    seen.current = { camera: gate.camera, waiting };
    if (before === null || before.camera !== gate.camera || waiting >= before.waiting) return;
    void verdictsChanged(slug, waiting > 0 ? ["gate"] : []);
  }, [gate, waiting, slug]);
}
