// What the outbox keeps though it was refused, for its reader may have been suspended.

import assert from "node:assert/strict";
import { test } from "node:test";

import { aBrowser } from "./browser.mjs";
import { entry, LONG, open, OTHER_URL, URL, waiting } from "./outboxes.mjs";

const NOT_FOUND = { status: 404, ok: false, json: async () => ({ error: "Not yours." }) };

// Every entry of these addresses.
const notFound = (site, ...urls) => {
  site.answer = (body, url) => urls.includes(url) && NOT_FOUND;
};

// An outbox whose one entry, of VL, found no read.
async function openWithOneKept() {
  const opened = open(aBrowser());
  notFound(opened.site, URL);
  opened.outbox.add(entry(1, "VL"));
  await opened.clock.pass(0);
  return opened;
}

const of = (reports, wanted) => reports.filter(([state]) => state === wanted).map(([, score]) => score);

test("what finds no read is said and kept, for the next page too, and holds up no other read", async () => {
  const browser = aBrowser();
  const { outbox, site, clock, reports } = open(browser);
  notFound(site, URL);

  outbox.add(entry(1, "VL"));
  outbox.add(entry(2, "VL", OTHER_URL));
  await clock.pass(LONG);

  assert.deepEqual(of(reports, "refused"), [1]);
  assert.deepEqual(site.scores, [2]);
  assert.deepEqual(waiting(outbox), [1]);
  site.reconnect();
  open(browser).outbox.recover();
  await clock.pass(0);
  assert.deepEqual(site.scores, [2, 1]);
});

test("what found no read is tried again now and then, said once, and goes out once it can", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  notFound(site, URL);

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

test("what found no read is tried again with the next entry of its read, and in its order", async () => {
  const { outbox, site, clock, reports } = await openWithOneKept();
  outbox.add(entry(2, "VL"));
  await clock.pass(0);
  assert.deepEqual(reports.at(-1), ["refused", 2]);

  site.reconnect();
  outbox.add(entry(3, "VM"));
  await clock.pass(0);

  assert.deepEqual(site.scores, [1, 2, 3]);
});

test("who wants all of it sent has what found no read tried at once, and what comes of it said", async () => {
  const { outbox, site, clock, reports } = await openWithOneKept();

  outbox.sendNow();
  await clock.pass(0);

  assert.deepEqual(site.byThemselves, [false, false]);
  assert.deepEqual(of(reports, "refused"), [1, 1]);
  site.reconnect();
  outbox.sendNow();
  await clock.pass(0);
  assert.deepEqual(site.scores, [1]);
  assert.deepEqual(reports.at(-1), ["saved", 1]);
});

test("an entry of another read does not have it tried again", async () => {
  const { outbox, site, clock } = await openWithOneKept();

  outbox.add(entry(2, "VL", OTHER_URL));
  await clock.pass(0);

  assert.equal(site.asked, 2);
  assert.deepEqual(waiting(outbox), [1]);
});

test("however much of a read is kept, its site is asked for one of it at a time, and each is said once", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  const muscles = Array.from({ length: 22 }, (_, i) => i);
  notFound(site, URL);
  for (const i of muscles) outbox.add(entry(i, `M${i}`));
  await clock.pass(0);
  const { asked } = site;

  await clock.pass(LONG);

  assert.equal(site.asked - asked, 4); // in a minute
  assert.deepEqual(of(reports, "refused"), muscles);
  site.reconnect();
  await clock.pass(LONG);
  assert.deepEqual(site.scores, muscles);
});

test("what waits for a choice is not said to be refused, nor asked about again, where its read is found no more", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  site.answerJson(409, { stored: { version: 7 } });
  outbox.add(entry(1, "VL"));
  await clock.pass(0);

  notFound(site, URL);
  outbox.add(entry(2, "VM"));
  await clock.pass(LONG);

  assert.deepEqual(of(reports, "refused"), [2]);
  assert.deepEqual(of(reports, "conflict"), [1]);
});

test("what was refused and then had no answer is said to be refused again", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  notFound(site, URL);
  outbox.add(entry(1, "VL"));
  outbox.add(entry(2, "VM"));
  await clock.pass(0);

  site.cut();
  await clock.pass(LONG);
  assert.deepEqual(reports.at(-1), ["waiting", 2]);
  notFound(site, URL);
  await clock.pass(LONG);

  assert.deepEqual(of(reports, "refused"), [1, 2, 1, 2]);
});

for (const status of [500, 503])
  test(`what is kept is asked about no more often while another read is answered with ${status}`, async () => {
    const { outbox, site, clock } = open(aBrowser());
    const failed = { status, ok: false, json: async () => ({ error: "It went wrong.", request_id: "ab12" }) };
    const asked = [];
    site.answer = (body, url) => {
      asked.push(url);
      return url === URL ? NOT_FOUND : failed;
    };

    outbox.add(entry(1, "VL"));
    outbox.add(entry(2, "VL", OTHER_URL));
    await clock.pass(LONG);

    const tries = (url) => asked.filter((each) => each === url).length;
    assert.ok(tries(URL) <= 5, `${tries(URL)} tries of what is kept in a minute`);
    assert.ok(tries(OTHER_URL) < 20, `${tries(OTHER_URL)} tries of what fails in a minute`);
  });

test("what is kept is tried again also while entries of another read go on", async () => {
  const { outbox, site, clock } = await openWithOneKept();
  site.reconnect();

  for (const score of [2, 3, 4]) {
    await clock.pass(10_000);
    outbox.add(entry(score, "VL", OTHER_URL));
  }
  await clock.pass(0);

  assert.ok(site.scores.includes(1));
});

test("what is kept is tried again also once the computer's clock was set back", async () => {
  const { outbox, site, clock } = await openWithOneKept();
  site.reconnect();

  clock.set(clock.now() - 3_600_000);
  await outbox.send(); // as its timer does

  assert.deepEqual(site.scores, [1]);
});

// What keeps a session alive ------------------------------------------------------------------------------------------

test("what goes out because somebody entered something is their use of the site, what goes out by itself is none", async () => {
  const { outbox, site, clock } = open(aBrowser());
  notFound(site, URL);

  outbox.add(entry(1, "VL"));
  await clock.pass(LONG);
  outbox.add(entry(2, "VM"));
  await clock.pass(LONG);

  assert.deepEqual(site.byThemselves, [false, true, true, true, true, false, true, true, true, true]);
});

for (const [name, answer] of [
  ["an error of the server's own", (site) => site.answerJson(500, { error: "It went wrong.", request_id: "ab12" })],
  ["no answer", (site) => site.cut()],
])
  test(`after ${name} it goes out by itself`, async () => {
    const { outbox, site, clock } = open(aBrowser());
    answer(site);

    outbox.add(entry(1));
    await clock.pass(LONG);

    assert.ok(site.asked > 5);
    assert.deepEqual(
      site.byThemselves,
      site.byThemselves.map((_, i) => i > 0),
    );
  });

test("what an earlier visit left goes out by itself", async () => {
  const browser = aBrowser();
  const earlier = open(browser);
  browser.site.answerJson(401, {});
  earlier.outbox.add(entry(1));
  await browser.clock.pass(0);
  browser.site.reconnect();

  open(browser).outbox.recover();
  await browser.clock.pass(0);

  assert.deepEqual(browser.site.byThemselves, [false, true]);
});
