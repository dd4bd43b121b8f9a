/** Models for tests. */
import type { ModelRow } from "../../api/generated/model";

export function row(number: number, change: Partial<ModelRow> = {}): ModelRow {
  return {
    number, state: "candidate", run: number + 18, dataset: number, top1: 0.874, top1_low: 0.841, top1_high: 0.903, macro_f1: 0.851, n_test: 222, worst: [], paired: null, accepted: null, clips: 1530,
    created_at: "2026-11-20T09:00:00Z", champion_since: null, champion_until: null, clips_per_second: null, ...change,
  };
}
