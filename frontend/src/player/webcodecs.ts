/** Frames of an MP4 proxy by ordinal: mediabunny finds the packets, one WebCodecs decoder runs forward through them, what it gave is kept. */
import type { EncodedPacket, EncodedPacketSink, Input } from "mediabunny";
import { type Ordinal, type Timebase } from "./timebase";
import type { Picture, StillSource } from "./stills";

const CACHE_BYTES = 96 * 2 ** 20;
/** A picture that is this late is held back by the decoder and has to be flushed out of it. */
const LATE_MS = 100;
/** A decoder that was late this often in a row is not waited for again. */
const PATIENCE = 3;

interface Opened {
  readonly input: Input;
  readonly sink: EncodedPacketSink;
  readonly decoder: VideoDecoder;
}

/** How far the decoder has come: the next packet of the same group needs no key frame before it. */
interface Position {
  readonly key: EncodedPacket;
  readonly last: EncodedPacket;
}

interface Awaited {
  readonly n: Ordinal;
  readonly shown: () => void;
  readonly failed: (error: unknown) => void;
}

export class WebCodecsStills implements StillSource {
  readonly path = "webcodecs";
  private opened: Promise<Opened> | null = null;
  private readonly cache = new Map<Ordinal, ImageBitmap>();
  private queue: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private position: Position | null = null;
  private awaited: Awaited | null = null;
  /** Whether the pictures on the way to the awaited one are kept too: copying them all costs more than decoding them. */
  private keeping = false;
  private late = 0;
  private copied: Promise<void> = Promise.resolve();
  private failure: unknown = null;
  private disposed = false;

  constructor(
    private readonly url: string,
    private readonly timebase: Timebase,
  ) {}

  async picture(n: Ordinal, around: boolean, signal: AbortSignal): Promise<Picture> {
    const hit = this.cached(n);
    if (hit !== undefined) return hit;
    // One picture at a time: a decoder keeps its order. Whoever was overtaken while waiting does no work.
    this.waiting += 1;
    const turn = this.queue.then(async () => {
      this.waiting -= 1;
      signal.throwIfAborted();
      if (!this.cache.has(n)) await this.decode(n, around);
    });
    this.queue = turn.then(
      () => (around ? this.fill(n) : undefined),
      () => undefined,
    );
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
      output: (frame) => this.given(frame),
      error: (error) => {
        this.failure = error;
        this.awaited?.failed(error);
      },
    });
    decoder.configure(settings);
    if (this.disposed) decoder.close();
    return { input, sink: new EncodedPacketSink(track), decoder };
  }

  /** Decodes up to n: onwards from where the decoder stands if that is in the same group, else from the group's key frame. */
  private async decode(n: Ordinal, keeping: boolean): Promise<void> {
    const { sink, decoder } = await this.open();
    if (this.failure !== null) throw this.failure;
    const until = this.timebase.seekSeconds(n);
    const key = await sink.getKeyPacket(until);
    if (key === null) throw new Error(`No key frame before frame ${n}.`);
    const { position } = this;
    const onwards = position !== null && position.key.timestamp === key.timestamp && this.ordinalOf(position.last) < n;
    let packet = onwards ? await sink.getNextPacket(position.last) : key;
    let last = onwards ? position.last : key;
    this.position = null; // until all of it is fed
    this.keeping = keeping;
    const come = new Promise<void>((shown, failed) => {
      this.awaited = { n, shown, failed };
    });
    come.catch(() => undefined); // told below, once everything is fed
    try {
      while (packet !== null && packet.timestamp <= until && (packet === key || packet.type !== "key")) {
        decoder.decode(packet.toEncodedVideoChunk());
        last = packet;
        packet = await sink.getNextPacket(packet);
      }
      this.position = { key, last };
      await this.inTime(come, decoder);
    } finally {
      this.awaited = null;
    }
    this.trim();
  }

  /** Decodes on to the end of the group, frame by frame, until somebody wants another picture. */
  private async fill(from: Ordinal): Promise<void> {
    const { sink } = await this.open();
    const group = await sink.getKeyPacket(this.timebase.seekSeconds(from));
    for (let n = from + 1; n <= this.timebase.last && this.waiting === 0 && !this.disposed; n += 1) {
      const next = n as Ordinal;
      const key = await sink.getKeyPacket(this.timebase.seekSeconds(next));
      if (key === null || key.timestamp !== group?.timestamp) return;
      if (this.cache.has(next)) continue;
      // What fails here is told to whoever wants that picture.
      if (this.failure !== null || !(await this.decode(next, true).then(() => true, () => false))) return;
    }
  }

  private ordinalOf(packet: { readonly timestamp: number }): Ordinal {
    return this.timebase.ordinalAtSeconds(packet.timestamp);
  }

  /** Waits for the picture. One that does not come by itself is flushed out, after which the decoder begins at a key frame again. */
  private async inTime(come: Promise<void>, decoder: VideoDecoder): Promise<void> {
    let flushed = false;
    const flush = (): void => {
      flushed = true;
      this.position = null;
      const gone = (error?: unknown): void => this.awaited?.failed(error ?? new Error("The decoder did not give the frame."));
      decoder.flush().then(() => this.copied).then(() => gone(), gone);
    };
    const timer = setTimeout(flush, this.late < PATIENCE ? LATE_MS : 0);
    try {
      await come;
    } finally {
      clearTimeout(timer);
      this.late = flushed ? this.late + 1 : 0;
    }
  }

  private given(frame: VideoFrame): void {
    const n = this.ordinalOf({ timestamp: frame.timestamp / 1e6 });
    const { awaited } = this;
    if (!this.keeping && awaited?.n !== n) return frame.close();
    // A held VideoFrame would starve a hardware decoder's small pool; a bitmap does not.
    this.copied = createImageBitmap(frame)
      .then((image) => {
        this.cache.get(n)?.close();
        this.cache.delete(n);
        if (this.disposed) image.close();
        else this.cache.set(n, image);
        if (awaited?.n === n) awaited.shown();
      })
      .catch((error: unknown) => awaited?.failed(error))
      .finally(() => frame.close());
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
