// Sends what was entered, oldest first, until the server has it.
//
// An entry is {key, slot, url, body}: the slot is what it is about, a muscle of a read or its description. The server's
// word on it ends it: what is stored now, or why it is refused. Anything else leaves it waiting, whatever its status: an
// error of the server's own, the page of something in between, no answer. An ended session leaves it waiting, too, until
// its user signs in. A conflict leaves it waiting until somebody chooses.

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
const PATIENCE_MS = 15000;
const RECOVERY_MS = 1000; // a browser whose second copy does not answer saves all the same
const REFUSALS = [404, 422, 423];

export const csrfToken = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? "";

// Whose page this is. The server takes nothing of theirs once somebody else has signed in from another window.
const user = () => encodeURIComponent(document.querySelector("[data-user]")?.dataset.user ?? "");

export async function post(url, body, contentType) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), "X-User": user(), ...(contentType && { "Content-Type": contentType }) };
  return fetch(url, { method: "POST", body, headers, keepalive: true, signal: AbortSignal.timeout(PATIENCE_MS) });
}

// What was entered and not yet acknowledged, kept in the browser: an item of localStorage per entry, so that two tabs
// never overwrite each other's. Without localStorage it is kept for as long as the page lives.

const inMemory = (memory = new Map()) => ({ get length() { return memory.size; }, key: (i) => [...memory.keys()][i], getItem: (k) => memory.get(k) ?? null, setItem: (k, v) => memory.set(k, v), removeItem: (k) => memory.delete(k) });
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
const storage = usable("localStorage");
const perTab = usable("sessionStorage");

// Chromium writes localStorage to the disk seconds later, and a crash of the whole browser takes what it had not
// written. IndexedDB writes at once, and answers later. So each entry lies in both; sending one twice changes nothing.
const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("thighsite", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("outbox");
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Resolves to the request's result, or to null where the browser keeps no second copy.
async function onDisk(ask) {
  const transaction = (await opened).transaction("outbox", "readwrite", { durability: "strict" });
  const request = ask(transaction.objectStore("outbox"));
  return new Promise((resolve) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => resolve(null);
  });
}
const secondCopy = (ask) => onDisk(ask).catch(() => null);

let sequence = 0;

// crypto.randomUUID is not there on a hospital's plain-HTTP intranet; this is.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

// What the server has answered about this tab's last read: a page that was asked for while a save was on its way is
// older than the answer. One item, so that it never grows.
export class Told {
  constructor(url) {
    this.url = url;
    this.name = "thighsite.told";
  }

  // {slot: stored}
  all() {
    const { url, slots } = JSON.parse(perTab.getItem(this.name)) ?? {};
    return url === this.url ? slots : {};
  }

  note(slot, stored) {
    perTab.setItem(this.name, JSON.stringify({ url: this.url, slots: { ...this.all(), [slot]: stored } }));
  }
}

class Store {
  constructor(user) {
    this.prefix = `thighsite.outbox.${user}.`;
  }

  // Names in the order of entering.
  #named(ms) {
    return `${this.prefix}${String(ms).padStart(15, "0")}`;
  }

  add(entry) {
    const name = `${this.#named(Date.now())}.${String(sequence++).padStart(6, "0")}.${entry.key}`;
    const text = JSON.stringify({ ...entry, name, at: Date.now() });
    storage.setItem(name, text);
    secondCopy((copies) => copies.put(text, name));
  }

  // Brings back what a crash took from localStorage. Resolves to whether there was any. What another tab enters from now
  // on is none of it: brought back here, it would be overwritten by somebody who never saw it.
  async recover() {
    const earlier = IDBKeyRange.bound(this.prefix, this.#named(Date.now()));
    const texts = (await secondCopy((copies) => copies.getAll(earlier))) ?? [];
    const lost = texts.map((text) => [JSON.parse(text).name, text]).filter(([name]) => storage.getItem(name) === null);
    for (const [name, text] of lost) storage.setItem(name, text);
    return lost.length > 0;
  }

  // Oldest first.
  entries() {
    const names = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((name) => name?.startsWith(this.prefix));
    return names.sort().map((name) => storage.getItem(name)).filter(Boolean).map((text) => JSON.parse(text));
  }

  remove(entry) {
    storage.removeItem(entry.name);
    secondCopy((copies) => copies.delete(entry.name));
  }
}

