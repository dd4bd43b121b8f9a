/** The nonce that the server put into the page: only style tags that carry it are applied. */
declare global {
  // oxlint-disable-next-line no-var, no-underscore-dangle -- the name is theirs, and only a `var` declares a property of the page
  var __webpack_nonce__: string | undefined;
}

export const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";

/** Mantine is told by its provider; what holds the page still behind a dialog (react-remove-scroll) looks for its nonce here. */
// oxlint-disable-next-line no-underscore-dangle -- the name is theirs
globalThis.__webpack_nonce__ = nonce;
