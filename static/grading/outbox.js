// Sends what was entered, oldest first, until the server has it.
//
// An entry is {key, slot, url, body}: the slot is what it is about, a muscle of a read or its description. The server's
// word ends it: what is stored now, or why it is refused. Anything else leaves it waiting, whatever its status: an error
// of the server's own, the page of something in between, no answer. An ended session leaves it waiting, too, until its
// user signs in, and a conflict until somebody chooses. What finds no read, for its reader may have been suspended, is
// kept and holds up nothing else; the next page tries again. A case that was taken out of the study is gone.

import { post } from "../lib/http.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
const RECOVERY_MS = 1000; // a browser whose second copy does not answer saves all the same
const REFUSALS = [404, 422, 423];

// crypto.randomUUID is not there on a hospital's plain-HTTP intranet; this is.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes]
    .map((byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + byte.toString(16).padStart(2, "0"))
    .join("");
}

// What an Outbox needs of the browser ------------------------------------------------------------------------------

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
    storage.setItem("thighsite.probe", "1");
    storage.removeItem("thighsite.probe");
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

const ofBrowser = () => ({
  storage: usable("localStorage"),
  copies: new DiskCopies(),
  post,
  clock: {
    now: () => Date.now(),
    after: (ms, act) => setTimeout(act, ms),
    cancel: (timer) => clearTimeout(timer),
  },
  events: window,
});

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

// What was entered and not yet acknowledged, kept in the browser: an item of the storage per entry, so that two tabs
// never overwrite each other's.
class Store {
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

// The outbox -------------------------------------------------------------------------------------------------------

export class Outbox extends EventTarget {
  #store;
  #report;
  #post;
  #clock;
  #isSending = false;
  #isPaused = false;
  #isFailing = false; // whether the last try had no answer
  #parked = new Set();
  #timer = null;
  #delay = FIRST_RETRY_MS;
  #recovered = null;

  // report(entry, state, answer): state is "saving", "saved", "waiting", "signed-out", "conflict" or "refused".
  constructor(user, report, browser = ofBrowser()) {
    super();
    this.#store = new Store(user, browser);
    this.#report = report;
    this.#post = browser.post;
    this.#clock = browser.clock;
    for (const name of ["online", "pageshow"]) browser.events.addEventListener(name, () => this.send());
  }

  get entries() {
    return this.#store.entries();
  }

  waitingFor(slot) {
    return this.entries.filter((entry) => entry.slot === slot);
  }

  add(entry) {
    this.#store.add(entry);
    this.#report(entry, this.#isFailing ? "waiting" : "saving", {});
    this.send();
  }

  // Drops what waits for a slot, once somebody has chosen or a newer entry says all of it.
  forget(slot) {
    this.#parked.delete(slot);
    for (const entry of this.waitingFor(slot)) this.#store.remove(entry);
  }

  // Sends what an earlier visit left. What a crash of the browser had taken is brought back first, and said by calling
  // back: nothing is called saved while some of it may still lie on the disk.
  recover(onRecovered = () => {}) {
    const recovered = this.#store.recover().then((some) => {
      if (some) onRecovered();
      return some;
    });
    const late = new Promise((stop) => this.#clock.after(RECOVERY_MS, stop));
    this.#recovered = Promise.race([recovered, late]).catch(() => {});
    recovered.then((some) => some && this.send()); // also where it took longer
    this.send();
  }

  // A question that was answered in another window is none here.
  unpark(slot) {
    this.#parked.delete(slot);
    this.send();
  }

  resume() {
    this.#isPaused = false;
    this.send();
  }

  async send() {
    if (this.#isSending || this.#isPaused) return;
    this.#clock.cancel(this.#timer);
    this.#isSending = true;
    let isLeft = true;
    try {
      await this.#recovered;
      isLeft = await this.#sendAll();
    } finally {
      this.#isSending = false;
      if (isLeft) this.#sendLater();
    }
    this.dispatchEvent(new Event("idle"));
  }

  #sendLater() {
    this.#delay = Math.min(this.#delay * 2, LAST_RETRY_MS);
    this.#timer = this.#clock.after(this.#delay, () => this.send());
  }

  // Resolves to whether some are left to be sent later.
  async #sendAll() {
    for (let entry = this.#next(); entry; entry = this.#next()) {
      if (!(await this.#sendOne(entry))) return !this.#isPaused;
    }
    return false;
  }

  #next() {
    return this.entries.find(({ slot }) => !this.#parked.has(slot));
  }

  // Resolves to whether the next one may be sent.
  async #sendOne(entry) {
    const waited_ms = Math.max(this.#clock.now() - entry.at, 0);
    const body = JSON.stringify({ ...entry.body, key: entry.key, waited_ms });
    const response = await this.#post(entry.url, body, "application/json").catch(() => null);
    const answer = (await response?.json().catch(() => null)) ?? {};
    const state = stateAfter(response, answer);
    this.#isFailing = state === "waiting";
    if (state === "signed-out") this.#isPaused = true;
    const isKept = state === "refused" && response.status === 404 && !answer.gone;
    if (state === "conflict" || isKept) this.#parked.add(entry.slot);
    if (state === "saved" || state === "refused") {
      this.#delay = FIRST_RETRY_MS;
      if (!isKept) this.#store.remove(entry);
    }
    for (const about of this.#isFailing ? this.entries : [entry]) this.#report(about, state, answer);
    return !this.#isFailing && !this.#isPaused;
  }
}

// What a response says of an entry. The server's own word is told from a page of something in between by what it holds.
function stateAfter(response, answer) {
  const status = response?.status;
  if (status === 401) return "signed-out";
  if (status === 409 && answer.stored) return "conflict";
  if (response?.ok && ("version" in answer || "feature" in answer)) return "saved";
  return REFUSALS.includes(status) && answer.error ? "refused" : "waiting";
}
