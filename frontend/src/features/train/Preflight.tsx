/** What one click would train on: the facts left, what was checked right, what follows in one sentence. Enter starts, Esc leaves. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trainingRunStart } from "../../api/generated/client";
import type { Check, PreflightClass, PreflightOut, RecipeOut } from "../../api/generated/model";
import { trainingChanged } from "../../api/training";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Icon, type IconName } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { tellError } from "../../ui/toasts";
import { signed, whole } from "../../ui/words";
import { consequence, dealtWords, preflightFact } from "./run";
import "./bars.css";

interface PreflightProps {
  readonly slug: string;
  readonly found: PreflightOut;
  readonly onClose: () => void;
  readonly onStarted: (run: number) => void;
}

export function Preflight({ slug, found, onClose, onStarted }: PreflightProps) {
  const [name, setName] = useState(found.recipes[0]?.name);
  const recipe = found.recipes.find((each) => each.name === name);
  const begin = useMutation({
    mutationFn: () => trainingRunStart(slug, { recipe: name ?? null }),
    onSuccess: async (run) => {
      await trainingChanged(slug);
      onStarted(run.number);
    },
    onError: tellError,
  });
  const said = recipe === undefined || recipe.blocked === "" || found.blocked !== "" ? consequence(found) : recipe.blocked;
  const stopped = found.blocked !== "" || found.running !== null || said === recipe?.blocked;
  const footer = (
    <>
      <span className={stopped ? "sm warn grow" : "sm t2 grow"}>{said}</span>
      <Button keys="Esc" autoFocus={stopped} onClick={onClose}>
        Close
      </Button>
      <Button look="pri" keys="Enter" autoFocus={!stopped} busy={begin.isPending} blocked={stopped ? said : undefined} onClick={() => begin.mutate()}>
        Start training
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title="Train on current labels" fact={preflightFact(found, recipe?.minutes ?? null)} width={880} footer={footer}>
      <div className="preflight">
        <div className="pf-facts">
          <Classes found={found} />
          <Facts found={found} recipe={recipe} onRecipe={setName} />
        </div>
        <Checks found={found} />
      </div>
    </Dialog>
  );
}

function Classes({ found }: { readonly found: PreflightOut }) {
  const most = Math.max(1, ...found.classes.map((entry) => entry.clips));
  const since = found.dataset;
  if (found.classes.length === 0) return <p className="t2 pf-none">No class has two labelled clips yet.</p>;
  return (
    <table className="pf-classes">
      <thead>
        <tr>
          <th>Class</th>
          <th className="pf-wide">{since === null ? "Clips" : <>Clips, <span className="t2">new since dataset {since}</span> solid</>}</th>
          <th className="num">Clips</th>
          {since !== null && <th className="num">New</th>}
        </tr>
      </thead>
      <tbody>
        {found.classes.map((entry) => (
          <ClassRow key={entry.id} entry={entry} most={most} news={since !== null} />
        ))}
      </tbody>
    </table>
  );
}

interface FactsProps {
  readonly found: PreflightOut;
  readonly recipe: RecipeOut | undefined;
  readonly onRecipe: (name: string) => void;
}

function Facts({ found, recipe, onRecipe }: FactsProps) {
  return (
    <dl className="kv sm">
      <dt>Recipe</dt>
      <dd>
        <Choice wide label="Recipe" value={recipe?.name ?? ""} options={found.recipes.map((each) => ({ value: each.name, label: each.title, note: each.why }))} onChange={onRecipe} />
      </dd>
      <dt>Why</dt>
      <dd>{recipe?.why}</dd>
      {found.labelled > 0 && (
        <>
          <dt>Sides</dt>
          <dd>{dealtWords(found)}</dd>
        </>
      )}
      <dt>Compares to</dt>
      <dd>{found.compares_to === null ? "nothing yet: it is the first" : `champion v${found.compares_to}, same test clips`}</dd>
    </dl>
  );
}

function ClassRow({ entry, most, news }: { readonly entry: PreflightClass; readonly most: number; readonly news: boolean }) {
  const old = entry.clips - entry.new;
  const colour = { "--c": `var(--c${entry.colour})` } as React.CSSProperties;
  return (
    <tr>
      <th scope="row" aria-label={entry.name}>
        <span className="row">
          <i className="sw" style={colour} aria-hidden="true" />
          <span className="ell pf-name">{entry.name}</span>
        </span>
      </th>
      <td className="pf-wide">
        <span className="pf-stack" style={colour}>
          {old > 0 && <i className={news ? "old" : ""} style={{ width: `${(old / most) * 100}%` }} />}
          {entry.new > 0 && <i style={{ width: `${(entry.new / most) * 100}%` }} />}
        </span>
      </td>
      <td className="num">{whole(entry.clips)}</td>
      {news && <td className={entry.new > 0 ? "num ok" : "num t3"}>{entry.new > 0 ? signed(entry.new, 0) : "–"}</td>}
    </tr>
  );
}

const LOOKS: Readonly<Record<Check["level"], { readonly icon: IconName; readonly tone: string; readonly word: string }>> = {
  ok: { icon: "check", tone: "ok", word: "Fine" },
  info: { icon: "info", tone: "t3", word: "To know" },
  warn: { icon: "warn", tone: "warn", word: "Warning" },
  bad: { icon: "x", tone: "bad", word: "In the way" },
};

function Checks({ found }: { readonly found: PreflightOut }) {
  return (
    <div className="pf-checks">
      <h3>Checks</h3>
      <ul>
        {found.checks.map((check) => (
          <li key={check.title + check.detail}>
            <Icon name={LOOKS[check.level].icon} className={LOOKS[check.level].tone} />
            <div>
              <span className="sr">{LOOKS[check.level].word}: </span>
              <span className="b">{check.title}</span>
              <p className="sm t2">{check.detail}</p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
