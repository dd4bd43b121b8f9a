/** The list, where the person is in it, and every key of the grid. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useState } from "react";
import { spans as spansQuery, type SpanFilter, type SpanSort } from "../../api/quality";
import { queryClient } from "../../api/queries";
import { decide, type Listed, undo } from "./decide";
import { afterwards, between, type Cell, cellsOf, type Grouping, landed, placeOf, type Row, rowsOf, type Step, stepped } from "./grid";
import { ALL, chosen, isChosen, isEmpty, NOTHING, retiled, type Selection, spared, stretched, toggled } from "./selection";
import { openList, useDesk } from "./store";
import type { Span, SpanState } from "./types";

/** For how long a frame that came in the place of another is not decided about. */
const JUMP_MS = 300;

export interface Review {
  readonly spans: readonly Span[];
  readonly total: number;
  readonly frames: number;
  readonly rows: readonly Row[];
  readonly cells: readonly Cell[];
  readonly focused: Cell | undefined;
  readonly selection: Selection;
  readonly more: boolean;
  readonly fetchMore: () => void;
  readonly move: (step: Step, page: number) => void;
  readonly stretch: (step: Step, page: number) => void;
  readonly point: (cell: Cell, how: "look" | "take" | "stretch") => void;
  readonly take: (cells: readonly Cell[]) => void;
  readonly takeNth: (n: number) => void;
  readonly takeSpan: () => void;
  readonly takeAll: () => void;
  readonly clear: () => void;
  /** Decides what is selected, else what is focused. */
  readonly decideOn: (to: SpanState) => void;
  /** Decides the focused part alone, whatever is selected. */
  readonly decideFocused: (to: SpanState) => void;
  readonly undoLast: () => void;
}

export function useReview(slug: string, filter: SpanFilter, sort: SpanSort, grouping: Grouping, columns: number) {
  const query = useInfiniteQuery({ ...spansQuery(slug, filter, sort), placeholderData: keepPreviousData });
  const list = JSON.stringify([slug, filter, sort]);
  useEffect(() => openList(list), [list]);
  const desk = useDesk();
  const pages = query.data?.pages;
  const spans = useMemo(() => (pages ?? []).flatMap((page) => page.items), [pages]);
  const cells = useMemo(() => cellsOf(spans), [spans]);
  const rows = useMemo(() => rowsOf(spans, grouping, columns), [spans, grouping, columns]);
  const { total, frames } = pages?.at(-1) ?? { total: 0, frames: 0 };
  useEffect(() => {
    // A decision or a new verdict has cut the list anew: what is selected follows its frames.
    if (!query.isPlaceholderData) useDesk.setState(({ selection }) => ({ selection: retiled(selection, spans) }));
  }, [spans, query.isPlaceholderData]);
  const place = placeOf(cells, desk.focus);
  const [last, setLast] = useState(0);
  if (place !== -1 && place !== last) setLast(place);
  const focused = landed(cells, place !== -1 ? place : desk.focus === null ? 0 : last);
  useLayoutEffect(() => {
    if (desk.focus === null || focused === undefined || focused.key === desk.focus) return;
    useDesk.setState({ focus: focused.key, ...(place === -1 ? { jumped: performance.now() } : {}) });
  }, [desk.focus, focused, place]);
  const from = focused?.key ?? null;

  const move = (step: Step, page: number): void => useDesk.setState({ focus: stepped(rows, from, step, page), anchor: null });
  const reach = (key: string | null): void => {
    const anchor = desk.anchor ?? { key: from ?? "", base: desk.selection };
    const parts = between(cells, anchor.key, key).map((cell) => cell.part);
    useDesk.setState({ focus: key, anchor, selection: stretched(anchor.base, parts) });
  };
  const take = (some: readonly Cell[]): void => useDesk.setState({ anchor: null, selection: toggled(desk.selection, some.map((cell) => cell.part)) });
  const point = (cell: Cell, how: "look" | "take" | "stretch"): void => {
    if (how === "stretch") return reach(cell.key);
    // Once something is selected, a click goes on selecting.
    useDesk.setState({ focus: cell.key, anchor: null, selection: how === "take" || !isEmpty(desk.selection) ? toggled(desk.selection, [cell.part]) : desk.selection });
  };
  const takeNth = (n: number): void => {
    const row = rows.find((entry) => entry.kind === "tiles" && entry.cells.some((cell) => cell.key === from));
    const cell = row?.cells[n - 1];
    if (cell !== undefined) point(cell, "take");
  };
  // What the filter finds is not there yet while the list of another one is in sight.
  const standing = query.data !== undefined && !query.isPlaceholderData;
  const send = (to: SpanState, selection: Selection, left?: Selection): void => {
    const next = afterwards(cells, (cell) => isChosen(selection, cell.part), from);
    const now = (): Listed => {
      const held = queryClient.getQueryData(spansQuery(slug, filter, sort).queryKey)?.pages ?? [];
      return { spans: held.flatMap((page) => page.items), total: held.at(-1)?.total ?? 0, at: held[0]?.at ?? null };
    };
    void decide({ slug, to, selection, filter, list: now, ...(left === undefined ? {} : { left }) }, next);
  };
  const decideFocused = (to: SpanState): void => {
    // A key that was meant for the frame before decides nothing.
    if (focused !== undefined && performance.now() - desk.jumped >= JUMP_MS) send(to, chosen(NOTHING, [focused.part], true), spared(desk.selection, focused.part));
  };
  const review: Review = {
    spans,
    total,
    frames,
    rows,
    cells,
    focused,
    selection: desk.selection,
    more: query.hasNextPage,
    fetchMore: () => void (query.isFetchingNextPage || query.fetchNextPage()),
    move,
    stretch: (step, page) => reach(stepped(rows, from, step, page)),
    point,
    take,
    takeNth,
    takeSpan: () => take(cells.filter((cell) => cell.span.id === focused?.span.id)),
    takeAll: () => standing && useDesk.setState({ selection: ALL, anchor: null }),
    clear: () => useDesk.setState({ selection: NOTHING, anchor: null }),
    decideOn: (to) => {
      if (isEmpty(desk.selection)) decideFocused(to);
      else if (desk.selection.kind === "some" || standing) send(to, desk.selection);
    },
    decideFocused,
    undoLast: () => void undo(slug),
  };
  return { review, query };
}
