// What waits is kept: over visits, crashes, full disks, clocks, windows and users.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inMemory, keptByBrowser } from "../../static/grading/kept.js";
import { aBrowser, BrokenCopies, FullStorage, settled } from "./browser.mjs";
import { enter, entry, LONG, open, waiting } from "./outboxes.mjs";

test("the next visit sends what an earlier one left", async () => {
  const browser = aBrowser();
  const earlier = open(browser);
  earlier.site.cut();
  enter(earlier.outbox, 1, 2);
  await settled();
  const later = open({ ...browser, clock: aBrowser().clock });
  later.site.reconnect();

  later.outbox.recover();
  await later.clock.pass(LONG);

  assert.deepEqual(later.site.scores, [1, 2]);
});

test("what a crash took from the storage comes back from the disk, in order, and is told", async () => {
  const browser = aBrowser();
  const crashed = open(browser);
  crashed.site.cut();
  enter(crashed.outbox, 1, 2);
  await crashed.clock.pass(LONG);
  const { outbox, site, clock } = open({ ...aBrowser(), copies: browser.copies, clock: browser.clock });
  let told = 0;

  outbox.recover(() => (told += 1));
  await clock.pass(LONG);

  assert.equal(told, 1);
  assert.deepEqual(site.scores, [1, 2]);
});

test("what the disk brings back late is sent all the same", async () => {
  const browser = aBrowser();
  const text = JSON.stringify({
    ...entry(1),
    name: `thighsite.outbox.ann.000000000900000.${"a".repeat(8)}`,
    at: 900_000,
  });
  const between = () => new Promise((resolve) => browser.clock.after(3000, () => resolve([text])));
  const { outbox, site, clock } = open({ ...browser, copies: Object.assign(browser.copies, { between }) });

  outbox.recover();
  await clock.pass(2000);
  assert.deepEqual(site.scores, []);
  await clock.pass(1000);

  assert.deepEqual(site.scores, [1]);
});

test("what was saved leaves no copy on the disk that would come back", async () => {
  const browser = aBrowser();
  enter(open(browser).outbox, 1);
  await browser.clock.pass(LONG);
  const { outbox, site, clock } = open({ ...aBrowser(), copies: browser.copies, clock: browser.clock });

  outbox.recover(() => assert.fail("nothing was lost"));
  await clock.pass(LONG);

  assert.equal(site.asked, 0);
});

test("a disk that does not answer holds nothing up for long, and a broken one for no time", async () => {
  const never = {
    put: () => new Promise(() => {}),
    delete: () => new Promise(() => {}),
    between: () => new Promise(() => {}),
  };
  for (const copies of [never, new BrokenCopies()]) {
    const { outbox, site, clock } = open(aBrowser({ copies }));
    outbox.recover();
    enter(outbox, 1);
    await clock.pass(1000);

    assert.deepEqual(site.scores, [1]);
  }
});

test("with a full storage everything is sent all the same, and kept while the page lives", async () => {
  const { outbox, site, clock } = open(aBrowser({ storage: new FullStorage() }));
  site.cut();
  enter(outbox, 1, 2);
  await clock.pass(LONG);
  assert.deepEqual(waiting(outbox), [1, 2]);

  site.reconnect();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1, 2]);
  assert.deepEqual(waiting(outbox), []);
});

test("a full storage without a connection is said, and to leave the page open", async () => {
  const storage = new FullStorage();
  const { outbox, site, clock, said } = open(aBrowser({ storage }));
  site.cut();
  enter(outbox, 1);
  await clock.pass(0);

  assert.match(said.at(-1)[2], /storage is full: leave this page open/);
});

test("a storage that has become full gives what it took before", async () => {
  const full = Object.assign(inMemory(), { setItem: () => assert.fail("full") });
  const name = `thighsite.outbox.ann.000000000900000.${"a".repeat(8)}`;
  const { getItem, key } = full;
  const text = JSON.stringify({ ...entry(1), name, at: 900_000 });
  const items = new Map([[name, text]]);
  Object.assign(full, {
    getItem: (each) => items.get(each) ?? getItem(each),
    key: (i) => [...items.keys()][i] ?? key(i),
    removeItem: (each) => items.delete(each),
  });
  Object.defineProperty(full, "length", { get: () => items.size });
  Object.defineProperty(globalThis, "window", { value: { localStorage: full }, configurable: true });

  const { storage } = keptByBrowser();

  assert.equal(storage.getItem(name), text);
  delete globalThis.window;
});

test("what a full storage did not take is on the disk for the next visit", async () => {
  const browser = aBrowser({ storage: new FullStorage() });
  const full = open(browser);
  full.site.cut();
  enter(full.outbox, 1);
  await full.clock.pass(LONG);
  const { outbox, site, clock } = open({ ...aBrowser(), copies: browser.copies, clock: browser.clock });

  outbox.recover();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1]);
});

test("a clock that is set back changes no order, and no entry waits a negative time", async () => {
  const { outbox, site, clock } = open(aBrowser());
  site.cut();
  enter(outbox, 1, 2);
  clock.set(clock.now() - 3_600_000);
  enter(outbox, 3);
  assert.deepEqual(waiting(outbox), [1, 2, 3]);

  site.reconnect();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1, 2, 3]);
  assert.ok(site.stored.every(({ waited_ms }) => waited_ms >= 0));
});

test("two windows share what waits: each sends all of it, the server has it once", async () => {
  const browser = aBrowser();
  const [left, right] = [open(browser), open(browser)];
  left.site.cut();
  enter(left.outbox, 1);
  enter(right.outbox, 2);
  enter(left.outbox, 3);
  assert.deepEqual(waiting(left.outbox), [1, 2, 3]);
  assert.deepEqual(waiting(right.outbox), [1, 2, 3]);

  left.site.reconnect();
  await left.clock.pass(LONG);

  assert.deepEqual(browser.site.scores, [1, 2, 3]);
  assert.deepEqual(waiting(left.outbox), []);
});

test("a window that closes while it sends leaves the rest to the other", async () => {
  const browser = aBrowser();
  const closed = open({ ...browser, post: () => new Promise(() => {}) });
  enter(closed.outbox, 1, 2);

  const { outbox, site, clock } = open(browser);
  outbox.recover();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1, 2]);
});

for (const [user, other] of [
  ["ann", "ann.lee"],
  ["ann", "ann.-"],
  ["ann", "ann.000000000000000"],
  ["ann", "bob"],
]) {
  test(`what ${other} entered is none of ${user}'s, in the storage or on the disk`, async () => {
    const browser = aBrowser();
    const others = open(browser, other);
    others.site.cut();
    enter(others.outbox, 1);
    await others.clock.pass(LONG);
    others.site.reconnect();

    const { outbox } = open(browser, user);
    const elsewhere = open({ ...aBrowser(), copies: browser.copies, clock: browser.clock }, user);
    elsewhere.outbox.recover(() => assert.fail("not theirs"));
    await settled();

    assert.deepEqual(waiting(outbox), []);
    assert.deepEqual(waiting(elsewhere.outbox), []);
    assert.deepEqual(waiting(others.outbox), [1]);
  });
}

test("entries of before an update are still sent", async () => {
  const browser = aBrowser();
  const name = "thighsite.outbox.ann.000000000900000.000003.6f2e0f5e-0000-4000-8000-000000000001";
  browser.storage.setItem(name, JSON.stringify({ ...entry(1), name, at: 900_000 }));
  const { outbox, site, clock } = open(browser);

  outbox.recover();
  enter(outbox, 2);
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1, 2]);
  assert.equal(browser.storage.length, 0);
});
