/** What the numbers of a run mean in words and lines. Pure. */
import type { DatasetOut, PartOut, PhaseOut, PreflightOut, RunOut, RunRow } from "../../api/generated/model";
import type { Line, Point } from "../../ui/chart";
import type { Tone } from "../../ui/parts";
import { count, estimate, score, share, whole } from "../../ui/words";

/** Phases as a person tells them apart; the small ones belong to what they prepare or end. */
const STEPS: readonly { readonly name: string; readonly of: readonly string[]; readonly about: string }[] = [
  { name: "Read frames", of: ["reading frames"], about: "Looks at the frames of every clip and keeps what it sees: a later run finds it here." },
  { name: "Features", of: ["reading", "features"], about: "Puts what was seen into numbers of one form." },
  { name: "Oracle", of: ["oracle"], about: "Finds, where the label is known, which frames of a clip give its class away." },
  { name: "Classifier", of: ["classifier"], about: "Learns to name what a clip shows, and keeps the epoch that does best on the validation clips." },
  { name: "Selector", of: ["selector"], about: "Learns from the oracle to choose the few frames that are worth looking at, without knowing the label." },
  { name: "Test once", of: ["test", "writing"], about: "Measures the model on clips that nothing has learned from: once, so that the number is honest." },
];

/** Of a run that has not told its phases yet. */
const REST = "Train and test";

/** What a step is, in a sentence; a phase that is none of the known ones is a part of a recipe that adds up several. */
export function aboutStep(name: string): string {
  return STEPS.find((step) => step.name === name)?.about ?? (name === REST ? "" : "Learns by itself, on the same clips; what the parts say is added up.");
}

export interface Step {
  readonly name: string;
  /** Of the whole run, 0 to 1. */
  readonly share: number;
  readonly done: number;
  readonly state: "done" | "now" | "ahead";
}

/** The phases of a run as few steps; what the run has not told of yet is one step ahead. */
export function stepsOf(phases: readonly PhaseOut[]): Step[] {
  const known = [...new Set(phases.map(stepNameOf))].map((name) => {
    const parts = phases.filter((phase) => stepNameOf(phase) === name);
    const all = parts.reduce((sum, part) => sum + part.share, 0);
    return { name, share: all, done: all === 0 ? 1 : parts.reduce((sum, part) => sum + part.share * part.done, 0) / all };
  });
  const told = known.reduce((sum, step) => sum + step.share, 0);
  const steps = told > 0.999 || told === 0 ? known : [...known, { name: REST, share: 1 - told, done: 0 }];
  const at = steps.findIndex((step) => step.done < 1);
  return steps.map((step, i) => ({ ...step, state: at === -1 || i < at ? "done" : i === at ? "now" : "ahead" }));
}

function stepNameOf(phase: PhaseOut): string {
  return STEPS.find((step) => step.of.includes(phase.name))?.name ?? phase.name;
}

/** What a step says while it works: `Classifier, epoch 27 of 40`. */
export function stepWords(step: Step, run: Pick<RunOut, "epoch" | "epochs" | "features">): string {
  if (step.state !== "now") return step.name;
  if (step.name === "Read frames") return `${step.name}, ${whole(run.features.done + run.features.failed)} of ${count(run.features.total, "clip")}`;
  if ((step.name === "Classifier" || STEPS.every(({ name }) => name !== step.name)) && run.epoch !== null && run.epoch > 0 && run.epochs !== null) return `${step.name}, epoch ${run.epoch} of ${run.epochs}`;
  return step.name;
}

export const STATE_WORDS: Readonly<Record<RunRow["state"], { readonly tone: Tone; readonly word: string }>> = {
  queued: { tone: "idle", word: "Waiting" },
  features: { tone: "run", word: "Reading frames" },
  training: { tone: "run", word: "Training" },
  done: { tone: "ok", word: "Done" },
  failed: { tone: "bad", word: "Failed" },
  cancelled: { tone: "idle", word: "Cancelled" },
};

type Metric = "val_top1" | "train_top1" | "val_loss" | "train_loss";

