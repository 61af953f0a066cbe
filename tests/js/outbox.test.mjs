// What the outbox does with every answer, and with none: nothing that was entered is lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox, uuid } from "../../static/grading/outbox.js";
import { aBrowser, settled } from "./browser.mjs";
import { enter, entry, LONG, open, URL, waiting } from "./outboxes.mjs";

test("what is entered is sent in the order of entering, each once", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());

  enter(outbox, 1, 2, 3);
  await clock.pass(0);

  assert.deepEqual(site.scores, [1, 2, 3]);
  assert.equal(site.asked, 3);
  assert.deepEqual(waiting(outbox), []);
  assert.deepEqual(
    reports.filter(([state]) => state === "saved"),
    [1, 2, 3].map((score) => ["saved", score]),
  );
});

test("an entry lies in the storage before anything is sent, and leaves it when the server has it", async () => {
  const browser = aBrowser();
  const { outbox, clock } = open(browser);

  enter(outbox, 1);
  assert.equal(browser.storage.length, 1);
  await clock.pass(0);

  assert.equal(browser.storage.length, 0);
});

test("without a connection it waits, is tried again ever more rarely, and goes out in order", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  site.cut();

  enter(outbox, 1, 2);
  await clock.pass(LONG);
  const tries = site.asked;
  assert.deepEqual(waiting(outbox), [1, 2]);
  assert.deepEqual(reports.at(-1), ["waiting", 2]);
  assert.ok(tries > 5 && tries < 20, `${tries} tries in a minute`);
  site.reconnect();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1, 2]);
  assert.deepEqual(waiting(outbox), []);
});

test("after a long cut it is sent within seconds", async () => {
  const { outbox, site, clock } = open(aBrowser());
  site.cut();
  enter(outbox, 1);
  await clock.pass(600_000);

  site.reconnect();
  await clock.pass(5000);

  assert.deepEqual(site.scores, [1]);
});

test("the browser's word that it is online again is not waited for in vain", async () => {
  const { outbox, site, clock, events } = open(aBrowser());
  site.cut();
  enter(outbox, 1);
  await clock.pass(0);
  site.reconnect();

  events.dispatchEvent(new Event("online"));
  await clock.pass(0);

  assert.deepEqual(site.scores, [1]);
});

const NOT_THE_SERVERS_WORD = [
  ["a portal's page with 200", (site) => site.answerHtml(200)],
  ["a proxy's page with 403", (site) => site.answerHtml(403)],
  ["a proxy's page with 404", (site) => site.answerHtml(404)],
  ["a proxy's page with 422", (site) => site.answerHtml(422)],
  ["a proxy's page with 409", (site) => site.answerHtml(409)],
  ["a gateway's 502", (site) => site.answerHtml(502)],
  ["an error of the server's own", (site) => site.answerJson(500, { error: "Something broke." })],
  ["too many requests", (site) => site.answerJson(429, { error: "Wait." })],
  ["JSON of another service with 200", (site) => site.answerJson(200, { status: "ok" })],
  ["a missing second factor", (site) => site.answerJson(403, { error: "Set up a second factor first." })],
];

for (const [name, answer] of NOT_THE_SERVERS_WORD) {
  test(`${name} leaves it waiting`, async () => {
    const { outbox, site, clock } = open(aBrowser());
    answer(site);
    enter(outbox, 1);
    await clock.pass(LONG);
    assert.deepEqual(waiting(outbox), [1]);

    site.reconnect();
    await clock.pass(LONG);

    assert.deepEqual(site.scores, [1]);
  });
}

const failsAt = (site, failing) => {
  const fail = {
    status: 500,
    ok: false,
    json: async () => ({ error: "It went wrong: number ab12.", request_id: "ab12" }),
  };
  site.answer = ({ score }) => failing.includes(score) && fail;
};

test("what the server fails at holds up nothing else, is said in its words, and goes out once it can", async () => {
  const { outbox, site, clock, said } = open(aBrowser());
  failsAt(site, [1, 2]);

  for (const [score, slot] of [
    [1, "VL"],
    [2, "VM"],
    [3, "VI"],
    [4, "RF"],
  ])
    outbox.add(entry(score, slot));
  await clock.pass(0);
  assert.deepEqual(site.scores, [3, 4]);
  assert.ok(said.some(([state, score, error]) => state === "waiting" && score === 1 && error.includes("ab12")));
  await clock.pass(LONG);
  assert.deepEqual(waiting(outbox), [1, 2]);
  site.reconnect();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [3, 4, 1, 2]);
});

test("however many the server fails at, each other one has its turn, and each muscle its order", async () => {
  const { outbox, site, clock } = open(aBrowser());
  failsAt(site, [1, 2, 3, 4, 5]);

  for (const [i, slot] of ["VL", "VM", "VI", "RF", "SA", "GR"].entries()) outbox.add(entry(i + 1, slot));
  outbox.add(entry(7, "VL"));
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [6]);
  assert.deepEqual(waiting(outbox), [1, 2, 3, 4, 5, 7]);
});

