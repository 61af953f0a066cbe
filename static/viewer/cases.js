// The scan of the case in hand, and the next one's, which is fetched ahead. Looks at no page.

import { Scan } from "./scan.js";

const WAITS_MS = [3_000, 6_000, 15_000]; // after a first failure, a second …; from then on the last
const OLD_MS = 60_000; // after which a list may not be what there is any more

const NOT_LOADED = "The scan could not be loaded. It is asked for again.";
const NOT_TO_BE_SEEN = "The scan of this case is not to be seen now. It is asked for again every minute.";

const isSame = (one, other) => JSON.stringify(one.stacks) === JSON.stringify(other.stacks);

// A "changed" event says that the scan in hand is not the one any more that its case has; of a case that is not to be seen
// any more it says no address, for nothing is to be asked for there.
export class Cases extends EventTarget {
  #fetching;
  #askJson;
  #tell;
  #clock;
  #opening = null; // what is opened, as an object of its own: an address may be opened twice
  #scan = null;
  #ahead = null;
  #isComparing = false;
  #askAgain = () => {};

  // askJson(url) resolves to the stacks of a case as the server lists them; tell(words) says what is waited for.
  constructor(fetching, askJson, tell, clock) {
    super();
    [this.#fetching, this.#askJson, this.#tell, this.#clock] = [fetching, askJson, tell, clock];
    fetching.addEventListener("idle", () => this.#fetchAhead());
    fetching.addEventListener("gone", () => this.#compare());
  }

  // The scan at an address, whose slices come from now on; null for no address, and once another was opened meanwhile.
  async open(url) {
    const opening = {};
    [this.#opening, this.#scan] = [opening, null];
    this.#askAgain(); // so that what waited before is given up
    const isAhead = url && this.#ahead?.url === url;
    if (!isAhead) this.#fetching.take([]);
    const scan = isAhead ? this.#ahead : url && (await this.#listed(url, opening));
    if (!scan || this.#opening !== opening) return null;
    scan.comeUp();
    [this.#scan, this.#ahead] = [scan, null];
    this.#fetching.take(scan.slices);
    return scan;
  }

  // Somebody is looking: a scan that was replaced or withdrawn meanwhile is not to be looked at for long.
  keepUp() {
    if (this.#scan && this.#clock.now() - this.#scan.listedAt > OLD_MS) this.#compare();
  }

  async #compare() {
    const scan = this.#scan;
    if (!scan || this.#isComparing) return;
    this.#isComparing = true;
    const listed = await this.#askJson(scan.url).catch(({ isGone }) => (isGone ? { stacks: null } : null));
    this.#isComparing = false;
    if (listed) scan.listedAt = this.#clock.now();
    if (!listed || this.#scan !== scan || isSame(listed, scan.listed)) return;
    this.dispatchEvent(Object.assign(new Event("changed"), { url: listed.stacks && scan.url }));
  }

  #made(url, listed, options) {
    return Object.assign(new Scan(url, listed, options), { listedAt: this.#clock.now() });
  }

  // The connection is back, or somebody signed in again or looks again: what is waited for is asked for at once.
  retry() {
    this.#askAgain();
    this.keepUp();
  }

  // Asks until there is an answer, or another case is opened; what the server refuses to show, more seldom.
  async #listed(url, opening) {
    for (let times = 0; this.#opening === opening; times++) {
      const listed = await this.#askJson(url).catch(({ isGone }) => ({ isGone }));
      if (listed.stacks) return this.#made(url, listed);
      if (this.#opening !== opening) break;
      this.#tell(listed.isGone ? NOT_TO_BE_SEEN : NOT_LOADED);
      await this.#pause(listed.isGone ? OLD_MS : WAITS_MS[Math.min(times, WAITS_MS.length - 1)]);
    }
    return null;
  }

  #pause(ms) {
    return new Promise((resolve) => {
      this.#askAgain = resolve;
      this.#clock.after(ms, resolve);
    });
  }

  // Of the next case the first slices that it will show, once those of this one are all here. Asked for once.
  async #fetchAhead() {
    const scan = this.#scan;
    if (!scan?.next || scan.hasAskedAhead) return;
    scan.hasAskedAhead = true;
    const listed = await this.#askJson(scan.next).catch(() => null);
    if (!listed || this.#scan !== scan) return;
    this.#ahead = this.#made(scan.next, listed, { isAhead: true });
    this.#fetching.add(this.#ahead.slices);
  }
}
