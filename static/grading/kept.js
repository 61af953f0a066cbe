// What the browser keeps: what was entered and not yet acknowledged, and the last answers about a read.

// Stands in for a storage that the browser does not give, for as long as the page lives.
export function inMemory() {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    key: (i) => [...items.keys()][i] ?? null,
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => void items.set(name, text),
    removeItem: (name) => void items.delete(name),
  };
}

function usable(name) {
  try {
    const storage = window[name];
    storage.getItem(""); // a full one has what it took before
    return storage;
  } catch {
    return inMemory();
  }
}

// Chromium writes localStorage to the disk seconds later, and a crash of the whole browser takes what it had not
// written. IndexedDB writes at once, and answers later. So each entry lies in both; sending one twice changes nothing.
export class DiskCopies {
  #database = null;

  put = (name, text) => this.#ask((copies) => copies.put(text, name));
  delete = (name) => this.#ask((copies) => copies.delete(name));
  between = (first, last) => this.#ask((copies) => copies.getAll(IDBKeyRange.bound(first, last)));

  #open() {
    this.#database ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("thighsite", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("outbox");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.#database;
  }

  async #ask(ask) {
    const transaction = (await this.#open()).transaction("outbox", "readwrite", { durability: "strict" });
    const request = ask(transaction.objectStore("outbox"));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

export const keptByBrowser = () => ({ storage: usable("localStorage"), copies: new DiskCopies() });

// What the server has answered about this tab's last read: a page that was asked for while a save was on its way is
// older than the answer. One item, so that it never grows; gone with the read's page (leaving.js).
const LAST_ANSWERS = "thighsite.last-answers";

export const forgetAnswers = (storage = usable("sessionStorage")) => storage.removeItem(LAST_ANSWERS);

export class LastAnswers {
  #url;
  #storage;

  constructor(url, storage = usable("sessionStorage")) {
    this.#url = url;
    this.#storage = storage;
    if (!Object.keys(this.all()).length) forgetAnswers(storage); // another read's, of whomever
  }

  // {slot: stored}
  all() {
    const { url, slots } = JSON.parse(this.#storage.getItem(LAST_ANSWERS)) ?? {};
    return url === this.#url ? slots : {};
  }

  note(slot, stored) {
    const slots = { ...this.all(), [slot]: stored };
    try {
      this.#storage.setItem(LAST_ANSWERS, JSON.stringify({ url: this.#url, slots }));
    } catch {
      // it is full; what is missing here is asked about again, at worst
    }
  }
}

// What stands on a case's page and cannot be saved as it is, over a reload of the tab; gone with the page (leaving.js).
const UNSAVED = "thighsite.unsaved";

export class Unsaved {
  #url;
  #storage;

  constructor(url, storage = usable("sessionStorage")) {
    this.#url = url;
    this.#storage = storage;
  }

  // {part: values}
  get all() {
    const { url, parts } = JSON.parse(this.#storage.getItem(UNSAVED)) ?? {};
    return url === this.#url ? parts : {};
  }

  // undefined for what can be saved.
  note(part, values) {
    try {
      this.#storage.setItem(UNSAVED, JSON.stringify({ url: this.#url, parts: { ...this.all, [part]: values } }));
    } catch {
      // it is full; the page still shows it, and says that it is not saved
    }
  }
}

// What was entered and not yet acknowledged, kept in the browser: an item of the storage per entry, so that two tabs
// never overwrite each other's.
export class Store {
  #prefix;
  #storage;
  #copies;
  #clock;
  #untaken = inMemory(); // what a full storage does not take

  constructor(user, { storage, copies, clock }) {
    this.#prefix = `thighsite.outbox.${user}.`;
    this.#storage = storage;
    this.#copies = copies;
    this.#clock = clock;
  }

  // Whether some of it lies in no storage: on the disk, if that takes it, and in this page.
  get isFull() {
    return this.#untaken.length > 0;
  }

  // Names sort in the order of entering.
  #named(ms) {
    return `${this.#prefix}${String(ms).padStart(15, "0")}`;
  }

  // Not only by the prefix: "ann" is not "ann.lee".
  #isOwn(name) {
    return name?.startsWith(this.#prefix) && /^\d{15}\.(\d{6}\.)?[\w-]+$/.test(name.slice(this.#prefix.length));
  }

  #names() {
    const all = [this.#storage, this.#untaken].flatMap((storage) =>
      Array.from({ length: storage.length }, (_, i) => storage.key(i)),
    );
    return all.filter((name) => this.#isOwn(name)).sort();
  }

  // After all that wait, also once the clock has been set back.
  #nextMs() {
    const last = this.#names().at(-1)?.slice(this.#prefix.length).split(".")[0];
    return Math.max(this.#clock.now(), Number(last ?? 0) + 1);
  }

  #keep(name, text) {
    try {
      this.#storage.setItem(name, text);
    } catch {
      this.#untaken.setItem(name, text);
    }
  }

  add(entry) {
    const name = `${this.#named(this.#nextMs())}.${entry.key}`;
    const text = JSON.stringify({ ...entry, name, at: this.#clock.now() });
    this.#keep(name, text);
    this.#copies.put(name, text).catch(() => {});
  }

  // Brings back what a crash took from the storage. Resolves to whether there was any. What another tab enters from now
  // on is none of it: brought back here, it would be overwritten by somebody who never saw it.
  async recover() {
    const [first, last] = [this.#named(0), this.#named(this.#clock.now())];
    const texts = await this.#copies.between(first, last).catch(() => []);
    const kept = new Set(this.#names());
    const lost = texts
      .map((text) => [JSON.parse(text).name, text])
      .filter(([name]) => this.#isOwn(name) && !kept.has(name));
    for (const [name, text] of lost) this.#keep(name, text);
    return lost.length > 0;
  }

  // Oldest first.
  entries() {
    return this.#names()
      .map((name) => this.#storage.getItem(name) ?? this.#untaken.getItem(name))
      .filter(Boolean)
      .map((text) => JSON.parse(text));
  }

  remove({ name }) {
    this.#storage.removeItem(name);
    this.#untaken.removeItem(name);
    this.#copies.delete(name).catch(() => {});
  }
}
