import type { VideoRow } from "../../api/generated/model";
import { Progress, State } from "../../ui/parts";
import { stageOf } from "./stage";

/** A dot and a word; while it works, how far it is; when footage was lost, how much. */
export function StateCell({ row }: { readonly row: VideoRow }) {
  if (row.state === "ready" && row.damaged)
    return (
      <div className="state-cell lost" title={row.sentence}>
        <State tone="warn">Ready, damaged</State>
        <div className="sm t3 ell">{row.sentence}</div>
      </div>
    );
  if (row.state === "ready") return <State tone="ok">Ready</State>;
  if (row.state === "failed") return <State tone="bad">Failed</State>;
  const fraction = row.ingest?.progress ?? 0;
  if (row.state === "registered" && fraction === 0) return <State tone="idle">Waiting</State>;
  return (
    <div className="state-cell">
      <div className="row sm">
        <State tone="run">
          <span className="ell">{stageOf(row)}</span>
        </State>
        <span className="t2 end nw">{Math.round(fraction * 100)} %</span>
      </div>
      <Progress fraction={fraction} label={`${row.name}: ${stageOf(row)}`} />
    </div>
  );
}
