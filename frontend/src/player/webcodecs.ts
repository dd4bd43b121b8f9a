/** Frames of an MP4 proxy by ordinal: mediabunny finds the packets, WebCodecs decodes them, whole groups of pictures stay cached. */
import type { EncodedPacket, EncodedPacketSink, Input } from "mediabunny";
import { type Ordinal, type Timebase } from "./timebase";
import type { Picture, StillSource } from "./stills";

const CACHE_BYTES = 96 * 2 ** 20;

interface Opened {
  readonly input: Input;
  readonly sink: EncodedPacketSink;
  readonly decoder: VideoDecoder;
}

export class WebCodecsStills implements StillSource {
  readonly path = "webcodecs";
  private opened: Promise<Opened> | null = null;
  private readonly cache = new Map<Ordinal, ImageBitmap>();
  private queue: Promise<unknown> = Promise.resolve();
  private pending: Promise<void>[] = [];
  /** While a hand drags far only this frame is kept: copying its whole group would cost more than decoding it. */
  private only: Ordinal | null = null;
  private failure: unknown = null;
  private disposed = false;

  constructor(
    private readonly url: string,
    private readonly timebase: Timebase,
  ) {}

  async picture(n: Ordinal, around: boolean, signal: AbortSignal): Promise<Picture> {
    const hit = this.cached(n);
    if (hit !== undefined) return hit;
    // One group of pictures at a time: a decoder keeps its order. Whoever was overtaken while waiting does no work.
    const turn = this.queue.then(async () => {
      signal.throwIfAborted();
      if (!this.cache.has(n)) await this.decodeAround(n, around);
    });
    this.queue = turn.catch(() => undefined);
    await turn;
    const picture = this.cached(n);
    if (picture === undefined) throw new Error(`The decoder gave no frame ${n}.`);
    return picture;
  }

  private cached(n: Ordinal): Picture | undefined {
    const image = this.cache.get(n);
    if (image === undefined) return undefined;
    this.cache.delete(n);
    this.cache.set(n, image);
    return { image, width: image.width, height: image.height };
  }

  private open(): Promise<Opened> {
    this.opened ??= this.openNow();
    return this.opened;
  }

  private async openNow(): Promise<Opened> {
    const { EncodedPacketSink, Input, MP4, UrlSource } = await import("mediabunny");
    const input = new Input({ source: new UrlSource(this.url), formats: [MP4] });
    const track = await input.getPrimaryVideoTrack();
    const config = await track?.getDecoderConfig();
    if (track === null || config === null || config === undefined) throw new Error("The proxy holds no video track.");
    const settings: VideoDecoderConfig = { ...config, optimizeForLatency: true };
    if (!(await VideoDecoder.isConfigSupported(settings)).supported) throw new Error(`This browser does not decode ${config.codec}.`);
    const decoder = new VideoDecoder({
      output: (frame) => this.keep(frame),
      error: (error) => {
        this.failure = error;
      },
    });
    decoder.configure(settings);
    if (this.disposed) decoder.close();
    return { input, sink: new EncodedPacketSink(track), decoder };
  }

  /** Decodes from the key frame at or before n: up to n while dragging, the whole group when the picture rests. */
  private async decodeAround(n: Ordinal, whole: boolean): Promise<void> {
    const { sink, decoder } = await this.open();
    const key = await sink.getKeyPacket(this.timebase.seekSeconds(n));
    if (key === null) throw new Error(`No key frame before frame ${n}.`);
    const until = this.timebase.seekSeconds(n);
    this.only = whole ? null : n;
    let packet: EncodedPacket | null = key;
    const inside = (next: EncodedPacket): boolean => next === key || (next.type !== "key" && (whole || next.timestamp <= until));
    while (packet !== null && inside(packet)) {
      decoder.decode(packet.toEncodedVideoChunk());
      packet = await sink.getNextPacket(packet);
    }
    await decoder.flush();
    await Promise.all(this.pending);
    this.pending = [];
    if (this.failure !== null) throw this.failure;
    this.trim();
  }

  private keep(frame: VideoFrame): void {
    const n = this.timebase.ordinalAtSeconds(frame.timestamp / 1e6);
    if (this.only !== null && this.only !== n) return frame.close();
    // A held VideoFrame would starve a hardware decoder's small pool; a bitmap does not.
    const copied = createImageBitmap(frame).then((image) => {
      this.cache.get(n)?.close();
      this.cache.delete(n);
      if (this.disposed) image.close();
      else this.cache.set(n, image);
    });
    this.pending.push(copied.finally(() => frame.close()));
  }

  private trim(): void {
    const first = this.cache.values().next().value;
    if (first === undefined) return;
    const room = Math.max(32, Math.floor(CACHE_BYTES / (first.width * first.height * 4)));
    for (const [n, image] of this.cache) {
      if (this.cache.size <= room) break;
      image.close();
      this.cache.delete(n);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const image of this.cache.values()) image.close();
    this.cache.clear();
    void this.opened?.then(
      ({ input, decoder }) => {
        if (decoder.state !== "closed") decoder.close();
        input.dispose();
      },
      () => undefined, // it never opened, so there is nothing to close
    );
  }
}
