/** Exact pictures of single frames: WebCodecs first, then a paused <video>, then a JPEG from the server. */
import { seekPainted } from "./clock";
import type { StillPath } from "./capabilities";
import { type Ordinal, type Timebase } from "./timebase";
import { WebCodecsStills } from "./webcodecs";

export interface Picture {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

export interface StillSource {
  readonly path: StillPath;
  /** The picture of frame n. `around` also decodes its neighbours, for stepping. Rejects when this source cannot show it. */
  picture(n: Ordinal, around: boolean, signal: AbortSignal): Promise<Picture>;
  dispose(): void;
}

export class StillError extends Error {
  override name = "StillError";
}

/** A paused <video> put on the middle of the frame. It sits in `host`, unseen, because an element outside the page may not paint. */
export class VideoStills implements StillSource {
  readonly path = "video";
  private readonly video: HTMLVideoElement;

  constructor(
    url: string,
    private readonly timebase: Timebase,
    host: HTMLElement,
  ) {
    this.video = document.createElement("video");
    Object.assign(this.video, { muted: true, playsInline: true, preload: "auto", src: url, tabIndex: -1 });
    this.video.className = "stage-hidden";
    this.video.setAttribute("aria-hidden", "true");
    host.append(this.video);
  }

  async picture(n: Ordinal, _around: boolean, signal: AbortSignal): Promise<Picture> {
    if (this.video.readyState < 1) await metadata(this.video, signal);
    if (!(await seekPainted(this.video, this.timebase, n, signal))) throw new StillError(`<video> did not show frame ${n}.`);
    return { image: this.video, width: this.video.videoWidth, height: this.video.videoHeight };
  }

  dispose(): void {
    this.video.removeAttribute("src");
    this.video.load();
    this.video.remove();
  }
}

function metadata(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new StillError("The video could not be opened."));
    if (video.error !== null || signal.aborted) return fail();
    video.addEventListener("loadedmetadata", () => resolve(), { once: true, signal });
    video.addEventListener("error", fail, { once: true, signal });
    signal.addEventListener("abort", fail, { once: true });
  });
}

/** The server's own picture of the frame: slow, and right everywhere. */
export class ServerStills implements StillSource {
  readonly path = "server";

  constructor(private readonly urlOf: (n: Ordinal) => string) {}

  async picture(n: Ordinal): Promise<Picture> {
    const image = new Image();
    image.src = this.urlOf(n);
    await image.decode();
    return { image, width: image.naturalWidth, height: image.naturalHeight };
  }

  dispose(): void {}
}

/** A source that fails this often in a row is not asked again. */
const PATIENCE = 3;

/** Several sources as one: the first that shows the frame wins. */
export class StillChain {
  private readonly sources: StillSource[];
  private failures = 0;

  constructor(sources: readonly StillSource[]) {
    this.sources = [...sources];
  }

  get path(): StillPath {
    return this.sources[0]?.path ?? "server";
  }

  /** Rejects with StillError when no source can show the frame. An aborted request blames no source. */
  async picture(n: Ordinal, around: boolean, signal: AbortSignal): Promise<Picture> {
    let cause: unknown = null;
    const inTurn = this.sources.slice(); // blame may take the first out meanwhile
    for (const source of inTurn) {
      try {
        const picture = await source.picture(n, around, signal);
        if (source === this.sources[0]) this.failures = 0;
        return picture;
      } catch (error) {
        if (signal.aborted) throw error;
        cause = error;
        if (source === this.sources[0]) this.blame(source);
      }
    }
    throw new StillError(`Frame ${n} cannot be shown.`, { cause });
  }

  private blame(source: StillSource): void {
    this.failures += 1;
    if (this.failures < PATIENCE || this.sources.length === 1) return;
    source.dispose();
    this.sources.shift();
    this.failures = 0;
  }

  dispose(): void {
    for (const source of this.sources) source.dispose();
  }
}

export interface StillMedia {
  readonly timebase: Timebase;
  readonly stillUrl: (n: Ordinal) => string;
}

export function stillChain(paths: readonly StillPath[], url: string, media: StillMedia, host: HTMLElement): StillChain {
  return new StillChain(
    paths.map((path) => {
      if (path === "webcodecs") return new WebCodecsStills(url, media.timebase);
      if (path === "video") return new VideoStills(url, media.timebase, host);
      return new ServerStills(media.stillUrl);
    }),
  );
}
