/** The list of frames with what it holds above it and what is selected below. */
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { Choice } from "../../ui/Choice";
import { Button, Segments } from "../../ui/parts";
import { BulkBar } from "./BulkBar";
import { type Change, headline, isNarrowed, type QualitySearch, sortOf, underline, WIDE } from "./filters";
import { Grid } from "./Grid";
import type { Grouping } from "./grid";
import { isEmpty } from "./selection";
import { AllDone, NoMatch, Shapes } from "./States";
import type { Overview, Thresholds } from "./types";
import type { Review } from "./useReview";

interface FramesPaneProps {
  readonly slug: string;
  readonly search: QualitySearch;
  readonly overview: Overview | undefined;
  readonly review: Review;
  readonly query: Pick<UseInfiniteQueryResult, "data" | "isPlaceholderData">;
  readonly judge: boolean;
  readonly columns: number;
  /** Of a tile; 0 before the room is measured. */
  readonly width: number;
  readonly hold: (element: HTMLDivElement | null) => (() => void) | undefined;
  readonly scroller: HTMLDivElement | null;
  readonly draft: { readonly camera: string; readonly thresholds: Thresholds } | null;
  readonly onChange: (change: Change) => void;
  readonly onLook: () => void;
}

export function FramesPane({ slug, search, overview, review, query, judge, columns, width, hold, scroller, draft, onChange, onLook }: FramesPaneProps) {
  const loaded = query.data !== undefined;
  const empty = loaded && review.total === 0;
  return (
    <section className="qa-grid" aria-label="Rejected frames" aria-busy={query.isPlaceholderData}>
      <div className="qa-head">{loaded && !empty && <Heading search={search} overview={overview} review={review} onChange={onChange} />}</div>
      <div className="qa-scroll" ref={hold}>
        {!loaded ? (
          <Shapes />
        ) : empty ? (
          isNarrowed(search) ? (
            <NoMatch state={search.state ?? "pending"} decided={overview?.decided ?? 0} onClear={() => onChange(WIDE)} onAll={() => onChange({ state: "all" })} />
          ) : (
            <AllDone slug={slug} state={search.state ?? "pending"} onAll={() => onChange({ state: "all" })} />
          )
        ) : (
          width > 0 && <Grid slug={slug} review={review} columns={columns} width={width} scroller={scroller} busy={query.isPlaceholderData} draft={draft} onLook={onLook} />
        )}
      </div>
      {judge ? (
        <BulkBar review={review} state={search.state ?? "pending"} />
      ) : (
        !isEmpty(review.selection) && (
          <div className="qb" role="status">
            You can look; deciding needs the data lead role.
          </div>
        )
      )}
    </section>
  );
}

const GROUPS: readonly { readonly value: Grouping; readonly label: string }[] = [
  { value: "span", label: "Span" },
  { value: "hour", label: "Hour" },
  { value: "none", label: "None" },
];
const SORTS = [
  { value: "time", label: "Oldest first" },
  { value: "worst", label: "Worst first" },
  { value: "frames", label: "Longest first" },
] as const;

function Heading({ search, overview, review, onChange }: Pick<FramesPaneProps, "search" | "overview" | "review" | "onChange">) {
  const grouping = search.group ?? "span";
  return (
    <>
      <h2 className="ell">{headline(review.frames, search)}</h2>
      <span className="t3 ell qa-under">{underline(review.total, search, overview)}</span>
      {isNarrowed(search) && (
        <Button look="ghost" size="xs" onClick={() => onChange(WIDE)}>
          Clear filter
        </Button>
      )}
      <span className="end row">
        {grouping !== "hour" && <Choice label="Sort" value={sortOf(search)} options={SORTS} onChange={(sort) => onChange({ sort: sort === "time" ? undefined : sort })} />}
        <span className="t3 sm qa-by">Group by</span>
        <Segments label="Group by" value={grouping} options={GROUPS} onChange={(group) => onChange({ group: group === "span" ? undefined : group })} />
      </span>
    </>
  );
}
