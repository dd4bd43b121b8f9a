/** What the quality room works with, as the server tells it. */
import type { CameraCount, EffectOut, GateMetricOut, GateOut, FrameNear, FramesNear, OverviewOut, ProposalOut, ReasonCount, ReviewOut, SpanRowOut, SpanState as State, TileOut } from "../../api/generated/model";

export type { HeatRow, PartIn } from "../../api/generated/model";
export type Facet = ReasonCount;
export type CameraFacet = CameraCount;
export type Overview = OverviewOut;
export type Span = SpanRowOut;
export type Tile = TileOut;
export type SpanState = State;
export type Neighbour = FrameNear;
export type Neighbours = FramesNear;
export type Batch = ReviewOut;
export type Proposal = ProposalOut;
export type Effect = EffectOut;

/** A limit a rule, null where it is off; and the bridged gap in frames. */
export type Thresholds = Readonly<Record<string, number | null>>;
export type Unit = "score" | "seconds" | "levels";
export type GateMetric = Omit<GateMetricOut, "unit"> & { readonly unit: Unit };
export type Gate = Omit<GateOut, "thresholds" | "defaults" | "metrics"> & { readonly thresholds: Thresholds; readonly defaults: Thresholds; readonly metrics: readonly GateMetric[] };
