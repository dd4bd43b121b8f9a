/** The lines of a model's card. Pure; the card is JSON that the run wrote, so every part of it is looked at before it is shown. */
import type { ModelOut } from "../../api/generated/model";
import { count, score, share, size } from "../../ui/words";

export interface CardLine {
  readonly name: string;
  readonly text: string;
}

type Tree = Readonly<Record<string, unknown>>;

function part(tree: Tree, name: string): Tree {
  const found = tree[name];
  return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Tree) : {};
}

function text(tree: Tree, name: string): string {
  const found = tree[name];
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : "";
}

function numberOf(tree: Tree, name: string): number | null {
  const found = tree[name];
  return typeof found === "number" ? found : null;
}

export function cardLines(model: Pick<ModelOut, "card" | "weights" | "files" | "clips" | "dataset" | "budget" | "left_out">): CardLine[] {
  const { card, weights } = model;
  const [data, recipe, cost] = [part(card, "data"), part(card, "recipe"), part(card, "cost")];
  const groups = part(part(data, "split"), "groups");
  const videos = numberOf(data, "videos");
  const dealt = ["train", "val", "test"].flatMap((side) => (numberOf(groups, side) === null ? [] : [`${text(groups, side)} ${side}`]));
  const leftOut = model.left_out.reduce((sum, row) => sum + row.clips, 0);
  const lines: CardLine[] = [
    { name: "Purpose", text: text(card, "purpose") },
    { name: "Data", text: `dataset ${model.dataset}, ${count(model.clips, "clip")}${videos === null ? "" : ` of ${count(videos, "video")}`}` },
    { name: "Left out", text: leftOut === 0 ? "" : `${count(leftOut, "clip")} of ${count(model.left_out.length, "recording")}: the frames could not be read` },
    { name: "Split", text: dealt.length === 0 ? "" : `by ${text(part(data, "split"), "by").replace("_", " and ")}: groups ${dealt.join(", ")}` },
    { name: "Recipe", text: text(card, "name") || text(card, "title") },
    { name: "Why", text: text(recipe, "why") },
    { name: "Parts", text: partsWords(card) },
    { name: "Chances", text: chancesWords(part(card, "results")) },
    { name: "Best epoch", text: text(recipe, "best_epoch") === "" ? "" : `${text(recipe, "best_epoch")}, chosen by ${text(recipe, "chosen_by")}` },
    { name: "Frames", text: model.budget === null ? "" : `${model.budget} of a clip are looked at. ${text(recipe, "budget_by")}`.trim() },
    { name: "Weights", text: weights === null ? "no weights: the network that looks at single frames is random" : `${weights.name}, SHA-256 ${weights.sha256.slice(0, 12)}…` },
    { name: "Cost", text: costWords(cost) },
    { name: "Files", text: model.files.map((file) => `${file.name} ${size(file.bytes)}`).join(", ") },
  ];
  return lines.filter((line) => line.text !== "");
}

/** What the parts of a model that adds up several name rightly alone. */
function partsWords({ parts }: Tree): string {
  if (!Array.isArray(parts)) return "";
  const told = parts.filter((each): each is Tree => typeof each === "object" && each !== null);
  return told.map((each) => `${text(each, "title")}, alone ${share(numberOf(each, "top1") ?? numberOf(each, "val_top1"))}`).join("; ");
}

/** How good the chances are that it gives; empty on cards of before these were measured. */
function chancesWords(results: Tree): string {
  const [map, ece] = [numberOf(results, "map"), numberOf(results, "ece")];
  const words = [map === null ? "" : `mAP ${score(map)}`, ece === null ? "" : `calibration error (ECE) ${score(ece)}`];
  return words.filter((word) => word !== "").join(", ");
}

function costWords(cost: Tree): string {
  const words: string[] = [];
  const [parameters, decoded, seconds] = [numberOf(cost, "parameters"), numberOf(cost, "frames_decoded"), numberOf(cost, "seconds_a_clip")];
  if (parameters !== null) words.push(`${count(parameters, "parameter")}`);
  if (decoded !== null) words.push(`about ${count(decoded, "frame")} decoded of a clip`);
  if (seconds !== null) words.push(`${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms a clip once its features are made`);
  return words.join(", ");
}

export function limitsOf({ card }: Pick<ModelOut, "card">): string[] {
  const { limits } = card;
  return Array.isArray(limits) ? limits.filter((limit) => typeof limit === "string") : [];
}
