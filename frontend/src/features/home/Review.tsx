/** What the gate rejected and nobody has looked at, with its worst frames. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SpanRowOut, TileOut } from "../../api/generated/model";
import { overview, spans } from "../../api/quality";
import { keyCap, useKeymap } from "../../app/keymap";
import { KeyCap } from "../../ui/parts";
import { count, reasonName } from "../../ui/words";
import { Picture } from "../quality/Picture";
import { HOME_ACTIONS } from "./actions";

const COLUMNS = 3;
const SHOWN = 2 * COLUMNS;
const TILE = 120;
const WAITING = { state: "pending" } as const;

export function Review({ slug }: { readonly slug: string }) {
  const remap = useKeymap((store) => store.remap);
  const { data } = useQuery(overview(slug, WAITING));
  const { data: pages } = useInfiniteQuery({ ...spans(slug, WAITING, "worst"), enabled: (data?.spans ?? 0) > 0 });
  if (data === undefined) return <section className="panel" aria-label="Rejected frames" />;
  const worst = worstOf(pages?.pages[0]?.items ?? []);
  return (
    <section className="panel review" aria-label="Rejected frames">
      {worst.length > 0 && (
        <div className={worst.length < COLUMNS ? "review-tiles few" : "review-tiles"} aria-hidden="true">
          {worst.map(({ span, tile }) => (
            <div key={`${span.id} ${tile.frame}`} className="qt-im">
              <Picture slug={slug} span={span} tile={tile} width={TILE} />
            </div>
          ))}
        </div>
      )}
      <div className="next-words">
        <h2>{data.spans === 0 ? "Nothing to review" : `Review ${count(data.frames, "rejected frame")}`}</h2>
        <p className="t2">{data.spans > 0 ? most(data) : data.decided > 0 ? "Every rejected frame is decided. New footage brings new ones." : "The gate has rejected no frame yet."}</p>
        <div className="row">
          <Link className="btn" to="/p/$slug/quality" params={{ slug }}>
            {data.spans > 0 ? "Review frames" : data.decided > 0 ? "Look at decisions" : "Open Quality"}
            <KeyCap>{keyCap(HOME_ACTIONS, remap, "hReview")}</KeyCap>
          </Link>
        </div>
      </div>
    </section>
  );
}

/** As many as fit in whole rows: the worst frame of each span, then their second worst. */
function worstOf(found: readonly SpanRowOut[]): { span: SpanRowOut; tile: TileOut }[] {
  const ranked = found.slice(0, SHOWN).map((span) => ({ span, tiles: span.tiles.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0)) }));
  const all = Array.from({ length: SHOWN }, (_, i) => ranked.flatMap(({ span, tiles }) => (tiles[i] === undefined ? [] : [{ span, tile: tiles[i] }]))).flat();
  return all.slice(0, all.length < SHOWN ? COLUMNS : SHOWN);
}

interface Counts {
  readonly spans: number;
  readonly reasons: readonly { readonly reason: string; readonly spans: number; readonly frames: number }[];
  readonly cameras: readonly { readonly name: string; readonly frames: number }[];
}

function most({ spans: all, reasons, cameras }: Counts): string {
  const reason = reasons.toSorted((a, b) => b.frames - a.frames)[0];
  const camera = cameras.toSorted((a, b) => b.frames - a.frames)[0];
  const where = camera === undefined || cameras.length < 2 ? "" : ` Most are from ${camera.name}.`;
  return reason === undefined ? `In ${count(all, "span")}.` : `In ${count(all, "span")}, mostly ${reasonName(reason.reason).toLowerCase()}.${where}`;
}
