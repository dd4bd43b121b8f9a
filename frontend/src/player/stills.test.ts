import { expect, test } from "vitest";
import type { StillPath } from "./capabilities";
import { type Picture, StillChain, StillError, type StillSource } from "./stills";
import type { Ordinal } from "./timebase";

const five = 5 as Ordinal;
const picture: Picture = { image: document.createElement("canvas"), width: 1, height: 1 };

class Source implements StillSource {
  asked = 0;
  disposed = false;
  constructor(
    readonly path: StillPath,
    public works: boolean,
  ) {}

  async picture(): Promise<Picture> {
    this.asked += 1;
    if (!this.works) throw new Error(`${this.path} failed`);
    return picture;
  }

  dispose(): void {
    this.disposed = true;
  }
}

const quiet = (): AbortSignal => new AbortController().signal;

test("the best source shows the frame and the others are left alone", async () => {
  const [best, rest] = [new Source("webcodecs", true), new Source("server", true)];
  const chain = new StillChain([best, rest]);
  expect(await chain.picture(five, true, quiet())).toBe(picture);
  expect([best.asked, rest.asked, chain.path]).toEqual([1, 0, "webcodecs"]);
});

test("one failure costs that source one frame, not its place", async () => {
  const [best, rest] = [new Source("video", false), new Source("server", true)];
  const chain = new StillChain([best, rest]);
  await chain.picture(five, true, quiet());
  best.works = true;
  await chain.picture(five, true, quiet());
  expect([best.asked, rest.asked, chain.path]).toEqual([2, 1, "video"]);
});

test("a source that fails three times in a row is not asked again", async () => {
  const [best, rest] = [new Source("webcodecs", false), new Source("server", true)];
  const chain = new StillChain([best, rest]);
  for (let i = 0; i < 5; i += 1) expect(await chain.picture(five, true, quiet())).toBe(picture);
  expect([best.asked, best.disposed, chain.path]).toEqual([3, true, "server"]);
});

test("when nothing shows the frame, it is said which", async () => {
  const chain = new StillChain([new Source("server", false)]);
  await expect(chain.picture(five, true, quiet())).rejects.toThrow(StillError);
  await expect(chain.picture(five, true, quiet())).rejects.toThrow("Frame 5 cannot be shown.");
});

test("an aborted request blames no source", async () => {
  const best = new Source("webcodecs", false);
  const chain = new StillChain([best, new Source("server", true)]);
  const gone = AbortSignal.abort();
  for (let i = 0; i < 5; i += 1) await expect(chain.picture(five, true, gone)).rejects.toThrow("webcodecs failed");
  expect([best.disposed, chain.path]).toEqual([false, "webcodecs"]);
});
