/** Runs for tests. */
import type { PreflightOut, RunOut } from "../../api/generated/model";

export function run(change: Partial<RunOut> = {}): RunOut {
  return {
    number: 31, state: "training", dataset: 14, recipe: "smart-light", recipe_title: "SMART on MobileNetV2", created_at: "2026-11-25T09:00:00Z", started_at: "2026-11-25T09:00:02Z", finished_at: null, top1: null, model: null, model_state: null,
    sentence: "", created_by: "Jonas Weber", progress: 0.6, stage: "classifier", phases: [], epoch: 2, epochs: 40, best_epoch: 1, history: [], selector: [], log: [], per_class: [], memory_bytes: null,
    clips_per_second: null, seconds_left: null, features: { done: 0, total: 0, failed: 0 }, left_out: [], unlearned: [],
    data: { number: 14, clips: 1842, classes: [], by: "subject", groups: { train: 9, val: 3, test: 3 }, notes: [] }, champion: null, result: null, cancel_requested: false, ...change,
  };
}

export function found(change: Partial<PreflightOut> = {}): PreflightOut {
  return {
    labelled: 1842, new_since: 312, dataset: 14, classes: [], sides: { train: 1352, val: 268, test: 222 }, by: "subject", groups: { train: 9, val: 3, test: 3 }, checks: [], even: false,
    recipes: [{ name: "smart-light", title: "SMART on MobileNetV2", why: "", minutes: [16, 21], blocked: "" }], compares_to: 12, blocked: "", running: null, ...change,
  };
}
