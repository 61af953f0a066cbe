// Outboxes to test with, and what is entered into them.

import { Outbox, uuid } from "../../static/grading/outbox.js";

export const URL = "/reads/1/grades/";
export const OTHER_URL = "/reads/2/grades/";
export const LONG = 60_000; // longer than between any two tries

// An outbox of a browser, with what it reports: [state, score] of each entry, and said with the words of the answer.
export function open(browser, user = "ann") {
  const reports = [];
  const said = [];
  const report = (entry, state, { error }) => {
    reports.push([state, entry.body.score]);
    said.push([state, entry.body.score, error]);
  };
  const outbox = new Outbox(user, report, browser);
  return { outbox, reports, said, ...browser };
}

export const entry = (score, slot = "VL", url = URL) => ({
  key: uuid(),
  slot: `${url}#${slot}`,
  url,
  body: { score },
});

export function enter(outbox, ...scores) {
  for (const score of scores) outbox.add(entry(score));
}

export const waiting = (outbox) => outbox.entries.map(({ body }) => body.score);
