import { beforeEach, expect, test } from "vitest";
import { handOver } from "./focus";

const LIST = `<main id="room" tabindex="-1"><ul><li id="a"><a href="#">a</a><button>x</button></li><li id="b"><button>x</button></li></ul></main>`;

beforeEach(() => {
  document.body.innerHTML = LIST;
});

function leaving(id: string): string | undefined {
  document.querySelector<HTMLElement>(`#${id} button`)?.focus();
  handOver();
  document.getElementById(id)?.remove();
  return document.activeElement?.closest("li, main")?.id;
}

test("the item after the one that goes takes the focus", () => {
  expect(leaving("a")).toBe("b");
});

test("of the last item the one before does", () => {
  expect(leaving("b")).toBe("a");
  expect(document.activeElement?.tagName).toBe("BUTTON");
});

test("of the only item the room does", () => {
  document.getElementById("a")?.remove();
  expect(leaving("b")).toBe("room");
});

test("focus elsewhere stays where it is", () => {
  document.querySelector<HTMLElement>("#room")?.focus();
  handOver();
  expect(document.activeElement?.id).toBe("room");
});
