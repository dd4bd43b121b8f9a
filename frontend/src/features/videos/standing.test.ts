import { expect, test } from "vitest";
import type { VideoRow } from "../../api/generated/model";
import { standingOf, titleOf } from "./standing";
import type { UploadItem, UploadState } from "./uploads";

const row = (values: Partial<VideoRow>): VideoRow => ({ id: "v", state: "ready", damaged: false, sentence: "", ingest: null, again: false, ...values }) as VideoRow;
const item = (state: UploadState, video: string | null = null): UploadItem => ({ state, video }) as UploadItem;

test("an upload says what the list says of its video", () => {
  expect(standingOf(row({ state: "failed", sentence: "It holds sound only." }))).toEqual({ tone: "bad", words: "Failed", sentence: "It holds sound only." });
  expect(standingOf(row({ damaged: true })).words).toBe("Ready, damaged");
  expect(standingOf(row({})).words).toBe("Ready");
  expect(standingOf(row({ state: "working", ingest: { job: "j", state: "running", stage: "decoding", progress: 0.42, facts: {} } })).words).toBe("Decoding, 42 %");
  expect(standingOf(undefined).tone).toBe("idle");
});

test("the title counts what is on its way, then what became of it", () => {
  const rows = new Map([["a", row({ id: "a" })], ["b", row({ id: "b", state: "failed" })]]);
  const over = [item("done", "a"), item("done", "b"), item("done", "c"), item("failed")];
  expect(titleOf([...over, item("sending")], rows)).toBe("Uploading, 3 of 5 videos done");
  expect(titleOf(over, rows)).toBe("4 files: 1 ready, 1 being read, 1 failed, 1 not uploaded");
  expect(titleOf([item("done", "a")], rows)).toBe("1 file: 1 ready");
});
