/** The loop in six numbers, each the way to its room: footage, frames, clips, dataset, model, suggestions. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SummaryOut, TrainingSummaryOut, VideoList } from "../../api/generated/model";
import { working } from "../../api/queries";
import { overview } from "../../api/quality";
import { count, footage, percent, roughly, share, whole } from "../../ui/words";

/** What the review card below asks too, so that it is asked once. */
const WAITING = { state: "pending" } as const;

interface LoopProps {
  readonly slug: string;
  readonly list: VideoList;
  readonly labels: SummaryOut | undefined;
  readonly learning: TrainingSummaryOut | undefined;
}

export function Loop({ slug, list, labels, learning }: LoopProps) {
  const champion = learning?.champion ?? null;
  const { data: review } = useQuery(overview(slug, WAITING));
  const failed = list.by_state["failed"] ?? 0;
  const videos = Object.values(list.by_state).reduce((sum, n) => sum + n, 0) - failed;
  const busy = working(list.by_state);
  const done = labels === undefined ? 0 : labels.clips - labels.open;
  return (
    <nav className="panel loop" aria-label="The project in numbers">
      <Link to="/p/$slug/videos" params={{ slug }}>
        <span className="k">Footage</span>
        <b>{footage(list.seconds)}</b>
        <span className="s">
          {count(videos, "video")}
          {busy > 0 && `, ${whole(busy)} being read`}
          {failed > 0 && `, ${whole(failed)} failed`}
        </span>
      </Link>
      <Link to="/p/$slug/quality" params={{ slug }}>
        <span className="k">Frames scored</span>
        <b>{roughly(list.frames)}</b>
        <span className="s">
          {review !== undefined && review.pending > 0 ? `${count(review.pending, "rejected span")} to review` : `${percent(list.rejected_frames, list.frames)} rejected`}
        </span>
      </Link>
      <Link to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }}>
        <span className="k">Clips labelled</span>
        <b>
          {labels === undefined ? "–" : whole(done)}
          {labels !== undefined && <small> of {whole(labels.clips)}</small>}
        </b>
        <span className="s">
          <span className="bar" role="img" aria-label={`${whole(done)} of ${count(labels?.clips ?? 0, "clip")} labelled`}>
            <i style={{ width: `${labels === undefined || labels.clips === 0 ? 0 : (done / labels.clips) * 100}%` }} />
          </span>
        </span>
      </Link>
      <Link to="/p/$slug/train/{-$run}" params={{ slug, run: undefined }}>
        <span className="k">Dataset</span>
        <b>{learning?.dataset ?? "–"}</b>
        <span className="s">{datasetWords(learning)}</span>
      </Link>
      <Link to="/p/$slug/models/{-$number}" params={{ slug, number: undefined }}>
        <span className="k">Model</span>
        <b>
          {champion === null ? "–" : `v${champion.number}`}
          {champion !== null && <small> {share(champion.top1)}</small>}
        </b>
        <span className="s">{modelWords(learning)}</span>
      </Link>
      <Link to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }}>
        <span className="k">Suggestions</span>
        <b>{labels === undefined ? "–" : whole(labels.suggestions)}</b>
        <span className="s">{suggestedWords(labels, learning)}</span>
      </Link>
    </nav>
  );
}

/** What each of the six is, where there is nothing to count yet. */
const STEPS = [
  { name: "Footage", what: "Files, or a folder" },
  { name: "Frames scored", what: "Bad ones are set aside" },
  { name: "Clips labelled", what: "One key a clip" },
  { name: "Dataset", what: "Labels, frozen for a run" },
  { name: "Model", what: "One click trains it" },
  { name: "Suggestions", what: "Least certain first" },
] as const;

export function Steps() {
  return (
    <ol className="panel loop" aria-label="What happens here">
      {STEPS.map(({ name, what }, i) => (
        <li key={name}>
          <span className="k">{name}</span>
          <b className="t3">{i + 1}</b>
          <span className="s">{what}</span>
        </li>
      ))}
    </ol>
  );
}

function datasetWords(learning: TrainingSummaryOut | undefined): string {
  if (learning === undefined) return "";
  if (learning.dataset === null) return "the first run freezes one";
  return learning.new_labels === 0 ? "holds every label" : `${count(learning.new_labels, "clip")} labelled since`;
}

function modelWords(learning: TrainingSummaryOut | undefined): string {
  if (learning === undefined) return "";
  if (learning.running !== null) return `run ${learning.running.number} is under way`;
  return learning.champion === null ? "none yet" : "the champion";
}

function suggestedWords(labels: SummaryOut | undefined, learning: TrainingSummaryOut | undefined): string {
  if (labels === undefined || learning === undefined) return "";
  const { champion, accepted } = learning;
  if (champion === null) return "a model makes them";
  if (accepted !== null && accepted.judged > 0) return `${share(accepted.accepted / accepted.judged)} taken as they are`;
  return labels.suggestions === 0 ? "none waits" : "least certain first";
}
