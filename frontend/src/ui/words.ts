/** Numbers and times as a person reads them: thousands with commas, a unit after a space, a true minus. */
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function whole(n: number): string {
  return WHOLE.format(n);
}

/** `1 video`, `214 videos`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

export function percent(part: number, all: number): string {
  return all === 0 ? "–" : `${((part / all) * 100).toFixed(1)} %`;
}

/** `6.66 million`, and plain below a million. */
export function roughly(n: number): string {
  return n >= 1e6 ? `${(n / 1e6).toPrecision(3)} million` : whole(n);
}

const pad = (n: number): string => String(n).padStart(2, "0");

/** Length of a video: `0:30:00`, and `12.4 s` below a minute. */
export function length(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  return `${Math.floor(all / 3600)}:${pad(Math.floor(all / 60) % 60)}:${pad(all % 60)}`;
}

/** Much footage: `61 h 40 min`, `4 min`, `35 s`. */
export function footage(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${whole(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** Position in a video to the millisecond: `0:02:04.433`. */
export function timecode(seconds: number): string {
  const ms = Math.floor(seconds * 1000 + 1e-6);
  return `${Math.floor(ms / 3_600_000)}:${pad(Math.floor(ms / 60_000) % 60)}:${pad(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

/** `14 Oct, 17:00`, with the year when it is another one. */
export function moment(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...(date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }) });
  return `${day}, ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} ${["B", "kB", "MB", "GB", "TB"][power] ?? "TB"}`;
}

/** What is left, as a range: `under 10 s`, `2–3 min`. */
export function remaining(seconds: number): string {
  if (seconds < 10) return "under 10 s";
  if (seconds < 75) return `${Math.floor(seconds / 10) * 10}–${Math.floor(seconds / 10) * 10 + 10} s`;
  const least = Math.max(1, Math.floor(seconds / 60));
  const most = Math.ceil((seconds * 1.25) / 60);
  return `${least}–${Math.max(least + 1, most)} min`;
}

/** An estimate from its least to its most, in seconds: `20–40 s`, `5–7 min`, `1–2 h`. */
export function estimate([least, most]: readonly [number, number]): string {
  if (most < 60) return between(Math.floor(least / 10) * 10, Math.max(10, Math.ceil(most / 10) * 10), "s");
  if (most < 5400) return between(Math.floor(least / 60), Math.ceil(most / 60), "min");
  return between(Math.floor(least / 3600), Math.ceil(most / 3600), "h");
}

function between(low: number, high: number, unit: string): string {
  return low === 0 ? `up to ${high} ${unit}` : low >= high ? `about ${high} ${unit}` : `${low}–${high} ${unit}`;
}

/** A share of 0 to 1: `87.4 %`; `–` where nothing was measured. */
export function share(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : `${(value * 100).toFixed(1)} %`;
}

/** A score of 0 to 1: `0.851`. */
export function score(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

/** A difference with its sign: `+1.8`, `−0.05`, `0.0`. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

const REASONS: Readonly<Record<string, string>> = {
  defocus: "Defocus",
  motion_blur: "Motion blur",
  too_dark: "Too dark",
  overexposed: "Overexposed",
  glare: "Glare",
  covered: "Covered",
  freeze: "Freeze",
  flicker: "Flicker",
  noise: "Noise",
};

export function reasonName(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}

/** A metric's value with as many digits as it deserves, and one more when it would look like the limit that it passed. */
export function metric(value: number, limit?: number): string {
  const text = rounded(value, 0);
  return limit !== undefined && value !== limit && text === rounded(limit, 0) ? rounded(value, 1) : text;
}

function rounded(value: number, more: number): string {
  if (Number.isInteger(value)) return WHOLE.format(value).replace("-", "−");
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits + more).replace("-", "−");
}
