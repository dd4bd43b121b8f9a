/** The card beside the picture: what the model says, or what the clip holds, and the keys that decide. */
import { keyCap, useKeymap } from "../../app/keymap";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { count, moment, whole } from "../../ui/words";
import { LABEL_ACTIONS } from "./actions";
import { stillGuessed } from "./layout";
import { Swatch } from "./Swatch";
import type { Clip, LabelClass, Suggestion } from "./types";
import type { Work } from "./work";

interface DecideProps {
  readonly clip: Clip;
  readonly work: Work;
  readonly classes: readonly LabelClass[];
  readonly act: (id: string) => void;
}

export function Decide(props: DecideProps) {
  const { clip, work, classes } = props;
  const { suggestion } = clip;
  if (suggestion !== null && stillGuessed(clip, work)) {
    return (
      <>
        <Guess {...props} suggestion={suggestion} />
        <Why suggestion={suggestion} />
      </>
    );
  }
  const label = classes.find((entry) => entry.id === work.label);
  const says = work.label !== null || work.segments.length > 0;
  return (
    <section className="sug">
      <div className="cap">
        This clip
        <span className="end">{standing(clip)}</span>
      </div>
      <div className="big">
        {label !== undefined && <Swatch label={label} />}
        <span className={says ? "ell" : "t2"}>{label?.name ?? (says ? count(work.segments.length, "segment") : decided(clip))}</span>
      </div>
      <p className="sm t3 said">{saidBy(clip) ?? (says ? "" : "A class key labels the whole clip. I, O and a class key mark a stretch of it.")}</p>
      <Buttons {...props} accept={says ? "Submit and next" : null} />
    </section>
  );
}

function standing({ annotation }: Clip): string {
  const words = { labelled: "Labelled", uncertain: "Uncertain", rejected: "Rejected", cleared: "Open" } as const;
  return words[annotation?.outcome ?? "cleared"];
}

function decided(clip: Clip): string {
  const word = standing(clip);
  return word === "Uncertain" || word === "Rejected" ? word : "No label yet";
}

function saidBy({ annotation }: Clip): string | null {
  if (annotation === null || annotation.outcome === "cleared" || annotation.created_at === "") return null;
  return `${annotation.author?.name ?? "Imported"}, ${moment(annotation.created_at)}`;
}

const SHOWN = 3;

function Guess({ suggestion, classes, ...rest }: DecideProps & { readonly suggestion: Suggestion }) {
  const named = (id: string): LabelClass | undefined => classes.find((entry) => entry.id === id);
  const top = suggestion.scores.find((score) => score.label === suggestion.top)?.p ?? 0;
  return (
    <section className="sug">
      <div className="cap">
        Suggestion
        <span className="end">Model {suggestion.model}</span>
      </div>
      <div className="big">
        <Swatch label={named(suggestion.top)} />
        <span className="ell">{named(suggestion.top)?.name}</span>
        <b>{top.toFixed(2)}</b>
      </div>
      <ul className="alts">
        {suggestion.scores.slice(0, SHOWN).map((score) => (
          <li key={score.label} className="alt">
            <span className="ell">{named(score.label)?.name}</span>
            <span className="bar" style={{ "--f": `var(--c${named(score.label)?.colour ?? 0})` } as React.CSSProperties}>
              <i style={{ width: `${score.p * 100}%` }} />
            </span>
            <b>{score.p.toFixed(2)}</b>
          </li>
        ))}
      </ul>
      <Buttons {...rest} classes={classes} accept="Accept and next" fix />
    </section>
  );
}

interface ButtonsProps extends DecideProps {
  readonly accept: string | null;
  readonly fix?: boolean;
}

function Buttons({ act, accept, fix }: ButtonsProps) {
  const remap = useKeymap((store) => store.remap);
  const cap = (id: string): string | undefined => keyCap(LABEL_ACTIONS, remap, id);
  return (
    <div className="acts">
      {accept !== null && (
        <Button look="pri" keys={cap("accept")} onClick={() => act("accept")}>
          {accept}
        </Button>
      )}
      {fix === true ? (
        <Button keys="1–9" onClick={() => act("find")}>
          Fix
        </Button>
      ) : (
        <Button keys={cap("skip")} onClick={() => act("skip")}>
          Skip
        </Button>
      )}
      <Button keys={cap("reject")} onClick={() => act("reject")}>
        Reject
      </Button>
      <Button keys={cap("uncertain")} onClick={() => act("uncertain")}>
        Unsure
      </Button>
    </div>
  );
}

function Why({ suggestion }: { readonly suggestion: Suggestion }) {
  const [only] = suggestion.segments;
  if (suggestion.reason === "" && only === undefined) return null;
  return (
    <section>
      <div className="cap">
        <Icon name="bolt" />
        Why this clip is next
      </div>
      <p>{suggestion.reason}</p>
      {only !== undefined && suggestion.segments.length === 1 && (
        <dl className="facts">
          <dt>Start</dt>
          <dd>
            {whole(only.start)} ± {count(Math.round(only.start_sd), "frame")}
          </dd>
          <dt>End</dt>
          <dd>
            {whole(only.end - 1)} ± {count(Math.round(only.end_sd), "frame")}
          </dd>
        </dl>
      )}
    </section>
  );
}
