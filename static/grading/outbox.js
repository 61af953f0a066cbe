// Sends what was entered, oldest first, until the server has it.
//
// An entry is {key, slot, url, body}: the slot is what it is about, a muscle of a read or its description. The server's
// word ends it: what is stored now, or why it is refused. Anything else leaves it waiting, whatever its status: an error
// of the server's own, the page of something in between, no answer. An ended session leaves it waiting, too, until its
// user signs in, and a conflict until somebody chooses. What finds no read, for its reader may have been suspended, is
// kept, holds up nothing else and is tried again now and then, and once its read takes something else. A case that was
// taken out of the study is gone. What the server fails at is tried again and again, behind everything else.

import { post } from "../lib/http.js";
import { keptByBrowser, Store } from "./kept.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
const KEPT_RETRY_MS = 15_000; // of what found no read
const RECOVERY_MS = 1000; // a browser whose second copy does not answer saves all the same
const REFUSALS = [404, 422, 423];
const MOST_FAILURES = 3; // in a row, before the server is left alone for a while
const FULL = "No connection, and this browser’s storage is full: leave this page open.";

// crypto.randomUUID is not there on a hospital's plain-HTTP intranet; this is.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes]
    .map((byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + byte.toString(16).padStart(2, "0"))
    .join("");
}

const ofBrowser = () => ({
  ...keptByBrowser(),
  post,
  clock: {
    now: () => Date.now(),
    after: (ms, act) => setTimeout(act, ms),
    cancel: (timer) => clearTimeout(timer),
  },
  events: window,
});

export class Outbox extends EventTarget {
  #store;
  #report;
  #post;
  #clock;
  #isSending = false;
  #isPaused = false;
  #isFailing = false; // whether the last try had no answer
  #parked = new Map(); // slots, with whether they found no read
  #told = new Set(); // keys of entries that are said to have found none
  #failures = new Map(); // how often the server failed at a slot
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
    if (this.#parked.get(entry.slot)) this.#parked.delete(entry.slot);
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
      if (isLeft || this.#parked.size) this.#sendLater(isLeft);
    }
    this.dispatchEvent(new Event("idle"));
  }

  #sendLater(isLeft) {
    if (isLeft) this.#delay = Math.min(this.#delay * 2, LAST_RETRY_MS);
    this.#timer = this.#clock.after(isLeft ? this.#delay : KEPT_RETRY_MS, () => {
      this.#release();
      this.send();
    });
  }

  // What was kept may find its read by now: of one address, or all.
  #release(url) {
    for (const entry of this.entries)
      if (this.#parked.get(entry.slot) && entry.url === (url ?? entry.url)) this.#parked.delete(entry.slot);
  }

  // Resolves to whether some are left to be sent later.
  async #sendAll() {
    const failed = new Set();
    let inARow = 0;
    for (let entry = this.#next(failed); entry; entry = this.#next(failed)) {
      const state = await this.#sendOne(entry);
      if (state === "waiting") return true;
      if (this.#isPaused) return false;
      inARow = state === "failed" ? inARow + 1 : 0;
      if (state === "failed") failed.add(entry.slot);
      if (inARow === MOST_FAILURES) return true;
    }
    return failed.size > 0;
  }

  // The oldest of those at which the server failed least often.
  #next(failed) {
    const open = this.entries.filter(({ slot }) => !this.#parked.has(slot) && !failed.has(slot));
    const failures = ({ slot }) => this.#failures.get(slot) ?? 0;
    return open.sort((one, other) => failures(one) - failures(other))[0];
  }

  // Resolves to the state that the entry is left in.
  async #sendOne(entry) {
    const waited_ms = Math.max(this.#clock.now() - entry.at, 0);
    const body = JSON.stringify({ ...entry.body, key: entry.key, waited_ms });
    const response = await this.#post(entry.url, body, "application/json").catch(() => null);
    const answer = (await response?.json().catch(() => null)) ?? {};
    const state = stateAfter(response, answer);
    this.#isFailing = state === "waiting";
    if (state === "signed-out") this.#isPaused = true;
    if (state === "failed") this.#failures.set(entry.slot, (this.#failures.get(entry.slot) ?? 0) + 1);
    if (state === "conflict") this.#parked.set(entry.slot, false);
    if (state === "saved" || state === "refused") {
      this.#delay = FIRST_RETRY_MS;
      this.#failures.delete(entry.slot);
    }
    if (state === "refused" && response.status === 404 && !answer.gone) this.#keep(entry, answer);
    else this.#leave(entry, state, answer);
    return state;
  }

  // What found no read: said once, with all that goes on from it.
  #keep({ slot }, answer) {
    this.#parked.set(slot, true);
    for (const entry of this.waitingFor(slot)) {
      if (!this.#told.has(entry.key)) this.#report(entry, "refused", answer);
      this.#told.add(entry.key);
    }
  }

  #leave(entry, state, answer) {
    if (state === "saved" || state === "refused") this.#store.remove(entry);
    if (this.#told.delete(entry.key)) this.#report(entry, "saving", {}); // no longer what was said of it
    this.#tell(entry, state, answer);
    if (state === "saved") this.#release(entry.url);
  }

  #tell(entry, state, answer) {
    if (state === "failed") return this.#report(entry, "waiting", answer);
    if (!this.#isFailing) return this.#report(entry, state, answer);
    const said = this.#store.isFull ? { error: FULL, ...answer } : answer;
    for (const about of this.entries) this.#report(about, state, said);
  }
}

// What a response says of an entry. The server's own word is told from a page of something in between by what it holds.
function stateAfter(response, answer) {
  const status = response?.status;
  if (status === 401) return "signed-out";
  if (status === 409 && answer.stored) return "conflict";
  if (status === 500 && answer.request_id) return "failed";
  if (response?.ok && ("version" in answer || "feature" in answer)) return "saved";
  return REFUSALS.includes(status) && answer.error ? "refused" : "waiting";
}
