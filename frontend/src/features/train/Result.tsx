/** What a run that is done found, and where to go with it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ResultOut, RunOut } from "../../api/generated/model";
import { labelSet, summary } from "../../api/labelling";
import { Icon } from "../../ui/Icon";
import { count, score, share, whole } from "../../ui/words";
import { BudgetChart } from "../models/BudgetChart";
import { Matrix } from "../models/Matrix";
import { chances, onwardWords, partWords, resultWords } from "./run";

interface ResultProps {
  readonly slug: string;
  readonly run: RunOut;
  readonly result: ResultOut;
}

export function Result({ slug, run, result }: ResultProps) {
  const { data: set } = useQuery(labelSet(slug));
  const { champion } = result;
  return (
    <div className="run-result">
      <div className="stats">
        <div className="stat">
          <b>{share(result.top1 ?? result.val_top1)}</b>
          <span>{resultWords(result)}</span>
        </div>
        <div className="stat">
          <b>{score(result.macro_f1 ?? result.val_macro_f1)}</b>
          <span>macro-F1</span>
        </div>
        {chances(result).map(({ value, name }) => (
          <div key={name} className="stat">
            <b>{value}</b>
            <span>{name}</span>
          </div>
        ))}
        {result.parts?.map((part) => (
          <div key={part.recipe} className="stat">
            <b>{share(part.top1 ?? part.val_top1)}</b>
            <span>{partWords(part)}</span>
          </div>
        ))}
        {result.budget !== null && (
          <div className="stat">
            <b>{whole(result.budget)}</b>
            <span>frames of a clip looked at</span>
          </div>
        )}
        {champion !== null && (
          <div className="stat">
            <b>
              {champion.won} won, {champion.lost} lost
            </b>
            <span>
              against v{champion.version} on the same clips{champion.p !== null && champion.p >= 0.05 && ", within chance"}
            </span>
          </div>
        )}
      </div>
      {result.notes.length > 0 && (
        <ul className="run-notes">
          {result.notes.map((note) => (
            <li key={note} className="sm t2">
              <Icon name="info" />
              {note}
            </li>
          ))}
        </ul>
      )}
      {run.model !== null && <Onward slug={slug} model={run.model} state={run.model_state} />}
      <div className="run-two">
        {result.confusion !== null && result.confusion.labels.length > 0 && set !== undefined && (
          <div>
            <h3>Confusion</h3>
            <Matrix matrix={result.confusion} classes={set.classes} />
          </div>
        )}
        {Object.keys(result.curve).length > 0 && (
          <div>
            <h3>Frames looked at against accuracy</h3>
            <BudgetChart curve={result.curve} on={result.curve_on} budget={result.budget} />
          </div>
        )}
      </div>
    </div>
  );
}

function Onward({ slug, model, state }: { readonly slug: string; readonly model: number; readonly state: RunOut["model_state"] }) {
  const champion = state === "champion";
  const { data } = useQuery({ ...summary(slug), enabled: champion });
  return (
    <div className="row wrap run-onward">
      <Link className="btn sm" to="/p/$slug/models/{-$number}" params={{ slug, number: String(model) }}>
        Compare v{model}
      </Link>
      {champion && data !== undefined && data.open > 0 && (
        <Link className="btn sm" to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }}>
          Label {count(data.open, "open clip")}
        </Link>
      )}
      <span className="sm t2">{onwardWords(model, state)}</span>
    </div>
  );
}
