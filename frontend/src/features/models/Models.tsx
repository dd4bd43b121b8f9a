/** Versions side by side, and one of them in full: where it errs, what its choice of frames is worth, what it was made from. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LabelClassOut, ModelOut, ModelRow } from "../../api/generated/model";
import { labelSet } from "../../api/labelling";
import { model as modelQuery, models } from "../../api/training";
import { Crash } from "../../app/Crash";
import { useNamedPlace, useTitle } from "../../app/place";
import { useHere } from "../../app/session";
import { Choice } from "../../ui/Choice";
import { Icon } from "../../ui/Icon";
import { Button, LoadingRows, Statement } from "../../ui/parts";
import { ClassBars } from "../train/ClassBars";
import { LeftOut } from "../train/LeftOut";
import { BudgetChart } from "./BudgetChart";
import { Cameras } from "./Cameras";
import { Card } from "./Card";
import { championOf, columnsOf, comparable, fallen, promoteVerb, standing, withoutWords } from "./compare";
import { Comparison } from "./Comparison";
import { Confused } from "./Confused";
import { Promote } from "./Promote";
import "./models.css";

const route = getRouteApi("/p/$slug/models/{-$number}");

export function Models() {
  const { slug } = useHere();
  const { number: asked } = route.useParams();
  const { data, error } = useQuery(models(slug));
  const { data: set, error: noSet } = useQuery(labelSet(slug));
  const number = asked === undefined ? data?.items[0]?.number : Number(asked);
  const row = data?.items.find((entry) => entry.number === number);
  useTitle(asked === undefined ? "Models" : `Model v${asked}`);
  useNamedPlace(row === undefined ? null : `v${row.number}`);
  const failed = error ?? noSet;
  if (failed !== null && (data === undefined || set === undefined)) return <Crash error={failed} />;
  return (
    <div className="page models">
      <header>
        <h1>Models</h1>
        {data !== undefined && data.items.length > 0 && <span className="t2">{standing(data.items)}</span>}
        <span className="end row wrap">
          {data !== undefined && row !== undefined && <Versions slug={slug} rows={data.items} shown={row.number} />}
          {data !== undefined && row !== undefined && <Deed slug={slug} rows={data.items} row={row} classes={set?.classes ?? []} />}
        </span>
      </header>
      {data === undefined || set === undefined ? (
        <LoadingRows what="models" />
      ) : data.items.length === 0 ? (
        <NoModel slug={slug} />
      ) : row === undefined ? (
        <Statement icon="search" title="This project has no such model" actions={<Go slug={slug} to="models">Show the newest model</Go>} />
      ) : (
        <>
          <Comparison slug={slug} rows={columnsOf(data.items, row.number)} champion={championOf(data.items)} classes={set.classes} />
          <Whole key={row.number} slug={slug} row={row} champion={championOf(data.items)} classes={set.classes} />
        </>
      )}
    </div>
  );
}

function Go({ slug, to, children }: { readonly slug: string; readonly to: "models" | "train"; readonly children: string }) {
  return to === "models" ? (
    <Link className="btn" to="/p/$slug/models/{-$number}" params={{ slug, number: undefined }}>
      {children}
    </Link>
  ) : (
    <Link className="btn pri" to="/p/$slug/train/{-$run}" params={{ slug, run: undefined }}>
      {children}
    </Link>
  );
}

function NoModel({ slug }: { readonly slug: string }) {
  return (
    <Statement icon="box" title="No model yet" actions={<Go slug={slug} to="train">Go to Train</Go>}>
      A run makes one. The first becomes the champion by itself and suggests what open clips show.
    </Statement>
  );
}

/** Every version, where more exist than fit side by side. */
function Versions({ slug, rows, shown }: { readonly slug: string; readonly rows: readonly ModelRow[]; readonly shown: number }) {
  const navigate = route.useNavigate();
  if (rows.length <= columnsOf(rows, shown).length) return null;
  const options = rows.map((row) => ({ value: String(row.number), label: row.state === "champion" ? `v${row.number}, champion` : `v${row.number}` }));
  return <Choice label="Version" value={String(shown)} options={options} onChange={(value) => void navigate({ to: "/p/$slug/models/{-$number}", params: { slug, number: value } })} />;
}

