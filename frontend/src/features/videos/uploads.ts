/** Files on their way in, a chunk at a time. They go on while other screens are open, and after a break from where they stopped. */
import { create } from "zustand";
import { uploadCreate, uploadDetail } from "../../api/generated/client";
import type { UploadOut } from "../../api/generated/model";
import { ApiError, http, sentenceOf } from "../../api/http";
import { footageChanged } from "../../api/queries";
import { randomId } from "../../player/capabilities";

export type UploadState = "waiting" | "sending" | "paused" | "done" | "failed";

export interface UploadItem {
  readonly key: string;
  readonly slug: string;
  readonly camera: string;
  readonly file: File;
  readonly state: UploadState;
  readonly sent: number;
  readonly sentence: string;
  /** What it became, or, where these bytes are here already, the video that holds them. */
  readonly video: string | null;
  /** Another try may end differently. */
  readonly again: boolean;
  /** Bytes a second, from the chunks of this run. */
  readonly speed: number;
}

interface UploadStore {
  readonly items: readonly UploadItem[];
}

const RETRIES = 4;
const stopping = new Map<string, AbortController>();
export const useUploads = create<UploadStore>(() => ({ items: [] }));

function change(key: string, values: Partial<UploadItem>): void {
  useUploads.setState(({ items }) => ({ items: items.map((item) => (item.key === key ? { ...item, ...values } : item)) }));
}

function find(key: string): UploadItem | undefined {
  return useUploads.getState().items.find((item) => item.key === key);
}

export function addUploads(slug: string, camera: string, files: readonly File[]): void {
  const items = files.map((file): UploadItem => ({ key: randomId(), slug, camera, file, state: "waiting", sent: 0, sentence: "", video: null, again: true, speed: 0 }));
  useUploads.setState((store) => ({ items: [...store.items, ...items] }));
  void work();
}

export function pauseUpload(key: string): void {
  change(key, { state: "paused" });
  stopping.get(key)?.abort();
}

export function resumeUpload(key: string): void {
  change(key, { state: "waiting", sentence: "" });
  void work();
}

export function dropUpload(key: string): void {
  stopping.get(key)?.abort();
  useUploads.setState(({ items }) => ({ items: items.filter((item) => item.key !== key) }));
}

/** A removed video takes the line about its upload with it. */
export function dropUploadsOf(video: string): void {
  useUploads.setState(({ items }) => ({ items: items.filter((item) => item.video !== video || item.state !== "done") }));
}

export function clearFinished(slug: string): void {
  useUploads.setState(({ items }) => ({ items: items.filter((item) => item.slug !== slug || (item.state !== "done" && item.state !== "failed")) }));
}

/** One file after the other: a second stream would only share the same line. */
async function work(): Promise<void> {
  const { items } = useUploads.getState();
  if (items.some((item) => item.state === "sending")) return;
  const next = items.find((item) => item.state === "waiting");
  if (next === undefined) return;
  change(next.key, { state: "sending" });
  const controller = new AbortController();
  stopping.set(next.key, controller);
  try {
    const { video } = await send(next, controller.signal);
    change(next.key, { state: "done", sent: next.file.size, video });
  } catch (error) {
    if (find(next.key)?.state === "sending") change(next.key, { state: "failed", sentence: sentenceOf(error), ...refusalIn(error) });
  }
  stopping.delete(next.key);
  await footageChanged(next.slug);
  void work();
}

/** The same file for the same camera goes on where it stopped, even after the page was closed. */
function memoryOf(item: UploadItem): string {
  return `rushes.upload.${item.slug}.${item.camera}.${item.file.name}.${item.file.size}.${item.file.lastModified}`;
}

async function begin(item: UploadItem): Promise<UploadOut> {
  const known = localStorage.getItem(memoryOf(item));
  if (known !== null) {
    try {
      const standing = await uploadDetail(item.slug, known);
      if (standing.state === "receiving") return standing;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
    localStorage.removeItem(memoryOf(item));
  }
  const upload = await uploadCreate(item.slug, { name: item.file.name, bytes: item.file.size, camera: item.camera });
  localStorage.setItem(memoryOf(item), upload.id);
  return upload;
}

async function send(item: UploadItem, signal: AbortSignal): Promise<UploadOut> {
  let upload = await begin(item);
  change(item.key, { sent: upload.received });
  let failures = 0;
  while (upload.state === "receiving") {
    signal.throwIfAborted();
    const began = performance.now();
    const chunk = item.file.slice(upload.received, upload.received + upload.chunk_bytes);
    try {
      upload = await http<UploadOut>(`/api/projects/${item.slug}/uploads/${upload.id}`, {
        method: "PATCH",
        body: chunk,
        signal,
        headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(upload.received) },
      });
      failures = 0;
      change(item.key, { sent: upload.received, speed: (chunk.size / Math.max(1, performance.now() - began)) * 1000 });
    } catch (error) {
      if (!worthAnotherTry(error) || failures >= RETRIES) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500) localStorage.removeItem(memoryOf(item));
        throw error;
      }
      failures += 1;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** failures));
      upload = await uploadDetail(item.slug, upload.id, { signal });
    }
  }
  localStorage.removeItem(memoryOf(item));
  if (upload.state !== "finished") throw new ApiError(422, "refused", upload.sentence);
  return upload;
}

/** Whether the server would say the same again, and which video it pointed to. */
export function refusalIn(error: unknown): Pick<UploadItem, "video" | "again"> {
  if (!(error instanceof ApiError)) return { video: null, again: true };
  const { video } = error.details;
  return { video: typeof video === "string" ? video : null, again: video === undefined && ![403, 404, 413, 422].includes(error.status) };
}

/** A lost line, a broken server, or a server that has other bytes than we thought. */
function worthAnotherTry(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status >= 500 || (error.status === 409 && "received" in error.details);
}

window.addEventListener("beforeunload", (event) => {
  if (useUploads.getState().items.some((item) => item.state === "sending" || item.state === "waiting")) event.preventDefault();
});