test("a server that fails at everything is asked now and then, not for each entry", async () => {
  const { outbox, site, clock } = open(aBrowser());
  const muscles = Array.from({ length: 10 }, (_, i) => i);
  failsAt(site, muscles);
  for (const i of muscles) outbox.add(entry(i, `M${i}`));
  await clock.pass(LONG);
  const { asked } = site;

  site.reconnect();
  await clock.pass(5000);

  assert.ok(asked < 60, `${asked} tries in a minute`);
  assert.equal(site.stored.length, 10);
});

const GONE = { error: "Taken out of the study.", gone: true };
for (const [status, said] of [
  [404, GONE],
  [422, { error: "No." }],
  [423, { error: "No." }],
]) {
  test(`refused with ${status} and a reason it is dropped, said, and the next one goes out`, async () => {
    const { outbox, site, clock, reports } = open(aBrowser());
    site.answer = ({ score }) => score === 1 && { status, ok: false, json: async () => said };

    enter(outbox, 1, 2);
    await clock.pass(0);

    assert.ok(reports.some(([state, score]) => state === "refused" && score === 1));
    assert.deepEqual(site.scores, [2]);
    assert.deepEqual(waiting(outbox), []);
  });
}

test("an ended session stops everything until its user has signed in, and nothing is tried meanwhile", async () => {
  const { outbox, site, clock, reports, events } = open(aBrowser());
  site.answerJson(401, { error: "Sign in again." });

  enter(outbox, 1, 2);
  await clock.pass(LONG);
  events.dispatchEvent(new Event("online"));
  await clock.pass(LONG);
  assert.equal(site.asked, 1);
  assert.deepEqual(reports.at(-1), ["signed-out", 1]);
  site.reconnect();
  outbox.resume();
  await clock.pass(0);

  assert.deepEqual(site.scores, [1, 2]);
});

const conflictAt = (site, slot) => {
  site.answer = (body) =>
    body.score === slot && { status: 409, ok: false, json: async () => ({ stored: { version: 7 } }) };
};

test("a conflict holds back its own slot alone, and everything of it", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  conflictAt(site, 1);

  outbox.add(entry(1, "VL"));
  outbox.add(entry(2, "VM"));
  outbox.add(entry(3, "VL"));
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [2]);
  assert.deepEqual(waiting(outbox), [1, 3]);
  assert.equal(reports.filter(([state]) => state === "conflict").length, 1);
});

test("once somebody has chosen, what waited for the slot is gone, and the next entry goes out", async () => {
  const { outbox, site, clock } = open(aBrowser());
  conflictAt(site, 1);
  outbox.add(entry(1, "VL"));
  await clock.pass(0);

  outbox.forget(`${URL}#VL`);
  outbox.add(entry(3, "VL"));
  await clock.pass(0);

  assert.deepEqual(site.scores, [3]);
  assert.deepEqual(waiting(outbox), []);
});

test("a question that was answered elsewhere lets the slot be sent again", async () => {
  const { outbox, site, clock } = open(aBrowser());
  conflictAt(site, 1);
  outbox.add(entry(1, "VL"));
  await clock.pass(0);
  site.reconnect();

  outbox.unpark(`${URL}#VL`);
  await clock.pass(0);

  assert.deepEqual(site.scores, [1]);
});

test("an answer that got lost is asked for again, with the same key", async () => {
  const { outbox, site, clock } = open(aBrowser());
  site.answer = (body) => {
    site.stored.push(body);
    site.reconnect();
    return Promise.reject(new TypeError("Failed to fetch"));
  };

  enter(outbox, 1);
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1]);
  assert.deepEqual(waiting(outbox), []);
});

test("a page that fails while it shows an answer does not end the sending", async () => {
  const browser = aBrowser();
  const earlier = open(browser);
  earlier.site.answerJson(401, {});
  enter(earlier.outbox, 1, 2);
  await settled();
  browser.site.reconnect();
  let shown = 0;
  const report = () => {
    shown += 1;
    if (shown === 1) throw new Error("a fault of the page");
  };

  await assert.rejects(new Outbox("ann", report, browser).send(), /a fault of the page/);
  await browser.clock.pass(LONG);

  assert.deepEqual(browser.site.scores, [1, 2]);
});

test("idle is said when nothing more can be sent", async () => {
  const { outbox, site, clock } = open(aBrowser());
  const left = [];
  outbox.addEventListener("idle", () => left.push(outbox.entries.length));
  site.cut();
  enter(outbox, 1);
  await clock.pass(0);
  site.reconnect();
  await clock.pass(LONG);

  assert.deepEqual([left[0], left.at(-1)], [1, 0]);
});

test("keys are UUIDs of version 4, and no two alike", () => {
  const keys = Array.from({ length: 1000 }, uuid);

  assert.equal(new Set(keys).size, 1000);
  for (const key of keys) assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
