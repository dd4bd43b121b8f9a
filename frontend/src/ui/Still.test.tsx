import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Still } from "./Still";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => vi.unstubAllGlobals());

function shown() {
  const host = document.createElement("div");
  const root = createRoot(host);
  return (src: string): Element | null => {
    act(() => root.render(<Still src={src} alt="" />));
    return host.firstElementChild;
  };
}

test("a picture of another address is another element, so that nothing of the old one stands", () => {
  const show = shown();
  const old = show("/stills/1");
  const now = show("/stills/2");
  expect(now).not.toBe(old);
  expect(now?.getAttribute("src")).toBe("/stills/2");
});

test("a picture of the same address stays", () => {
  const show = shown();
  expect(show("/stills/1")).toBe(show("/stills/1"));
});
