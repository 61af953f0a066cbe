// What the outbox keeps though it was refused, for its reader may have been suspended.

import assert from "node:assert/strict";
import { test } from "node:test";

import { aBrowser } from "./browser.mjs";
import { entry, LONG, open, waiting } from "./outboxes.mjs";

const notFound = (site, score) => {
  const answer = { status: 404, ok: false, json: async () => ({ error: "Not yours." }) };
  site.answer = (body) => body.score === score && answer;
};

test("what finds no read is said and kept, for the next page too, and holds up nothing else", async () => {
  const browser = aBrowser();
  const { outbox, site, clock, reports } = open(browser);
  notFound(site, 1);

  outbox.add(entry(1, "VL"));
  outbox.add(entry(2, "VM"));
  await clock.pass(LONG);

  assert.deepEqual(reports.filter(([state]) => state === "refused").length, 1);
  assert.deepEqual(site.scores, [2]);
  assert.deepEqual(waiting(outbox), [1]);
  site.reconnect();
  open(browser).outbox.recover();
  await clock.pass(0);
  assert.deepEqual(site.scores, [2, 1]);
});

test("what found no read is tried again now and then, said once, and goes out once it can", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  notFound(site, 1);

  outbox.add(entry(1, "VL"));
  await clock.pass(600_000);
  const tries = site.asked;
  assert.ok(tries > 20 && tries < 50, `${tries} tries in ten minutes`);
  assert.deepEqual(reports, [
    ["saving", 1],
    ["refused", 1],
  ]);
  site.reconnect();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1]);
  assert.deepEqual(reports.slice(2), [
    ["saving", 1],
    ["saved", 1],
  ]);
});

test("what found no read is tried again once its read takes something else, and in its order", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  notFound(site, 1);
  outbox.add(entry(1, "VL"));
  await clock.pass(0);
  outbox.add(entry(2, "VL"));
  await clock.pass(0);
  assert.deepEqual(reports.at(-1), ["refused", 2]);

  site.reconnect();
  outbox.add(entry(3, "VM"));
  await clock.pass(0);

  assert.deepEqual(site.scores, [3, 1, 2]);
});