function pointsOf(run: Pick<RunOut, "history">, metric: Metric): Point[] {
  return run.history.flatMap((epoch) => {
    const y = epoch[metric];
    return y === null || y === undefined ? [] : [{ x: epoch.epoch, y }];
  });
}

/** Validation over training, each only where it was measured. */
export function linesOf(run: Pick<RunOut, "history">, what: "top1" | "loss"): Line[] {
  const lines: Line[] = [
    { name: "Validation", colour: "var(--accent-text)", thick: true, points: pointsOf(run, `val_${what}`) },
    { name: "Training", colour: "var(--text-3)", dash: "6 3", points: pointsOf(run, `train_${what}`) },
  ];
  return lines.filter((line) => line.points.length > 0);
}

export interface Fact {
  readonly value: string;
  readonly name: string;
}

/** The few numbers above the curves, each only where the run has told it; `minutes` is a guess from an earlier run. */
export function factsOf(run: RunOut, minutes: readonly [number, number] | null = null): Fact[] {
  const facts: Fact[] = [];
  const last = run.history.at(-1);
  const best = run.history.find((epoch) => epoch.epoch === run.best_epoch);
  if (run.seconds_left !== null) facts.push({ value: estimate(run.seconds_left), name: "left" });
  else if (minutes !== null && (run.state === "queued" || run.state === "features")) facts.push({ value: estimate([minutes[0] * 60, minutes[1] * 60]), name: "in all, as the latest run took" });
  if (typeof last?.val_top1 === "number") facts.push({ value: share(last.val_top1), name: `validation top-1${typeof best?.val_top1 === "number" && best !== last ? `, ${share(best.val_top1)} at the best epoch` : ""}` });
  if (typeof last?.val_loss === "number") facts.push({ value: score(last.val_loss), name: "validation loss" });
  if (run.clips_per_second !== null) facts.push({ value: run.clips_per_second >= 10 ? whole(run.clips_per_second) : run.clips_per_second.toFixed(1), name: "clips per second" });
  if (run.memory_bytes !== null) facts.push({ value: `${(run.memory_bytes / 1e9).toFixed(1)} GB`, name: "most memory held" });
  return facts;
}

/** What a chart of accuracy shows, in a sentence. */
export function accuracyWords(run: Pick<RunOut, "history" | "best_epoch" | "champion">): string {
  const last = run.history.at(-1);
  if (last === undefined) return "No epoch is done yet.";
  const best = run.history.find((epoch) => epoch.epoch === run.best_epoch);
  const parts = [typeof last.val_top1 === "number" ? `Validation top-1 is ${share(last.val_top1)} after epoch ${last.epoch}` : `Training top-1 is ${share(last.train_top1)} after epoch ${last.epoch}`];
  if (typeof best?.val_top1 === "number") parts.push(`${share(best.val_top1)} at the best epoch, ${best.epoch}`);
  return `${parts.join(", ")}.`;
}

export function lossWords(run: Pick<RunOut, "history">): string {
  const last = run.history.at(-1);
  if (last === undefined) return "No epoch is done yet.";
  return typeof last.val_loss === "number" ? `Validation loss is ${score(last.val_loss)} after epoch ${last.epoch}.` : `Training loss is ${score(last.train_loss)} after epoch ${last.epoch}.`;
}

/** One line under the room's name. */
export function standing(found: PreflightOut): string {
  if (found.labelled === 0) return "No labelled clip yet";
  if (found.dataset === null) return `${count(found.labelled, "labelled clip")}, no run yet`;
  return found.new_since === 0 ? `No new label since dataset ${found.dataset}` : `${count(found.new_since, "clip")} labelled since dataset ${found.dataset}`;
}

/** The sentence under the title of the dialog. */
export function preflightFact(found: PreflightOut, minutes: readonly [number, number] | null): string {
  const more = found.dataset === null ? "" : found.new_since === 0 ? `, none newer than dataset ${found.dataset}` : `, ${whole(found.new_since)} newer than dataset ${found.dataset}`;
  const takes = minutes === null ? "" : ` Takes ${estimate([minutes[0] * 60, minutes[1] * 60])} on this machine, as the latest run did.`;
  return `${count(found.labelled, "labelled clip")}${more}.${takes}`;
}

