/** What the gate rejected and nobody has looked at, with its worst frames. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { overview, spans } from "../../api/quality";
import { keyCap, useKeymap } from "../../app/keymap";
import { KeyCap } from "../../ui/parts";
import { count, reasonName } from "../../ui/words";
import { Picture } from "../quality/Picture";
import { HOME_ACTIONS } from "./actions";

const SHOWN = 6;
const TILE = 120;
const WAITING = { state: "pending" } as const;

export function Review({ slug }: { readonly slug: string }) {
  const remap = useKeymap((store) => store.remap);
  const { data } = useQuery(overview(slug, WAITING));
  const { data: pages } = useInfiniteQuery({ ...spans(slug, WAITING, "worst"), enabled: (data?.spans ?? 0) > 0 });
  if (data === undefined) return <section className="panel" aria-label="Rejected frames" />;
  const worst = (pages?.pages[0]?.items.slice(0, SHOWN) ?? []).flatMap((span) => {
    const tile = span.tiles.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
    return tile === undefined ? [] : [{ span, tile }];
  });
  return (
    <section className="panel review" aria-label="Rejected frames">
      {worst.length > 0 && (
        <div className="review-tiles" aria-hidden="true">
          {worst.map(({ span, tile }) => (
            <div key={span.id} className="qt-im">
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