export class Outbox extends EventTarget {
  #sending = false;
  #paused = false;
  #failing = false; // whether the last try had no answer
  #parked = new Set();
  #timer = null;
  #delay = FIRST_RETRY_MS;
  #recovered = null;

  // report(entry, state, answer): state is "saving", "saved", "waiting", "signed-out", "conflict" or "refused".
  constructor(user, report) {
    super();
    this.store = new Store(user);
    this.report = report;
    addEventListener("online", () => this.send());
    addEventListener("pageshow", () => this.send());
  }

  get entries() {
    return this.store.entries();
  }

  waitingFor(slot) {
    return this.entries.filter((entry) => entry.slot === slot);
  }

  add(entry) {
    this.store.add(entry);
    this.report(entry, this.#failing ? "waiting" : "saving", {});
    this.send();
  }

  // Drops what waits for a slot, once somebody has chosen or a newer entry says all of it.
  forget(slot) {
    this.#parked.delete(slot);
    for (const entry of this.waitingFor(slot)) this.store.remove(entry);
  }

  // Sends what an earlier visit left. What a crash of the browser had taken is brought back first, and said by calling
  // back: nothing is called saved while some of it may still lie on the disk.
  recover(onRecovered = () => {}) {
    const recovered = this.store.recover().then((some) => {
      if (some) onRecovered();
      return some;
    });
    this.#recovered = Promise.race([recovered, new Promise((stop) => setTimeout(stop, RECOVERY_MS))]);
    recovered.then((some) => some && this.send()); // also where it took longer
    this.send();
  }

  // A question that was answered in another window is none here.
  unpark(slot) {
    this.#parked.delete(slot);
    this.send();
  }

  resume() {
    this.#paused = false;
    this.send();
  }

  async send() {
    if (this.#sending || this.#paused) return;
    clearTimeout(this.#timer);
    this.#sending = true;
    await this.#recovered;
    let entry;
    while (!this.#paused && (entry = this.entries.find(({ slot }) => !this.#parked.has(slot)))) {
      if (!(await this.#sendOne(entry))) break;
    }
    this.#sending = false;
    if (!this.#paused && entry) this.#timer = setTimeout(() => this.send(), (this.#delay = Math.min(this.#delay * 2, LAST_RETRY_MS)));
    this.dispatchEvent(new Event("idle"));
  }

  // Whether the next one may be sent.
  async #sendOne(entry) {
    const body = JSON.stringify({ ...entry.body, key: entry.key, waited_ms: Math.max(Date.now() - entry.at, 0) });
    const response = await post(entry.url, body, "application/json").catch(() => null);
    const answer = (await response?.json().catch(() => null)) ?? {};
    if (response?.status === 401) return this.#pause(entry, answer);
    if (response?.status === 409 && answer.stored) return this.#park(entry, answer);
    const isStored = response?.ok && ("version" in answer || "feature" in answer);
    const isRefused = REFUSALS.includes(response?.status) && answer.error;
    this.#failing = !isStored && !isRefused;
    if (this.#failing) return this.#wait(answer);
    this.#delay = FIRST_RETRY_MS;
    this.store.remove(entry);
    this.report(entry, isStored ? "saved" : "refused", answer);
    return true;
  }

  #wait(answer) {
    for (const entry of this.entries) this.report(entry, "waiting", answer);
    return false;
  }

  #pause(entry, answer) {
    this.#paused = true;
    this.report(entry, "signed-out", answer);
    return false;
  }

  #park(entry, answer) {
    this.#parked.add(entry.slot);
    this.report(entry, "conflict", answer);
    return true;
  }
}
