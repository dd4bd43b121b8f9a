/** Versions side by side: which ones, and which differences are real. Pure. */
import type { ClassReport, ModelOut, ModelRow } from "../../api/generated/model";
import { count, moment, share, signed, whole } from "../../ui/words";

/** As many versions as fit side by side. */
const COLUMNS = 4;
/** Below this a difference is not chance. */
const REAL = 0.05;
/** A class that falls by this much is worth a second look. */
const MARGIN = 0.02;

export interface Delta {
  readonly text: string;
  readonly tone: "ok" | "bad" | "";
}

export function championOf(rows: readonly ModelRow[]): ModelRow | undefined {
  return rows.find((row) => row.state === "champion");
}

/** The selected version, the champion, and the newest of the others. */
export function columnsOf(rows: readonly ModelRow[], selected: number, most = COLUMNS): ModelRow[] {
  const first = rows.filter((row) => row.number === selected);
  const champion = rows.filter((row) => row.state === "champion" && row.number !== selected);
  const others = rows.filter((row) => row.state !== "champion" && row.number !== selected);
  return [...first, ...champion, ...others.toSorted((a, b) => b.number - a.number)].slice(0, most);
}

type Paired = NonNullable<ModelRow["paired"]>;

/** The paired test of a version against the champion, whichever of the two was measured later and wrote it down. */
export function pairedWith(row: ModelRow, champion: ModelRow | undefined): (Paired & { readonly own: number | null }) | null {
  if (champion === undefined) return null;
  if (row.paired?.version === champion.number) return { ...row.paired, top1: row.paired.top1 ?? champion.top1, own: row.top1 };
  if (champion.paired?.version !== row.number) return null;
  const { won, lost, p, top1 } = champion.paired;
  return { version: champion.number, won: lost, lost: won, p, top1: champion.top1, own: top1 ?? row.top1 };
}

/** Whether two versions were measured on the same clips, as far as the server says. */
export function comparable(row: ModelRow, champion: ModelRow | undefined): boolean {
  return pairedWith(row, champion) !== null;
}

/** The difference to the champion; grey and `within chance` unless the paired test says more. */
export function topDelta(row: ModelRow, champion: ModelRow | undefined): Delta | null {
  const paired = pairedWith(row, champion);
  if (paired === null || paired.own === null || paired.top1 === null || paired.top1 === undefined) return null;
  const points = (paired.own - paired.top1) * 100;
  const text = signed(points, 1);
  const real = paired.p !== null && paired.p < REAL;
  return real ? { text, tone: points > 0 ? "ok" : "bad" } : { text: `${text}, within chance`, tone: "" };
}

export function pairedWords(row: ModelRow, champion?: ModelRow): string {
  const paired = pairedWith(row, champion) ?? row.paired;
  if (paired === null) return row.state === "champion" ? "is the champion" : "not compared";
  const p = paired.p === null ? "" : paired.p < 0.001 ? ", p under 0.001" : `, p = ${paired.p.toFixed(paired.p < 0.1 ? 3 : 2)}`;
  return `${count(paired.won, "clip")} won, ${paired.lost} lost against v${paired.version}${p}`;
}

export function acceptedWords({ accepted, state, champion_since: since }: ModelRow): string {
  if (accepted === null || accepted.judged === 0) return state === "candidate" && since === null ? "not in use yet" : "nothing judged yet";
  return `${Math.round((accepted.accepted / accepted.judged) * 100)} % of ${accepted.judged.toLocaleString("en")}`;
}

export function spokeWords({ state, champion_since: since, champion_until: until, run }: ModelRow): string {
  if (state === "champion" && since !== null) return `since ${day(since)}`;
  if (since !== null && until !== null) return day(since) === day(until) ? day(since) : `${day(since)} – ${day(until)}`;
  return `run ${run}`;
}

function day(iso: string): string {
  return moment(iso).split(", ")[0] ?? "";
}

export interface Fallen {
  readonly label: string;
  readonly points: number;
}

/** Classes that a version tells worse than the champion by more than the margin, the worst first. */
export function fallen(model: Pick<ModelOut, "per_class">, champion: Pick<ModelOut, "per_class"> | undefined): Fallen[] {
  const before = new Map((champion?.per_class ?? []).map((row: ClassReport) => [row.label, row.f1]));
  return model.per_class
    .flatMap(({ label, f1 }) => {
      const was = before.get(label);
      return f1 === null || was === null || was === undefined || was - f1 <= MARGIN + 1e-9 ? [] : [{ label, points: was - f1 }];
    })
    .toSorted((a, b) => b.points - a.points);
}

/** What a version was made without, in a sentence; `never` are classes that it does not suggest. */
export function withoutWords({ number, clips, left_out: rows }: Pick<ModelOut, "number" | "clips" | "left_out">, never: readonly string[]): string {
  const lost = rows.reduce((sum, row) => sum + row.clips, 0);
  if (lost === 0) return `v${number} never suggests ${never.join(", ")}: it had no clip to learn ${never.length === 1 ? "it" : "them"} from.`;
  return `v${number} was made without ${whole(lost)} of ${count(clips, "clip")}: their frames could not be read.`;
}

/** One line under the room's name. */
export function standing(rows: readonly ModelRow[]): string {
  const champion = championOf(rows);
  const versions = count(rows.length, "version");
  if (champion === undefined) return `${versions}, none speaks`;
  const measured = champion.n_test > 0 ? `, measured on ${count(champion.n_test, "test clip")}` : ", no test number";
  return `${versions}; v${champion.number} speaks${measured}`;
}

/** What the button says: back only to a version before the champion. */
export function promoteVerb(row: ModelRow, champion: ModelRow | undefined): string {
  const back = row.state === "retired" && champion !== undefined && row.number < champion.number;
  return back ? `Roll back to v${row.number}` : `Promote v${row.number}`;
}

/** What promoting does, in a sentence. */
export function promoteWords(row: ModelRow, champion: ModelRow | undefined): string {
  const after = champion === undefined ? "" : ` in place of v${champion.number}`;
  return `v${row.number} makes the suggestions from now on${after}. Open clips get its suggestions; labels stay as they are.`;
}

export function chanceWords(row: ModelRow, champion: ModelRow | undefined): string {
  if (champion === undefined) return "";
  const paired = pairedWith(row, champion);
  if (paired === null) return `v${row.number} and v${champion.number} were not measured side by side on the same clips, so their numbers say little about each other.`;
  const delta = topDelta(row, champion);
  return delta === null ? "" : `Top-1 ${share(paired.own)} against ${share(paired.top1 ?? null)}: ${delta.text.replace(/^\S+?(?=,|$)/, "$& points")}.`;
}
