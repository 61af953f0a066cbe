// The scan of the case in hand, and the next one's, which is fetched ahead. Looks at no page.

import { Scan } from "./scan.js";

const AGAIN_MS = 3_000;

export class Cases {
  #fetching;
  #askJson;
  #tell;
  #clock;
  #opening = null; // what is opened, as an object of its own: an address may be opened twice
  #scan = null;
  #ahead = null;

  // askJson(url) resolves to the stacks of a case as the server lists them; tell(words) says what is waited for.
  constructor(fetching, askJson, tell, clock) {
    [this.#fetching, this.#askJson, this.#tell, this.#clock] = [fetching, askJson, tell, clock];
    fetching.addEventListener("idle", () => this.#fetchAhead());
  }

  // The scan at an address, whose slices come from now on; null for no address, and once another was opened meanwhile.
  async open(url) {
    const opening = {};
    [this.#opening, this.#scan] = [opening, null];
    const isAhead = url && this.#ahead?.url === url;
    if (!isAhead) this.#fetching.take([]);
    const scan = isAhead ? this.#ahead : url && (await this.#listed(url, opening));
    if (!scan || this.#opening !== opening) return null;
    scan.comeUp();
    [this.#scan, this.#ahead] = [scan, null];
    this.#fetching.take(scan.slices);
    return scan;
  }

  // Asks until there is an answer, or another case is opened.
  async #listed(url, opening) {
    while (this.#opening === opening) {
      const listed = await this.#askJson(url).catch(() => null);
      if (listed) return new Scan(url, listed);
      if (this.#opening === opening) this.#tell("The scan could not be loaded. It is asked for again.");
      await new Promise((resolve) => this.#clock.after(AGAIN_MS, resolve));
    }
    return null;
  }

  // Of the next case the first slices that it will show, once those of this one are all here. Asked for once.
  async #fetchAhead() {
    const scan = this.#scan;
    if (!scan?.next || scan.hasAskedAhead) return;
    scan.hasAskedAhead = true;
    const listed = await this.#askJson(scan.next).catch(() => null);
    if (!listed || this.#scan !== scan) return;
    this.#ahead = new Scan(scan.next, listed, { isAhead: true });
    this.#fetching.add(this.#ahead.slices);
  }
}
