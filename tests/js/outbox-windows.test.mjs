// What an outbox says of what another window of its user has dealt with.

import assert from "node:assert/strict";
import { test } from "node:test";

import { aBrowser } from "./browser.mjs";
import { entry, LONG, open, URL, waiting } from "./outboxes.mjs";

const TROUBLES = [
  ["found no read", (site) => site.answerJson(404, { error: "Not yours." }), "refused"],
  ["had no answer", (site) => site.cut(), "waiting"],
];

for (const [name, answer, state] of TROUBLES)
  test(`what ${name} and was sent from another window is no longer said to be ${state}, and is tried no more`, async () => {
    const browser = aBrowser();
    const { outbox, site, clock, reports } = open(browser);
    answer(site);
    outbox.add(entry(1, "VL"));
    outbox.add(entry(2, "VM"));
    await clock.pass(0);
    assert.deepEqual(reports.at(-1), [state, 2]);

    site.reconnect();
    await open(browser).outbox.send();
    const { asked } = site;
    await clock.pass(LONG);

    assert.deepEqual(site.scores, [1, 2]);
    assert.deepEqual(reports.slice(-2), [
      ["", 1],
      ["", 2],
    ]);
    assert.equal(site.asked, asked);
    assert.equal(clock.timers, 0);
  });

// The first request has no answer before goOn() is called.
function holdFirst(site) {
  let goOn;
  const held = new Promise((resolve) => {
    goOn = resolve;
  });
  site.answer = () => {
    site.reconnect();
    return held;
  };
  return () => goOn();
}

for (const [name, muscles] of [
  ["of other muscles", ["VL", "VM", "VI"]],
  ["of one muscle", ["VL", "VL", "VL"]],
])
  test(`what a window that was just opened sends first is not sent again where it was entered: ${name}`, async () => {
    const browser = aBrowser();
    const { outbox, site, clock, reports } = open(browser);
    const goOn = holdFirst(site);
    for (const [score, muscle] of muscles.entries()) outbox.add(entry(score + 1, muscle));
    await clock.pass(0);

    open(browser).outbox.recover();
    await clock.pass(0);
    assert.deepEqual(waiting(outbox), []);
    const { asked } = site;
    goOn();
    await clock.pass(LONG);

    assert.equal(site.asked, asked); // something newer may stand there by now
    assert.deepEqual(site.scores, [1, 2, 3]);
    assert.deepEqual(
      reports.filter(([state]) => state !== "saving"),
      [
        ["saved", 1],
        ["", 2],
        ["", 3],
      ],
    );
  });

test("while one entry of a muscle is left, it is still said to wait", async () => {
  const browser = aBrowser();
  const { outbox, site, clock, reports } = open(browser);
  site.cut();
  outbox.add(entry(1));
  outbox.add(entry(2));
  await clock.pass(0);

  site.answer = ({ score }) => (score === 2 ? Promise.reject(new TypeError("Failed to fetch")) : undefined);
  await open(browser).outbox.send();
  await clock.pass(LONG);

  assert.deepEqual(waiting(outbox), [2]);
  assert.deepEqual(new Set(reports.map(([state]) => state)), new Set(["saving", "waiting"]));
});

test("so it is with what another window entered and the server failed at here", async () => {
  const browser = aBrowser();
  const { outbox, site, clock, events } = open(browser);
  const { reports } = open(browser);
  site.answerJson(500, { error: "It went wrong.", request_id: "ab12" });
  outbox.add(entry(1));
  events.dispatchEvent(new Event("online"));
  await clock.pass(0);
  assert.deepEqual(reports, [["waiting", 1]]);

  site.reconnect();
  await outbox.send();
  await clock.pass(LONG);

  assert.deepEqual(reports.at(-1), ["", 1]);
});

test("what an earlier visit left and another window sends first is said, too", async () => {
  const browser = aBrowser();
  const { site, clock } = browser;
  site.answerJson(401, {});
  open(browser).outbox.add(entry(1));
  await clock.pass(0);
  site.reconnect();
  const slow = { between: () => new Promise(() => {}) }; // as a disk that is busy
  const { outbox, reports } = open({ ...browser, copies: slow });

  outbox.recover();
  await open(browser).outbox.send();
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [1]);
  assert.deepEqual(reports, [["", 1]]);
});

test("a question that was answered in another window is none here, which is said", async () => {
  const browser = aBrowser();
  const { outbox, site, clock, reports } = open(browser);
  site.answerJson(409, { stored: { version: 7 } });
  outbox.add(entry(1));
  await clock.pass(0);
  assert.deepEqual(reports.at(-1), ["conflict", 1]);

  open(browser).outbox.forget(`${URL}#VL`);
  outbox.unpark(`${URL}#VL`);
  await clock.pass(0);

  assert.deepEqual(reports.at(-1), ["", 1]);
});

test("what somebody chose here is not said to have been dealt with elsewhere", async () => {
  const { outbox, site, clock, reports } = open(aBrowser());
  site.answerJson(409, { stored: { version: 7 } });
  outbox.add(entry(1));
  await clock.pass(0);

  outbox.forget(`${URL}#VL`);
  await outbox.send();

  assert.deepEqual(reports.at(-1), ["conflict", 1]);
});

test("what this window sent last is not said to have been dealt with elsewhere", async () => {
  const browser = aBrowser();
  const { outbox, site, clock, reports } = open(browser);
  site.answerJson(404, { error: "Not yours." });
  outbox.add(entry(1));
  outbox.add(entry(2));
  await clock.pass(0);

  const [first] = outbox.entries;
  site.reconnect();
  browser.storage.removeItem(first.name); // another window has sent the older one
  await clock.pass(LONG);

  assert.deepEqual(site.scores, [2]);
  assert.deepEqual(reports.at(-1), ["saved", 2]);
});

test("what waits for a choice alone is not looked after every few seconds", async () => {
  const { outbox, site, clock } = open(aBrowser());
  site.answerJson(409, { stored: { version: 7 } });

  outbox.add(entry(1));
  await clock.pass(0);

  assert.equal(clock.timers, 0);
});
