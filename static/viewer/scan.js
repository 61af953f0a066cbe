// The stacks of one case, as the server lists them.

import { Slices } from "./slices.js";

const AHEAD = 1; // slices on each side of the first one that is shown, of the next case

export class Scan {
  #slices = new Map();
  #isAhead;

  // listed: {code, left, right, stacks: {name: manifest}, next}
  constructor(url, listed, { isAhead = false } = {}) {
    Object.assign(this, { url, code: listed.code, next: listed.next, names: Object.keys(listed.stacks) });
    this.listed = listed;
    this.#isAhead = isAhead;
    this.shown = [listed.left, listed.right].filter((name) => name in listed.stacks);
    if (!this.shown.length) this.shown = this.names.slice(0, 1);
  }

  slicesOf(name) {
    const reach = this.#isAhead ? AHEAD : Infinity;
    const make = () => new Slices(this.listed.stacks[name], { reach, isAhead: this.#isAhead });
    if (!this.#slices.has(name)) this.#slices.set(name, make());
    return this.#slices.get(name);
  }

  // Of what is shown.
  get slices() {
    return this.shown.map((name) => this.slicesOf(name));
  }

  // The next case is the one in hand now.
  comeUp() {
    this.#isAhead = false;
    for (const slices of this.#slices.values()) Object.assign(slices, { reach: Infinity, isAhead: false });
  }

  // In place of the stack at a place, the next of all that are not beside it.
  turn(place) {
    const beside = this.shown.toSpliced(place, 1);
    const free = this.names.filter((name) => !beside.includes(name));
    const next = (free.indexOf(this.shown[place]) + 1) % free.length;
    this.shown = this.shown.with(place, free[next]);
  }
}
