/** What there is to learn from that no model has seen, and how the models before it did. */
import { Link } from "@tanstack/react-router";
import type { SummaryOut, TrainingSummaryOut } from "../../api/generated/model";
import { keyCap, useKeymap } from "../../app/keymap";
import { useHere } from "../../app/session";
import { LineChart } from "../../ui/LineChart";
import { KeyCap } from "../../ui/parts";
import { count, share } from "../../ui/words";
import { HOME_ACTIONS } from "./actions";

/** A line needs two points. */
const LEAST = 2;

interface LearnProps {
  readonly slug: string;
  readonly data: TrainingSummaryOut;
  readonly labels: SummaryOut;
}

export function Learn({ slug, data, labels }: LearnProps) {
  const { may } = useHere();
  const remap = useKeymap((store) => store.remap);
  const cap = <KeyCap>{keyCap(HOME_ACTIONS, remap, "hTrain")}</KeyCap>;
  const { running, new_labels: fresh } = data;
  const starts = may("trainer") && fresh > 0;
  const measured = data.latest.flatMap(({ number, top1 }) => (top1 === null ? [] : [{ x: number, y: top1 }]));
  return (
    <section className="panel next-words" aria-label="Training">
      <h2>{title(data)}</h2>
      <p className="t2">{said(data, labels)}</p>
      {measured.length >= LEAST && <History points={measured} />}
      <div className="row wrap">
        {running !== null ? (
          <Link className="btn" to="/p/$slug/train/{-$run}" params={{ slug, run: String(running.number) }}>
            Follow run {running.number}
            {cap}
          </Link>
        ) : (
          starts && (
            <Link className="btn" to="/p/$slug/train/{-$run}" params={{ slug, run: undefined }} search={{ start: true }}>
              Train on current labels
              {cap}
            </Link>
          )
        )}
        {data.latest.length > 0 && (
          <Link className={running === null && !starts ? "btn" : "btn ghost"} to="/p/$slug/models/{-$number}" params={{ slug, number: undefined }}>
            Compare models
          </Link>
        )}
      </div>
    </section>
  );
}

function title({ running, new_labels: fresh, dataset }: TrainingSummaryOut): string {
  if (running !== null) return `Run ${running.number} is under way`;
  if (fresh === 0) return dataset === null ? "Nothing to learn from yet" : "Every label is learned from";
  return `Train on ${count(fresh, dataset === null ? "labelled clip" : "newly labelled clip")}`;
}

function said({ running, champion, dataset, new_labels: fresh }: TrainingSummaryOut, labels: SummaryOut): string {
  if (running !== null) return running.state === "training" ? "It learns now. Its curves are on the Train page." : "It reads the frames of its clips, once; the next run finds them read.";
  if (champion === null) return fresh === 0 ? "Label two clips of two classes, and a model can tell them apart." : "No form to fill in: the split and the recipe follow from the data.";
  const at = `v${champion.number} gets ${share(champion.top1)} right`;
  if (fresh === 0) return `${at}, from dataset ${dataset ?? "–"}. ${labels.open > 0 ? "Label more, and train again." : ""}`;
  return `${at}; it has not seen ${fresh === 1 ? "this label" : "these labels"}.`;
}

function History({ points }: { readonly points: readonly { readonly x: number; readonly y: number }[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <LineChart
      says={`From v${first.x} with ${share(first.y)} to v${last.x} with ${share(last.y)} right`}
      lines={[{ name: "Top-1 on the test clips", colour: "var(--accent-text)", points, thick: true }]}
      marks={points.map((point) => ({ ...point, colour: "var(--accent-text)" }))}
      x={{ first: first.x, last: last.x, end: `v${last.x}`, format: (number) => `v${number}` }}
      height={112}
      format={(value) => `${Math.round(value * 100)} %`}
      table={{ head: "Model", format: (value) => share(value) }}
    />
  );
}
