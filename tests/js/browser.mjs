// What an Outbox needs of a browser, so that a test can cut the line, fill the disk and turn the clock.

import { inMemory } from "../../static/grading/kept.js";

const STEPS = 50; // more than an outbox takes from one timer to the next, with all that a test enters

const turn = () => new Promise((resolve) => setImmediate(resolve));

// Resolves once everything has happened that needs no time to pass.
export async function settled() {
  for (let step = 0; step < STEPS; step++) await turn();
}

// Time passes only by pass().
export class Clock {
  #now;
  #timers = new Map();
  #last = 0;

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now = () => this.#now;

  after = (ms, act) => {
    this.#last += 1;
    this.#timers.set(this.#last, { at: this.#now + ms, act });
    return this.#last;
  };

  cancel = (timer) => this.#timers.delete(timer);

  // How many are set.
  get timers() {
    return this.#timers.size;
  }

  set(now) {
    this.#now = now;
  }

  async pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!due.length) break;
      const [timer, { at, act }] = due[0];
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      act();
    }
    this.#now = end;
  }
}

// The second copies, which are slow: nothing is written before its turn.
export class Copies {
  #texts = new Map();

  async put(name, text) {
    await turn();
    this.#texts.set(name, text);
  }

  async delete(name) {
    await turn();
    this.#texts.delete(name);
  }

  async between(first, last) {
    await turn();
    return [...this.#texts].filter(([name]) => name >= first && name <= last).map(([, text]) => text);
  }
}

export class BrokenCopies {
  put = () => Promise.reject(new Error("no IndexedDB"));
  delete = this.put;
  between = this.put;
}

// A browser may list its items in any order: here, the last one first.
function aStorage() {
  const storage = inMemory();
  const { key } = storage;
  storage.key = (i) => key(storage.length - 1 - i);
  return storage;
}

export class FullStorage {
  #storage = inMemory();

  get length() {
    return this.#storage.length;
  }

  key = (i) => this.#storage.key(i);
  getItem = (name) => this.#storage.getItem(name);
  removeItem = (name) => this.#storage.removeItem(name);

  setItem() {
    throw new DOMException("full", "QuotaExceededError");
  }
}

const inJson = (status, answer) => ({ status, ok: status < 300, json: async () => answer });
const inHtml = (status) => ({ status, ok: status < 300, json: () => Promise.reject(new SyntaxError("<h1>")) });

// The server: stores what comes, unless it is told to answer otherwise. Takes a key once, as the real one does.
export class Site {
  stored = []; // bodies, in the order of storing
  asked = 0;
  byThemselves = []; // of each that was asked, whether nobody's entry began it
  answer = null; // (body) => response, or undefined for the usual one

  post = async (url, text, headers) => {
    this.asked += 1;
    this.byThemselves.push(headers["X-Background"] === "1");
    const body = JSON.parse(text);
    await turn();
    const response = await this.answer?.(body, url);
    if (response) return response;
    if (!this.stored.some(({ key }) => key === body.key)) this.stored.push(body);
    return inJson(200, { version: this.stored.length });
  };

  reconnect() {
    this.answer = null;
  }

  cut() {
    this.answer = () => Promise.reject(new TypeError("Failed to fetch"));
  }

  answerJson(status, answer) {
    this.answer = () => inJson(status, answer);
  }

  answerHtml(status) {
    this.answer = () => inHtml(status);
  }

  get scores() {
    return this.stored.map(({ score }) => score);
  }
}

export function aBrowser(parts = {}) {
  const site = new Site();
  const own = { storage: aStorage(), copies: new Copies(), clock: new Clock(), events: new EventTarget() };
  return { ...own, site, post: site.post, ...parts };
}
