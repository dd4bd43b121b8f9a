/** What this browser can do here. Over plain HTTP in a LAN WebCodecs, crypto.randomUUID and Web Locks are missing; the player still works. */
export type StillPath = "webcodecs" | "video" | "server";

export interface Capabilities {
  readonly webcodecs: boolean;
  readonly h264: boolean;
}

export function detect(scope: { VideoDecoder?: unknown; EncodedVideoChunk?: unknown; document?: Document } = globalThis): Capabilities {
  const probe = scope.document?.createElement("video");
  return {
    webcodecs: typeof scope.VideoDecoder === "function" && typeof scope.EncodedVideoChunk === "function",
    h264: probe !== undefined && probe.canPlayType('video/mp4; codecs="avc1.64001f"') !== "",
  };
}

/** The ways to show an exact still, best first. The last one always works. */
export function stillPaths(can: Capabilities): StillPath[] {
  const paths: StillPath[] = [];
  if (can.webcodecs) paths.push("webcodecs");
  if (can.h264) paths.push("video");
  paths.push("server");
  return paths;
}

/** A random UUID that does not need a secure context. */
export function randomId(source: Pick<Crypto, "getRandomValues"> = crypto): string {
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
