// The slices of stacks, fetched nearest first from the slice that is looked at. Looks at no page: what asks the server
// and what tells the time are arguments.

const MOST_AT_ONCE = 3; // a browser has six connections; saving has its own
const MOST_WITH_SHOWN = 5; // what is looked at waits for none of the others
const WAITS_MS = [500, 2_000, 8_000, 20_000]; // after a first failure, a second …; from then on the last
const LATER = 1_000_000; // further away than any slice: the next case comes after this one

// By the version of its stack: of another one, which has taken its place, no slice comes among these.
const addressOf = ({ url, version }, number) => `${url}${number}/?of=${version}`;

// Of bytes as they are sent: the low ones of all pixels, then the high ones. RangeError where some are missing.
export function unpacked(bytes, { rows, columns, bits }) {
  const count = rows * columns;
  if (bytes.length !== (count * bits) / 8) throw new RangeError(`${bytes.length} bytes are no slice.`);
  if (bits === 8) return bytes;
  const pixels = new Uint16Array(count);
  for (let i = 0; i < count; i++) pixels[i] = bytes[i] | (bytes[count + i] << 8);
  return pixels;
}

// The slices of one stack: "come" and "failed" events say which number.
export class Slices extends EventTarget {
  #pixels = [];
  #asked = new Set();
  #failures = new Map(); // number → {times, until}
  #ended = new AbortController();

  // reach is how far from the slice looked at others are fetched; isAhead, that it is the next case's.
  constructor(manifest, { reach = Infinity, isAhead = false } = {}) {
    super();
    this.manifest = manifest;
    this.at = manifest.slices >> 1;
    this.reach = reach;
    this.isAhead = isAhead;
  }

  get loaded() {
    return Object.keys(this.#pixels).length;
  }

  pixels(number = this.at) {
    return this.#pixels[number];
  }

  hasFailed(number = this.at) {
    return this.#failures.has(number);
  }

  // The slice to be fetched next, {number, away}, or null; when a failed one may be asked for again, in until.
  wanted(now) {
    let [found, until] = [null, Infinity];
    for (let number = 0; number < this.manifest.slices; number++) {
      const away = Math.abs(number - this.at);
      if (away > this.reach || this.#pixels[number] || this.#asked.has(number)) continue;
      const pause = this.#failures.get(number)?.until ?? 0;
      if (pause > now) until = Math.min(until, pause);
      else if (!found || away < found.away) found = { number, away };
    }
    return { found, until };
  }

  // Resolves to whether the server has it no more.
  async fetch(number, away, ask, now) {
    const { signal } = this.#ended;
    this.#asked.add(number);
    try {
      const bytes = await ask(addressOf(this.manifest, number), { signal, isUrgent: away === 0 });
      this.#pixels[number] = unpacked(bytes, this.manifest);
      this.#failures.delete(number);
      this.#say("come", number);
      return false;
    } catch (error) {
      if (!signal.aborted) this.#noteFailure(number, now());
      return error.isGone && !signal.aborted;
    } finally {
      this.#asked.delete(number);
    }
  }

  // All that failed may be asked for at once: the connection is back, or somebody signed in again.
  forgive() {
    for (const failure of this.#failures.values()) failure.until = 0;
  }

  // Gives up what is on its way. The stack may be taken up again.
  end() {
    this.#ended.abort();
    this.#ended = new AbortController();
  }

  #noteFailure(number, now) {
    const times = this.#failures.get(number)?.times ?? 0;
    const wait = WAITS_MS[Math.min(times, WAITS_MS.length - 1)];
    this.#failures.set(number, { times: times + 1, until: now + wait });
    this.#say("failed", number);
  }

  #say(type, number) {
    this.dispatchEvent(Object.assign(new Event(type), { number }));
  }
}

// Fetches what stacks want: what is looked at first, the next case's last. ask(url, {signal, isUrgent}) resolves to bytes.
// A "gone" event says that the server has a slice no more.
export class Fetching extends EventTarget {
  #stacks = [];
  #running = 0;
  #timer = null;
  #ask;
  #clock;

  constructor({ ask, clock }) {
    super();
    this.#ask = ask;
    this.#clock = clock;
  }

  // Those that are not among them any more are given up.
  take(stacks) {
    for (const stack of this.#stacks) if (!stacks.includes(stack)) stack.end();
    this.#stacks = stacks;
    this.go();
  }

  add(stacks) {
    this.take([...this.#stacks, ...stacks]);
  }

  retry() {
    for (const stack of this.#stacks) stack.forgive();
    this.go();
  }

  go() {
    this.#clock.cancel(this.#timer);
    for (;;) {
      const { found, until } = this.#next();
      if (!found || this.#running >= (found.away ? MOST_AT_ONCE : MOST_WITH_SHOWN)) {
        if (!found && until < Infinity) this.#timer = this.#clock.after(until - this.#clock.now(), () => this.go());
        if (!found && !this.#running) this.dispatchEvent(new Event("idle"));
        return;
      }
      this.#fetch(found);
    }
  }

  #next() {
    const now = this.#clock.now();
    let [found, soonest] = [null, Infinity];
    for (const stack of this.#stacks) {
      const { found: wanted, until } = stack.wanted(now);
      soonest = Math.min(soonest, until);
      const away = wanted && wanted.away + (stack.isAhead ? LATER : 0);
      if (wanted && (!found || away < found.away)) found = { stack, number: wanted.number, away };
    }
    return { found, until: soonest };
  }

  async #fetch({ stack, number, away }) {
    this.#running += 1;
    const isGone = await stack.fetch(number, away, this.#ask, this.#clock.now);
    this.#running -= 1;
    if (isGone) this.dispatchEvent(new Event("gone"));
    this.go();
  }
}
