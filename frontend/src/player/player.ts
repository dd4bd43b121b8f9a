/** The player: one <video> that plays, one canvas over it that shows every frame that stands still. It knows no framework. */
import { type StillPath, detect, stillPaths } from "./capabilities";
import { watchFrames } from "./clock";
import { Arrival, onward } from "./onward";
import { type Picture, type StillChain, StillError, stillChain } from "./stills";
import type { Ordinal, Timebase } from "./timebase";

export interface PlayerMedia {
  readonly timebase: Timebase;
  readonly fullUrl: string;
  readonly dragUrl: string;
  readonly stillUrl: (n: Ordinal) => string;
  /** Width over height, so that the stage has its shape before the first picture. */
  readonly aspect: number;
}

export interface Range {
  readonly start: Ordinal;
  readonly end: Ordinal;
}

export interface PlayerState {
  readonly ordinal: Ordinal;
  /** The frame whose pixels are on the canvas, null while the video plays or before the first picture. */
  readonly painted: Ordinal | null;
  readonly playing: boolean;
  /** Signed speed: 1, 2, 4 forwards, -1, -2, -4 backwards. */
  readonly rate: number;
  readonly loop: Range | null;
  /** Playing that begins inside stops at its last frame; null is the whole video. */
  readonly bounds: Range | null;
  readonly path: StillPath;
  readonly problem: string | null;
}

const FASTEST = 4;
/** A slow hand shows most pictures of a group, so those on the way are worth keeping. */
const NEAR = 5;

export class Player {
  readonly timebase: Timebase;
  readonly video: HTMLVideoElement;
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly full: StillChain;
  private readonly drag: StillChain;
  private readonly listeners = new Set<(state: PlayerState) => void>();
  private readonly paths: readonly StillPath[];
  private current: PlayerState;
  private stopWatching: (() => void) | null = null;
  private request = new AbortController();
  private wanted: { n: Ordinal; dragging: boolean } | null = null;
  private pumping = false;
  private resting = false;
  private reverseHandle = 0;
  private disposed = false;

  constructor(host: HTMLElement, media: PlayerMedia, start = 0, paths: readonly StillPath[] = stillPaths(detect())) {
    this.timebase = media.timebase;
    this.paths = paths;
    this.video = document.createElement("video");
    Object.assign(this.video, { muted: true, playsInline: true, preload: "auto", src: media.fullUrl, tabIndex: -1, disablePictureInPicture: true });
    this.canvas = document.createElement("canvas");
    this.canvas.className = "stage-still";
    this.canvas.width = 1280;
    this.canvas.height = Math.round(1280 / media.aspect);
    this.context = this.canvas.getContext("2d");
    host.append(this.video, this.canvas);
    this.full = stillChain(paths, media.fullUrl, media, host);
    this.drag = stillChain(paths, media.dragUrl, media, host);
    const first = this.timebase.clamp(start);
    this.current = { ordinal: first, painted: null, playing: false, rate: 1, loop: null, bounds: null, path: paths[0] ?? "server", problem: null };
    this.video.addEventListener("ended", () => this.ended());
    this.show(first, false);
  }

  get state(): PlayerState {
    return this.current;
  }

  subscribe(listener: (state: PlayerState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  play(rate = 1): void {
    if (this.disposed) return;
    this.stop();
    const from = this.startOfPlay();
    this.set({ playing: true, rate, ordinal: from, problem: null });
    if (this.paths[0] === "server") return this.runByStills(from, rate);
    this.video.playbackRate = rate;
    this.video.currentTime = this.timebase.seekSeconds(from);
    const arrival = new Arrival(from);
    this.stopWatching = watchFrames(this.video, this.timebase, (n) => this.frameShown(n, from, arrival));
    this.video.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") return; // paused again before it began
      this.pauseAt(this.current.ordinal);
      this.set({ problem: "The browser could not play this video. Single frames still work." });
    });
  }

  pause(): void {
    this.pauseAt(this.current.ordinal);
  }

  toggle(): void {
    if (this.current.playing) this.pause();
    else this.play();
  }

  /** J and L: each press in the same direction doubles the speed, up to 4 times. */
  shuttle(direction: 1 | -1): void {
    const same = this.current.playing && Math.sign(this.current.rate) === direction;
    const rate = same ? direction * Math.min(FASTEST, Math.abs(this.current.rate) * 2) : direction;
    if (direction === 1) return this.play(rate);
    this.stop();
    this.set({ playing: true, rate });
    this.runByStills(this.current.ordinal, rate);
  }

  step(frames: number): void {
    this.seek(this.current.ordinal + frames);
  }

  stepSeconds(seconds: number): void {
    this.seek(this.timebase.offsetBySeconds(this.current.ordinal, seconds));
  }

  /** Shows frame n: at once from the small proxy while dragging, from the large one when the hand rests. */
  seek(n: number, dragging = false): void {
    const ordinal = this.timebase.clamp(n);
    this.stop();
    this.set({ ordinal, playing: false, rate: 1 });
    this.show(ordinal, dragging);
  }

  setLoop(loop: Range | null): void {
    this.set({ loop });
  }