/** What a click on *Start training* does, or why there is none. */
export function consequence(found: PreflightOut): string {
  if (found.blocked !== "") return found.blocked;
  if (found.running !== null) return `Run ${found.running} is under way. Start when it is done; labelling goes on meanwhile.`;
  if (found.compares_to === null) return "Freezes these labels and trains on them. The model becomes the champion and suggests on every open clip.";
  return `Freezes these labels and trains on them. The model takes over from v${found.compares_to} by itself if it is no worse on the same test clips.`;
}

const BY: Readonly<Record<PreflightOut["by"], string>> = { subject: "subject", camera_day: "camera and day", recording: "recording", none: "clip" };

/** How clips are dealt to the sides. */
export function dealtWords({ sides, by }: Pick<PreflightOut, "sides" | "by">): string {
  const test = sides.test === 0 ? "no test" : `${whole(sides.test)} test`;
  return `${whole(sides.train)} train, ${whole(sides.val)} validation, ${test}; apart by ${BY[by]}`;
}

/** Clips on each side of a dataset. */
export function sidesOf({ classes }: Pick<DatasetOut, "classes">): PreflightOut["sides"] {
  const sum = (side: "train" | "val" | "test"): number => classes.reduce((all, row) => all + row[side], 0);
  return { train: sum("train"), val: sum("val"), test: sum("test") };
}

const GROUPS: Readonly<Record<PreflightOut["by"], readonly [string, string]>> = { subject: ["subject", "subjects"], camera_day: ["day of a camera", "days of cameras"], recording: ["recording", "recordings"], none: ["clip", "clips"] };

/** How many groups were dealt, where clips are kept together. */
export function groupWords({ by, groups }: Pick<DatasetOut, "by" | "groups">): string {
  return by === "none" ? "" : `, of which there are ${count(groups.train + groups.val + groups.test, ...GROUPS[by])}`;
}

/** How many clips a run does without, in a sentence. */
export function leftOutWords({ left_out: rows, data, state }: Pick<RunOut, "left_out" | "data" | "state">): string {
  const clips = rows.reduce((sum, row) => sum + row.clips, 0);
  const could = `${whole(clips)} of ${count(data.clips, "clip")} could not be read`;
  return state === "features" || state === "queued" ? `${could} so far.` : `${could} and ${clips === 1 ? "is" : "are"} left out.`;
}

/** What a run that is done found, with its interval and of what. */
export function resultWords(result: NonNullable<RunOut["result"]>): string {
  if (result.top1 !== null) return `top-1 on ${count(result.n_test, "test clip")}, 95 % interval ${interval(result.top1_low, result.top1_high)}`;
  return result.val_top1 === null ? "no number: nothing was kept apart" : "validation top-1; there is no test number";
}

/** How good the chances are that a model gives; nothing where they were not measured, as in runs of before. */
export function chances({ map, ece }: Pick<NonNullable<RunOut["result"]>, "map" | "ece">): readonly Fact[] {
  const facts: Fact[] = [];
  if (typeof map === "number") facts.push({ value: score(map), name: "mAP" });
  if (typeof ece === "number") facts.push({ value: score(ece), name: "calibration error (ECE)" });
  return facts;
}

/** What stands under the accuracy that a part has alone. */
export function partWords({ title, unread }: PartOut): string {
  return `${title}, alone${unread === 0 ? "" : `; ${count(unread, "clip")} it could not read`}`;
}

/** What became of the model of a run. */
export function onwardWords(model: number, state: RunOut["model_state"]): string {
  if (state === "champion") return `v${model} is the champion: it suggests on open clips, the least certain first.`;
  return state === "retired" ? `v${model} was the champion: another version suggests now.` : `v${model} did not take over: promote it in Models if it should.`;
}

export function interval(low: number | null, high: number | null): string {
  return low === null || high === null ? "–" : `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}`;
}
