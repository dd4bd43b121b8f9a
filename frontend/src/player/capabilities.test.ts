import { expect, test } from "vitest";
import { detect, randomId, stillPaths } from "./capabilities";

function page(h264: boolean): Document {
  return { createElement: () => ({ canPlayType: () => (h264 ? "probably" : "") }) } as unknown as Document;
}

test("a secure page with a codec uses WebCodecs, then <video>, then the server", () => {
  const can = detect({ VideoDecoder: Date, EncodedVideoChunk: Date, document: page(true) });
  expect(stillPaths(can)).toEqual(["webcodecs", "video", "server"]);
});

test("over plain HTTP in a LAN, stills come from <video>", () => {
  expect(stillPaths(detect({ document: page(true) }))).toEqual(["video", "server"]);
});

test("without H.264 the server's pictures remain", () => {
  expect(stillPaths(detect({ document: page(false) }))).toEqual(["server"]);
});

test("an id needs getRandomValues only, and is a version 4 UUID", () => {
  const only = { getRandomValues: crypto.getRandomValues.bind(crypto) };
  expect(randomId(only)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(randomId(only)).not.toBe(randomId(only));
});
