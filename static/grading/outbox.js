// Sends what was entered, in order, one request at a time per entry, until the server has it.
//
// An entry is {key, url, body, headers}. A newer entry with the same key replaces one that still waits: only the
// last grade of a muscle counts. The server's refusal (4xx) ends an entry; no answer, or a 5xx, keeps it waiting.

const RETRY_AFTER_MS = 2000;

export class Outbox {
  #waiting = new Map();
  #sending = null;
  #timer = null;

  // report(key, state, answer): state is "saving", "saved", "waiting" or "refused".
  constructor(report) {
    this.report = report;
    addEventListener("online", () => this.#send());
  }

  get isEmpty() {
    return this.#waiting.size === 0 && this.#sending === null;
  }

  add(entry) {
    this.#waiting.delete(entry.key);
    this.#waiting.set(entry.key, entry);
    this.report(entry.key, "saving");
    this.#send();
  }

  async #send() {
    if (this.#sending || this.#waiting.size === 0) return;
    clearTimeout(this.#timer);
    const [key, entry] = this.#waiting.entries().next().value;
    this.#waiting.delete(key);
    this.#sending = entry;
    const response = await fetch(entry.url, { method: "POST", body: entry.body(), headers: entry.headers }).catch(() => null);
    const answer = await response?.json().catch(() => ({}));
    this.#sending = null;
    if (response && response.status < 500 && response.status !== 401) this.#settle(entry, response, answer);
    else this.#keep(entry, answer);
  }

  #settle(entry, response, answer) {
    if (!this.#waiting.has(entry.key) || !response.ok) this.report(entry.key, response.ok ? "saved" : "refused", answer);
    entry.settled?.(response, answer);
    this.#send();
  }

  #keep(entry, answer) {
    if (!this.#waiting.has(entry.key)) this.#waiting = new Map([[entry.key, entry], ...this.#waiting]);
    for (const key of this.#waiting.keys()) this.report(key, "waiting", answer);
    this.#timer = setTimeout(() => this.#send(), RETRY_AFTER_MS);
  }
}
