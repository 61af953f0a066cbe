// A figure as PNG that is still being computed: asked for again, as often as the server says, and not for good.

import assert from "node:assert/strict";
import test from "node:test";
import { download } from "../../static/analysis/download.js";

function link() {
  const attributes = new Map();
  return {
    href: "/figure.svg?download",
    setAttribute: (name, value) => attributes.set(name, value),
    getAttribute: (name) => attributes.get(name) ?? null,
    removeAttribute: (name) => attributes.delete(name),
  };
}

const answer = (status, after) => ({ status, headers: new Headers(after ? { "Retry-After": after } : {}) });

// A browser whose time passes only while something sleeps; the last answer is given again and again.
function browser(...answers) {
  const did = { asked: 0, waits: [], kept: [], opened: [] };
  let time = 0;
  const given = {
    now: () => time,
    sleep: async (milliseconds) => {
      did.waits.push(milliseconds);
      time += milliseconds;
    },
    ask: async () => {
      did.asked += 1;
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof Error) throw next;
      return next;
    },
    keep: async (response) => did.kept.push(response.status),
    open: (address) => did.opened.push(address),
  };
  return { did, given };
}

test("waits as long as the server says, within bounds, and keeps the figure", async () => {
  const { did, given } = browser(
    answer(202, "5"),
    answer(202),
    answer(202, "0"),
    answer(202, "soon"),
    answer(202, "86400"),
    answer(200),
  );
  const png = link();

  await download(png, given);

  assert.deepEqual(did.waits, [5000, 1000, 1000, 1000, 10_000]);
  assert.deepEqual([did.kept, did.opened], [[200], []]);
  assert.equal(png.getAttribute("aria-busy"), null);
});

test("ends after five minutes, and opens the page that waits", async () => {
  const { did, given } = browser(answer(202, "5"));
  const png = link();

  await download(png, given);

  assert.equal(did.waits.length, 60);
  assert.deepEqual([did.kept, did.opened], [[], ["/figure.svg?download"]]);
  assert.equal(png.getAttribute("aria-busy"), null);
});

test("opens what says why there is no figure", async () => {
  for (const failed of [answer(422), new Error("cut")]) {
    const { did, given } = browser(failed);

    await download(link(), given);

    assert.deepEqual([did.asked, did.kept, did.opened], [1, [], ["/figure.svg?download"]]);
  }
});

test("does not begin again while it is at it", async () => {
  const { did, given } = browser(answer(202, "5"), answer(200));
  const png = link();

  await Promise.all([download(png, given), download(png, given)]);
  assert.deepEqual([did.asked, did.kept], [2, [200]]);

  await download(png, given);
  assert.deepEqual([did.asked, did.kept], [3, [200, 200]]);
});
