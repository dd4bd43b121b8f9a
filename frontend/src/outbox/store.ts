/** Where the outbox keeps its entries: IndexedDB, and this tab's memory where a browser refuses to store or has no room. */
import type { Entry, Lease } from "./types";

const DATABASE = "rushes-outbox";
const ENTRIES = "entries";
const META = "meta";
/** A private window may leave `open` unanswered for ever. */
const OPEN_MS = 4_000;

/** All that is stored, as one transaction sees it. What is put or removed is written when the transaction ends. */
export class Book {
  readonly #entries: Map<string, Entry>;
  readonly changed = new Map<string, Entry | null>();
  leaseChanged = false;

  constructor(
    entries: readonly Entry[],
    private held: Lease | null,
  ) {
    this.#entries = new Map(entries.map((entry) => [entry.client_id, entry]));
  }

  /** Every entry, oldest first. */
  all(): Entry[] {
    return [...this.#entries.values()].toSorted((a, b) => a.serial - b.serial);
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  put(entry: Entry): void {
    this.#entries.set(entry.client_id, entry);
    this.changed.set(entry.client_id, entry);
  }

  remove(id: string): void {
    this.#entries.delete(id);
    this.changed.set(id, null);
  }

  get lease(): Lease | null {
    return this.held;
  }

  set lease(lease: Lease | null) {
    this.held = lease;
    this.leaseChanged = true;
  }
}

/** `work` sees the book and changes it, all or nothing, one at a time over all tabs. It may run again after a failure. */
export interface Store {
  readonly durable: boolean;
  /** `strict` waits until it lies on the disk and not in a queue in front of it. */
  write: <T>(work: (book: Book) => T, durability?: Durability) => Promise<T>;
}

type Durability = "strict" | "relaxed";

export class MemoryStore implements Store {
  readonly durable = false;
  #entries: readonly Entry[];
  #lease: Lease | null = null;

  constructor(entries: readonly Entry[] = []) {
    this.#entries = entries;
  }

  async write<T>(work: (book: Book) => T): Promise<T> {
    const book = new Book(this.#entries, this.#lease);
    const answer = work(book);
    this.#entries = book.all();
    this.#lease = book.lease;
    return answer;
  }
}

export class DiskStore implements Store {
  readonly durable = true;
  #database: Promise<IDBDatabase> | null = null;

  constructor(private readonly factory: IDBFactory) {}

  async write<T>(work: (book: Book) => T, durability: Durability = "relaxed"): Promise<T> {
    return this.#with((database) => transact(database, work, durability));
  }

  async read(): Promise<readonly Entry[]> {
    return this.#with(
      (database) =>
        new Promise<readonly Entry[]>((resolve, reject) => {
          const request = database.transaction(ENTRIES).objectStore(ENTRIES).getAll() as IDBRequest<Entry[]>;
          request.addEventListener("success", () => resolve(request.result));
          request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB cannot be read.")));
        }),
    );
  }

  async #with<T>(use: (database: IDBDatabase) => Promise<T>): Promise<T> {
    this.#database ??= open(this.factory);
    try {
      return await use(await this.#database);
    } catch (error) {
      this.#database = null; // a closed connection is opened again the next time
      throw error;
    }
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("IndexedDB does not open.")), OPEN_MS);
    const request = factory.open(DATABASE, 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(ENTRIES, { keyPath: "client_id" });
      request.result.createObjectStore(META);
    });
    request.addEventListener("success", () => {
      clearTimeout(timer);
      request.result.addEventListener("versionchange", () => request.result.close());
      resolve(request.result);
    });
    request.addEventListener("error", () => {
      clearTimeout(timer);
      reject(request.error ?? new Error("IndexedDB does not open."));
    });
  });
}

function transact<T>(database: IDBDatabase, work: (book: Book) => T, durability: Durability): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([ENTRIES, META], "readwrite", { durability });
    const entries = transaction.objectStore(ENTRIES);
    const meta = transaction.objectStore(META);
    const stored = entries.getAll() as IDBRequest<Entry[]>;
    const lease = meta.get("lease") as IDBRequest<Lease | undefined>;
    let answer: { readonly value: T } | null = null;
    let failure: unknown = null;
    // Requests of one transaction are answered in order: with the lease the entries are there too.
    lease.addEventListener("success", () => {
      try {
        const book = new Book(stored.result, lease.result ?? null);
        answer = { value: work(book) };
        for (const [id, entry] of book.changed) void (entry === null ? entries.delete(id) : entries.put(entry));
        if (book.leaseChanged) void (book.lease === null ? meta.delete("lease") : meta.put(book.lease, "lease"));
      } catch (error) {
        failure = error;
        transaction.abort();
      }
    });
    transaction.addEventListener("complete", () => (answer === null ? reject(new Error("Nothing was written.")) : resolve(answer.value)));
    transaction.addEventListener("abort", () => reject(failure ?? transaction.error ?? new Error("The browser stopped the writing.")));
  });
}

/** The disk as long as it takes what it is given; from its first refusal on, this tab's memory with all that was there. */
export class SafeStore implements Store {
  #store: Store;
  #seen: readonly Entry[] = [];

  constructor(
    private readonly disk: DiskStore | null,
    private readonly refused: (reason: unknown) => void = () => undefined,
  ) {
    this.#store = disk ?? new MemoryStore();
  }

  get durable(): boolean {
    return this.#store.durable;
  }

  async write<T>(work: (book: Book) => T, durability: Durability = "relaxed"): Promise<T> {
    if (this.#store !== this.disk) return this.#store.write(work);
    for (const attempt of [1, 2]) {
      try {
        const { answer, all } = await this.disk.write((book) => ({ answer: work(book), all: book.all() }), durability);
        this.#seen = all;
        return answer;
      } catch (error) {
        // The first time the browser may only have closed the connection.
        if (attempt === 2) await this.#fallBack(error);
      }
    }
    return this.#store.write(work);
  }

  /** What the disk still holds is sent again after a reload; the server knows it by its client id. */
  async #fallBack(reason: unknown): Promise<void> {
    const entries = await this.disk?.read().catch(() => this.#seen);
    if (this.#store !== this.disk) return;
    this.#store = new MemoryStore(entries ?? this.#seen);
    this.refused(reason);
  }
}
