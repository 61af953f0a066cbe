// What the browser keeps: what was entered and not yet acknowledged, and what a tab remembers of the case in hand.

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
// written. IndexedDB writes at once, and answers later. So each entry lies in both; sending one twice changes no grade.
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

// An act is a list of changes, {slot, from, to}. What is stored of a comment has nothing blank at its ends.
const plain = (value) => (typeof value === "string" ? value.trim() : JSON.stringify(value));
export const isSame = (a, b) => plain(a) === plain(b);

// What a tab remembers of the case in hand, its url: what the server has answered, for a page that was asked for while a
// save was on its way is older than the answer; and what was done, so that it can be taken back after a reload, too. One
// item, so that it never grows; gone with the case's page (leaving.js).
const CASE_MEMORY = "thighsite.case-in-hand";
const MOST_ACTS = 300;

export const forgetCase = (storage = usable("sessionStorage")) => storage.removeItem(CASE_MEMORY);

export class CaseMemory {
  #storage;
  #kept;

  constructor(url, storage = usable("sessionStorage")) {
    this.#storage = storage;
    const kept = JSON.parse(storage.getItem(CASE_MEMORY));
    const anew = { url, tab: Math.random(), answers: {}, acts: { done: [], undone: [] }, unsaved: {} };
    this.#kept = kept?.url === url ? kept : anew;
    if (kept !== this.#kept) forgetCase(storage); // another case's, of whomever
  }

  // What tells this tab's entries from another's.
  get tab() {
    return this.#kept.tab;
  }

  // {slot: stored}
  get answers() {
    return this.#kept.answers;
  }

  // {done, undone}: acts, the last one last.
  get acts() {
    return this.#kept.acts;
  }

  // {part: values}: what stands on the case's page and cannot be saved as it is.
  get unsaved() {
    return this.#kept.unsaved;
  }

  // undefined for what can be saved.
  noteUnsaved(part, values) {
    this.#note({ unsaved: { ...this.unsaved, [part]: values } });
  }

  noteAnswer(slot, stored) {
    this.#note({ answers: { ...this.answers, [slot]: stored } });
  }

  noteAct(act) {
    this.keepActs({ done: [...this.acts.done, act].slice(-MOST_ACTS), undone: [] });
  }

  keepActs(acts) {
    this.#note({ acts });
  }

  // What a feature was last paired with in this case.
  pairingOf(feature) {
    const changes = this.acts.done.flat().filter(({ slot }) => slot === "pairing");
    return changes.flatMap(({ from, to }) => [from, to]).findLast((pairing) => pairing.feature === feature);
  }

  // What has to be entered to take the last act back, or to do the last that was taken back again: [slot, value] each;
  // null where there is nothing more. valueOf gives what a slot has now. What another window has replaced is not ours to
  // take back: it is passed over for as long as it is so.
  undo = (valueOf) => this.#step("done", "undone", "to", "from", valueOf);
  redo = (valueOf) => this.#step("undone", "done", "from", "to", valueOf);

  #step(here, there, now, then, valueOf) {
    const { acts } = this.#kept;
    const isOwn = (change) => isSame(valueOf(change.slot), change[now]);
    const place = acts[here].findLastIndex((act) => act.some(isOwn));
    if (place < 0) return null;
    const own = acts[here][place].filter(isOwn);
    const others = acts[here][place].filter((change) => !isOwn(change));
    acts[here].splice(place, 1, ...(others.length ? [others] : []));
    acts[there].push(own);
    this.keepActs(acts);
    return own.map((change) => [change.slot, change[then]]);
  }

  #note(part) {
    Object.assign(this.#kept, part);
    try {
      this.#storage.setItem(CASE_MEMORY, JSON.stringify(this.#kept));
    } catch {
      // it is full; what is missing after a reload is asked about again, at worst, or cannot be taken back
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

  // Returns the entry as it is kept.
  add(entry) {
    const name = `${this.#named(this.#nextMs())}.${entry.key}`;
    const kept = { ...entry, name, at: this.#clock.now() };
    const text = JSON.stringify(kept);
    this.#keep(name, text);
    this.#copies.put(name, text).catch(() => {});
    return kept;
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