  setBounds(bounds: Range | null): void {
    this.set({ bounds });
  }

  /** Decodes the pictures around frame n, so that it is there when it is wanted. Shows nothing. */
  async warm(n: number): Promise<void> {
    if (this.full.path !== "webcodecs") return; // a <video> has one picture, and that one is on the stage
    try {
      await this.full.picture(this.timebase.clamp(n), true, new AbortController().signal);
    } catch (error) {
      if (!(error instanceof StillError)) throw error; // it is decoded again, and its problem told, when it is wanted
    }
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
    this.request.abort();
    this.full.dispose();
    this.drag.dispose();
    this.video.removeAttribute("src");
    this.video.load();
    this.video.remove();
    this.canvas.remove();
    this.listeners.clear();
  }

  private frameShown(n: Ordinal, from: Ordinal, arrival: Arrival): void {
    const begins = !arrival.over;
    if (!arrival.has(n)) return;
    if (begins) {
      // The still stayed on top until the right picture came.
      this.request.abort();
      this.wanted = null;
      this.canvas.hidden = true;
      this.set({ painted: null });
    }
    const { loop, bounds } = this.current;
    const then = onward(n, from, loop, bounds);
    if (then === "stop") return this.pauseAt(((bounds?.end ?? n + 1) - 1) as Ordinal);
    this.set({ ordinal: n });
    if (then === "again" && loop !== null && !this.video.seeking) this.video.currentTime = this.timebase.seekSeconds(loop.start);
  }

  /** Where a loop or a clip begins again when the playhead stands at its end, or outside the loop; else where it stands. */
  private startOfPlay(): Ordinal {
    const { ordinal, loop, bounds } = this.current;
    if (loop !== null) return ordinal < loop.start || ordinal >= loop.end - 1 ? loop.start : ordinal;
    if (bounds !== null && ordinal === bounds.end - 1) return bounds.start;
    return ordinal === this.timebase.last ? (0 as Ordinal) : ordinal;
  }

  /** A loop that reaches the end of the file begins again by hand: no frame after its end is ever reported. */
  private ended(): void {
    const { loop, rate } = this.current;
    if (loop !== null && loop.end > this.timebase.last) return this.play(rate);
    this.pauseAt(loop === null ? this.timebase.last : this.current.ordinal);
  }

  private pauseAt(n: Ordinal): void {
    this.stop();
    this.set({ playing: false, rate: 1, ordinal: n });
    this.show(n, false);
  }

  private stop(): void {
    this.stopWatching?.();
    this.stopWatching = null;
    cancelAnimationFrame(this.reverseHandle);
    this.video.pause();
  }

  /** Backwards, and where no <video> plays: stills picked by the clock, as many as the machine can show. */
  private runByStills(from: Ordinal, rate: number): void {
    const began = performance.now();
    const pts = this.timebase.ptsAt(from);
    const { num, den } = this.timebase.tick;
    const tick = (now: number): void => {
      const n = this.timebase.ordinalAt(pts + ((now - began) / 1000) * rate * (den / num));
      this.set({ ordinal: n });
      const range = rate > 0 ? (this.current.loop ?? this.current.bounds) : null;
      if (range !== null && from < range.end && n >= range.end - 1) {
        this.set({ ordinal: (range.end - 1) as Ordinal });
        return this.current.loop === null ? this.pause() : this.play(rate);
      }
      if (n === (rate < 0 ? 0 : this.timebase.last)) return this.pauseAt(n);
      this.show(n, true);
      this.reverseHandle = requestAnimationFrame(tick);
    };
    this.reverseHandle = requestAnimationFrame(tick);
  }

  private show(n: Ordinal, dragging: boolean): void {
    if (dragging && this.resting) this.request.abort();
    this.wanted = { n, dragging };
    if (!this.pumping) void this.pump();
  }

  /** Latest wins: while one frame decodes only the newest request waits, and every frame that was decoded is painted. */
  private async pump(): Promise<void> {
    this.pumping = true;
    while (this.wanted !== null && !this.disposed) {
      const { n, dragging } = this.wanted;
      this.wanted = null;
      if (this.request.signal.aborted) this.request = new AbortController();
      const { signal } = this.request;
      this.resting = !dragging;
      const chain = dragging ? this.drag : this.full;
      try {
        const near = Math.abs(n - (this.current.painted ?? n)) <= NEAR;
        const picture = await chain.picture(n, !dragging || near, signal);
        if (!signal.aborted && !this.disposed) this.paint(n, picture);
        if (chain.path !== this.current.path) this.set({ path: chain.path });
      } catch (error) {
        if (!signal.aborted) this.set({ problem: error instanceof Error ? error.message : String(error) });
      }
    }
    this.pumping = this.resting = false;
  }

  private paint(n: Ordinal, picture: Picture): void {
    if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
    }
    this.context?.drawImage(picture.image, 0, 0, picture.width, picture.height);
    this.canvas.hidden = false;
    this.canvas.dataset["frame"] = String(n);
    this.set({ painted: n, problem: null });
  }

  private set(change: Partial<PlayerState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener(this.current);
  }
}
