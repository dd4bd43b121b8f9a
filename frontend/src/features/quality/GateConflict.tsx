/** Somebody changed the gate in the meantime: both versions side by side, and nothing is applied until one is chosen. */
import { useEffect } from "react";
import { Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/parts";
import { count, moment, reasonName, whole } from "../../ui/words";
import type { Clash } from "./useGate";
import { changesOf, limitText, unitOf } from "./words";

interface GateConflictProps {
  readonly clash: Clash;
  readonly onSettle: (keep: "theirs" | "mine" | null) => void;
}

export function GateConflict({ clash, onSettle }: GateConflictProps) {
  const { mine, base, theirs } = clash;
  const rules = [...new Set([...changesOf(base.thresholds, mine), ...changesOf(base.thresholds, theirs.thresholds)])];
  const own = new Set(changesOf(base.thresholds, mine));
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== "1" && event.key !== "2")) return;
      event.preventDefault();
      event.stopPropagation();
      onSettle(event.key === "1" ? "theirs" : "mine");
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  });
  const footer = (
    <>
      <span className="t2 sm grow">Nothing of yours is applied yet.</span>
      <Button keys="1" onClick={() => onSettle("theirs")}>
        Keep theirs
      </Button>
      <Button look="pri" keys="2" onClick={() => onSettle("mine")}>
        Put yours on top
      </Button>
    </>
  );
  return (
    <Dialog open onClose={() => onSettle(null)} title={`The gate of ${base.name} was changed meanwhile`} fact={`Revision ${whole(theirs.revision)}, ${moment(theirs.updated_at)}. You had changed revision ${whole(base.revision)}.`} width={640} footer={footer}>
      <div className="scroll-x">
        <table className="qc">
          <thead>
            <tr>
              <th>Rule</th>
              <th>Before</th>
              <th>Theirs</th>
              <th>Yours</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((name) => {
              const [was, his, mineNow] = [base.thresholds[name] ?? null, theirs.thresholds[name] ?? null, own.has(name) ? (mine[name] ?? null) : null];
              return (
                <tr key={name}>
                  <th scope="row">{name === "bridge" ? "Gaps" : reasonName(name)}</th>
                  <td className="t2">{ruleLimit(name, was)}</td>
                  <td className={his === was ? "t3" : "b"}>{his === was ? "unchanged" : ruleLimit(name, his)}</td>
                  <td className={own.has(name) ? "b" : "t3"}>{own.has(name) ? ruleLimit(name, mineNow) : "theirs"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}

function ruleLimit(name: string, limit: number | null): string {
  return name === "bridge" ? `under ${count(limit ?? 0, "frame")}` : limitText(limit, unitOf(name));
}
