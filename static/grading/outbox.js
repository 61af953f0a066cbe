// Sends what was entered, oldest first, until the server has it.
//
// An entry is {key, slot, url, body}: the slot is what it is about, a muscle of a read or its description. The server's
// word ends it: what is stored now, or why it is refused. Anything else leaves it waiting, whatever its status: an error
// of the server's own, the page of something in between, no answer. An ended session leaves it waiting, too, until its
// user signs in, and a conflict until somebody chooses. What finds no read, for its reader may have been suspended, is
// kept with all that goes there, holds up no other read and is tried again now and then, and with the next entry of its
// read. A case that was taken out of the study is gone. What the server fails at is tried again and again, behind
// everything else. What another window has dealt with is over here, too.

import { post } from "../lib/http.js";
import { keptByBrowser, Store } from "./kept.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
const KEPT_RETRY_MS = 15_000; // of what found no read
const RECOVERY_MS = 1000; // a browser whose second copy does not answer saves all the same
const REFUSALS = [404, 422, 423];
const MOST_FAILURES = 3; // in a row, before the server is left alone for a while
const FULL = "No connection, and this browser’s storage is full: leave this page open.";

// crypto.randomUUID is not there on a hospital's plain-HTTP intranet; this is. 8 becomes 8, 9, a or b, the others any.
export const uuid = () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );

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
  #isAsked = false; // whether somebody's entry began it: what goes out by itself does not keep a session alive
  #parked = new Set(); // slots, until somebody has chosen
  #kept = new Set(); // addresses that found no read
  #keptUntil = 0;
  #said = new Map(); // entries, each with the state that was last said of it, by their keys
  #failures = new Map(); // how often the server failed at a slot
  #timer = null;
  #delay = FIRST_RETRY_MS;
  #recovered = null;

  // report(entry, state, answer): state is "saving", "saved", "waiting", "signed-out", "conflict" or "refused"; "" where
  // another window has sent it, or somebody has chosen there.
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

  add(added) {
    const entry = this.#store.add(added);
    this.#kept.delete(entry.url);
    this.#isAsked = true;
    this.#say(entry, this.#isFailing ? "waiting" : "saving", {});
    this.send();
  }

  // Drops what waits for a slot, once somebody has chosen or a newer entry says all of it.
  forget(slot) {
    this.#parked.delete(slot);
    for (const entry of this.waitingFor(slot)) this.#remove(entry);
  }

  // Sends what an earlier visit left. What a crash of the browser had taken is brought back first, and said by calling
  // back: nothing is called saved while some of it may still lie on the disk.
  recover(onRecovered = () => {}) {
    for (const entry of this.entries) this.#said.set(entry.key, entry);
    const recovered = this.#store.recover().then((some) => {
      if (!some) return;
      onRecovered();
      this.send(); // where it took longer
    });
    const late = new Promise((stop) => this.#clock.after(RECOVERY_MS, stop));
    this.#recovered = Promise.race([recovered, late]).catch(() => {});
    this.send();
  }

  // Somebody waits for all of it: what found no read is tried at once, too, and what comes of it is said.
  sendNow() {
    this.#isAsked = true;
    this.#kept.clear();
    for (const entry of this.entries)
      if (this.#said.get(entry.key)?.state === "refused") this.#say(entry, "saving", {});
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
    const left_ms = this.#keptUntil - this.#clock.now();
    if (left_ms <= 0 || left_ms > KEPT_RETRY_MS) this.#kept.clear(); // it may find its read by now; or the clock was set
    this.#isSending = true;
    let isLeft = true;
    try {
      await this.#recovered;
      isLeft = await this.#sendAll();
    } finally {
      this.#isSending = false;
      this.#isAsked = false;
      if (isLeft || this.#kept.size) this.#sendLater(isLeft);
    }
    this.#letGo();
    this.dispatchEvent(new Event("idle"));
  }

  #sendLater(isLeft) {
    if (isLeft) this.#delay = Math.min(this.#delay * 2, LAST_RETRY_MS);
    this.#timer = this.#clock.after(isLeft ? this.#delay : KEPT_RETRY_MS, () => this.send());
  }

  // What waited and is no longer there, another window has dealt with. Sent again from here it would be older than what
  // has been entered there since.
  #letGo() {
    for (const entry of this.#said.values())
      if (!this.waitingFor(entry.slot).length) {
        this.#said.delete(entry.key);
        this.#report(entry, "", {});
      }
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
    const open = this.entries.filter(
      ({ slot, url }) => !this.#parked.has(slot) && !this.#kept.has(url) && !failed.has(slot),
    );
    const failures = ({ slot }) => this.#failures.get(slot) ?? 0;
    return open.sort((one, other) => failures(one) - failures(other))[0];
  }

  // Resolves to the state that the entry is left in.
  async #sendOne(entry) {
    const waited_ms = Math.max(this.#clock.now() - entry.at, 0);
    const body = JSON.stringify({ ...entry.body, key: entry.key, waited_ms });
    const headers = { "Content-Type": "application/json" };
    if (!this.#isAsked) headers["X-Background"] = "1";
    const response = await this.#post(entry.url, body, headers).catch(() => null);
    const answer = (await response?.json().catch(() => null)) ?? {};
    const state = stateAfter(response, answer);
    this.#isFailing = state === "waiting";
    if (state === "signed-out") this.#isPaused = true;
    if (state === "failed") this.#failures.set(entry.slot, (this.#failures.get(entry.slot) ?? 0) + 1);
    if (state === "conflict") this.#parked.add(entry.slot);
    if (state === "refused" && response.status === 404 && !answer.gone) this.#keep(entry.url, answer);
    else this.#leave(entry, state, answer);
    return state;
  }

  // What found no read is said once, with all else that goes there; but what waits for a choice goes nowhere.
  #keep(url, answer) {
    if (!this.#kept.size) this.#keptUntil = this.#clock.now() + KEPT_RETRY_MS;
    this.#kept.add(url);
    const there = this.entries.filter((entry) => entry.url === url && !this.#parked.has(entry.slot));
    for (const entry of there) if (this.#said.get(entry.key)?.state !== "refused") this.#say(entry, "refused", answer);
  }

  #leave(entry, state, answer) {
    if (this.#said.get(entry.key)?.state === "refused") this.#say(entry, "saving", {}); // no longer what was said of it
    if (state === "saved" || state === "refused") {
      this.#delay = FIRST_RETRY_MS;
      this.#failures.delete(entry.slot);
      this.#remove(entry);
    }
    this.#tell(entry, state, answer);
  }

  // Once this window has dealt with an entry, no other has dealt with what came before; names are in that order.
  #remove(entry) {
    this.#store.remove(entry);
    for (const { key, slot, name } of this.#said.values())
      if (slot === entry.slot && name <= entry.name) this.#said.delete(key);
  }

  #say(entry, state, answer) {
    this.#said.set(entry.key, { ...entry, state });
    this.#report(entry, state, answer);
  }

  #tell(entry, state, answer) {
    if (state === "failed") return this.#say(entry, "waiting", answer);
    if (state === "conflict") return this.#say(entry, state, answer);
    if (!this.#isFailing) return this.#report(entry, state, answer);
    const said = this.#store.isFull ? { error: FULL, ...answer } : answer;
    for (const about of this.entries) this.#say(about, state, said);
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
