/** The one way to the server: same origin, session cookie, CSRF token, and errors as sentences. */

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly sentence?: string; readonly details?: Record<string, unknown> };
}

export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    /** HTTP status, 0 when the server did not answer. */
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(sentence);
  }
}

export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.sentence : "Something in this page went wrong. Reload it; nothing on the server was changed.";
}

export function csrfToken(cookies: string = document.cookie): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1] ?? "";
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Fetches and parses JSON; `url` begins with `/api/`. Rejects with ApiError and nothing else. */
export async function http<T>(url: string, options: RequestInit = {}): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set("Accept", "application/json");
  if (!SAFE.has(options.method ?? "GET")) headers.set("X-CSRFToken", csrfToken());
  let response: Response;
  try {
    response = await fetch(url, { ...options, headers, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "offline", "The server does not answer. Check the connection; what was saved is safe.");
  }
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204 || response.headers.get("Content-Length") === "0") return undefined as T;
  return (await response.json()) as T;
}

async function errorOf(response: Response): Promise<ApiError> {
  let body: ErrorBody = {};
  try {
    body = (await response.json()) as ErrorBody;
  } catch {
    // a proxy's HTML page: the status says all there is to say
  }
  const fallback =
    response.status >= 500
      ? "The server met an error it did not expect. It is in the server's log; try again."
      : `The server refused this (status ${response.status}).`;
  return new ApiError(response.status, body.error?.code ?? "unknown", body.error?.sentence ?? fallback, body.error?.details ?? {});
}