interface DeedProps {
  readonly slug: string;
  readonly rows: readonly ModelRow[];
  readonly row: ModelRow;
  readonly classes: readonly LabelClassOut[];
}

/** The one decision of the room: let the version that is shown speak. */
function Deed({ slug, rows, row, classes }: DeedProps) {
  const { may } = useHere();
  const [asking, setAsking] = useState(false);
  const champion = championOf(rows);
  if (!may("trainer")) return <span className="t3 sm">Someone with the ML lead role promotes a version.</span>;
  if (row.state === "champion") return null;
  return (
    <>
      <Button look="pri" onClick={() => setAsking(true)}>
        {promoteVerb(row, champion)}
      </Button>
      {asking && <Promote slug={slug} row={row} champion={champion} classes={classes} onClose={() => setAsking(false)} />}
    </>
  );
}

interface WholeProps {
  readonly slug: string;
  readonly row: ModelRow;
  readonly champion: ModelRow | undefined;
  readonly classes: readonly LabelClassOut[];
}

function Whole({ slug, row, champion, classes }: WholeProps) {
  const { data, error } = useQuery(modelQuery(slug, row.number));
  const beside = comparable(row, champion) && champion !== undefined;
  const { data: speaks } = useQuery({ ...modelQuery(slug, champion?.number ?? 0), enabled: beside });
  if (error !== null && data === undefined) return <Crash error={error} />;
  if (data === undefined) return <LoadingRows what={`v${row.number}`} />;
  const against = beside ? speaks : undefined;
  return (
    <>
      <Notes slug={slug} model={data} against={against} classes={classes} />
      <div className="models-three">
        <Confused slug={slug} model={data} classes={classes} />
        <section className="panel">
          <header>
            <h2>Frames looked at against accuracy</h2>
          </header>
          <div className="pad col models-chart">
            <BudgetChart curve={data.curve} on={data.curve_on} budget={data.budget} />
          </div>
        </section>
        <div className="col models-side">
          <ByClass model={data} against={against} classes={classes} />
          <Cameras model={data} against={against} />
        </div>
      </div>
      <Card model={data} />
    </>
  );
}

interface PartProps {
  readonly model: ModelOut;
  readonly against: ModelOut | undefined;
  readonly classes: readonly LabelClassOut[];
}

/** What must be read before the numbers: what is missing, and what became worse. */
function Notes({ slug, model, against, classes }: PartProps & { readonly slug: string }) {
  const worse = fallen(model, against);
  const named = (id: string): string => classes.find((entry) => entry.id === id)?.name ?? "a removed class";
  const never = model.unlearned.map(named);
  return (
    <>
      {worse.length > 0 && against !== undefined && (
        <div className="note warn">
          <Icon name="warn" />
          <p>
            <span className="b">
              v{model.number} is {Math.round((worse[0]?.points ?? 0) * 100)} points of F1 worse on {named(worse[0]?.label ?? "")} than v{against.number}.
            </span>{" "}
            <span className="t2">{worse.length > 1 && `Worse too on ${worse.slice(1).map((entry) => named(entry.label)).join(", ")}. `}Promote says so again.</span>
          </p>
        </div>
      )}
      {model.top1 === null && model.notes.length === 0 && (
        <div className="note warn">
          <Icon name="warn" />
          <p>There is no test number: too few groups to keep some apart.</p>
        </div>
      )}
      {(model.left_out.length > 0 || never.length > 0) && (
        <LeftOut slug={slug} rows={model.left_out} title={withoutWords(model, never)} again>
          {never.length > 0 && model.left_out.length > 0 && <p className="sm t2">Never suggested, for lack of a clip to learn from: {never.join(", ")}.</p>}
        </LeftOut>
      )}
      {model.notes.length > 0 && (
        <div className="note">
          <Icon name="info" className="t3" />
          <ul className="col">
            {model.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function ByClass({ model, against, classes }: PartProps) {
  if (model.per_class.length === 0) return null;
  const before = against === undefined ? undefined : new Map(against.per_class.map((entry) => [entry.label, entry.f1]));
  return (
    <section className="panel">
      <header>
        <h2>By class</h2>
        <span className="t3 sm">{against === undefined ? "F1" : `F1, the tick is v${against.number}`}</span>
      </header>
      <ClassBars classes={classes} scores={model.per_class} champion={before} />
    </section>
  );
}
