// What a window entered and lost to another: entries that waited until the other's was chosen. Each says what it was,
// {slot, from, to, isUndo, tab}. Fetched when needed.
//
// Every change of what is stored belongs to one act of one window; so undoing in all of them leads back to the beginning.

import { isSame } from "./kept.js";

const without = (acts, { slot, from, to }) => {
  const is = (change) => change.slot === slot && isSame(change.from, from) && isSame(change.to, to);
  const place = acts.findLastIndex((act) => act.some(is));
  return acts.map((act, i) => (i === place ? act.filter((change) => !is(change)) : act)).filter(({ length }) => length);
};

// An act that came to nothing was none; what was not taken back after all can be taken back later.
export function noteLost(memory, entries) {
  let { done, undone } = memory.acts;
  for (const { was } of entries.filter((entry) => entry.was?.tab === memory.tab)) {
    const change = { slot: was.slot, from: was.to, to: was.from };
    if (was.isUndo) [done, undone] = [[...done, [change]], without(undone, change)];
    else done = without(done, was);
  }
  memory.keepActs({ done, undone });
}
