// Outboxes to test with, and what is entered into them.

import { Outbox, uuid } from "../../static/grading/outbox.js";

export const URL = "/reads/1/grades/";
export const LONG = 60_000; // longer than between any two tries

// An outbox of a browser, with what it reports: [state, score] of each entry.
export function open(browser, user = "ann") {
  const reports = [];
  const outbox = new Outbox(user, (entry, state) => reports.push([state, entry.body.score]), browser);
  return { outbox, reports, ...browser };
}

export const entry = (score, slot = "VL") => ({ key: uuid(), slot: `${URL}#${slot}`, url: URL, body: { score } });

export function enter(outbox, ...scores) {
  for (const score of scores) outbox.add(entry(score));
}

export const waiting = (outbox) => outbox.entries.map(({ body }) => body.score);
