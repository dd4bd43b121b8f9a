import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import { append } from "./rules";
import { DiskStore, MemoryStore, SafeStore, type Store } from "./store";
import { Browser, edit, rest, Server } from "./testbench";

function put(store: Store, id: string): Promise<unknown> {
  return store.write((book) => append(book, edit("a", id), { client_id: id, user: "ann", at: 0, known: new Set() }));
}

function ids(store: Store): Promise<string[]> {
  return store.write((book) => book.all().map((entry) => entry.client_id));
}

/** A disk that takes `writes` writes and has no room for more. */
class SmallDisk extends DiskStore {
  constructor(
    factory: IDBFactory,
    private writes: number,
  ) {
    super(factory);
  }

  override async write<T>(work: Parameters<DiskStore["write"]>[0]): Promise<T> {
    this.writes -= 1;
    if (this.writes < 0) throw new DOMException("There is no room.", "QuotaExceededError");
    return super.write(work) as Promise<T>;
  }
}

test("what is written is there for the next who opens it, in order", async () => {
  const factory = new IDBFactory();
  for (const id of ["z", "y", "x"]) await put(new DiskStore(factory), id);
  expect(await ids(new DiskStore(factory))).toEqual(["z", "y", "x"]);
});

test("writers at the same time do not cover each other", async () => {
  const factory = new IDBFactory();
  const stores = Array.from({ length: 8 }, () => new DiskStore(factory));
  await Promise.all(stores.map((store, i) => put(store, `id-${i}`)));
  const serials = await new DiskStore(factory).write((book) => book.all().map((entry) => entry.serial));
  expect(serials).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a change that fails half way changes nothing", async () => {
  const store = new DiskStore(new IDBFactory());
  await put(store, "one");
  const failing = store.write((book) => {
    book.remove("one");
    throw new Error("half way");
  });
  await expect(failing).rejects.toThrow("half way");
  expect(await ids(store)).toEqual(["one"]);
});

test("from the disk's first refusal on, memory goes on with all that was there, and says so", async () => {
  const reasons: unknown[] = [];
  const store = new SafeStore(new SmallDisk(new IDBFactory(), 1), (reason) => reasons.push(reason));
  await put(store, "on disk");
  expect(store.durable).toBe(true);
  await put(store, "in memory");
  expect(store.durable).toBe(false);
  expect(await ids(store)).toEqual(["on disk", "in memory"]);
  expect(reasons).toMatchObject([{ name: "QuotaExceededError" }]);
});

test("a disk that was full before this page came still gives what it holds", async () => {
  const factory = new IDBFactory();
  await put(new DiskStore(factory), "older");
  const store = new SafeStore(new SmallDisk(factory, 0));
  expect(await ids(store)).toEqual(["older"]);
});

test("without a disk labels go straight to the server, and the page is told to stay open", async () => {
  const server = new Server();
  const browser = new Browser(server);
  const tab = browser.tab({ store: new SafeStore(null) });
  server.reachable = false;
  await tab.submit(edit("a", "one"));
  expect(tab.status()).toMatchObject({ durable: false, waiting: 1 });
  server.reachable = true;
  await browser.clock.turn(60_000);
  expect(server.said("a")).toEqual(["one"]);
});

test("memory keeps its entries and its lease between writes", async () => {
  const store = new MemoryStore();
  await put(store, "one");
  await store.write((book) => {
    book.lease = { owner: "me", until: 5 };
  });
  expect(await store.write((book) => [book.lease?.owner, book.all().length])).toEqual(["me", 1]);
  await rest(1);
});
