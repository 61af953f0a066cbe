// How an open page follows the study.

import assert from "node:assert/strict";
import { test } from "node:test";

import { follow, nextStep, whatChanged } from "../../static/analysis/live.js";

const STEPS = [
  [{ status: 304, revision: null }, "stay"],
  [{ status: 200, revision: 7 }, "stay"],
  [{ status: 200, revision: 8 }, "update"],
  [{ status: 200, revision: 6 }, "update"], // a backup that was restored
  [{ status: 401, revision: null }, "signed out"],
  [{ status: 403, revision: null }, "no access"],
  [{ status: 404, revision: null }, "no access"],
  [{ status: 429, revision: null }, "wait"],
  [{ status: 500, revision: null }, "wait"],
  [{ status: 502, revision: null }, "wait"],
];

for (const [answer, step] of STEPS) {
  test(`${answer.status} with ${answer.revision} over 7: ${step}`, () => assert.equal(nextStep(answer, 7), step));
}

test("what changed is said in reads, or else in data", () => {
  const before = { signedOff: 3, dataVersion: "a" };

  assert.equal(whatChanged(before, { signedOff: 4, dataVersion: "b" }), "1 read more signed off");
  assert.equal(whatChanged(before, { signedOff: 5, dataVersion: "b" }), "2 reads more signed off");
  assert.equal(whatChanged(before, { signedOff: 2, dataVersion: "b" }), "1 read reopened");
  assert.equal(whatChanged(before, { signedOff: 3, dataVersion: "b" }), "the data behind the comparison");
  assert.equal(whatChanged(before, { signedOff: 3, dataVersion: "a" }), "nothing in the comparison");
});

// A page that is followed over a list of answers, the last of which ends it. Resolves to what was done.
async function followOver(answers, { state = "ready", update = () => {} } = {}) {
  const done = [];
  let ended = "";
  const root = {
    dataset: { revision: "7", revisionUrl: "/revision/", state },
    toggleAttribute: (name, on) => done.push(on ? "stale" : "fresh"),
  };
  const browser = {
    sleep: async () => {},
    visible: async () => done.push("looked at"),
    askForRevision: async (url, shown) => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { revision: shown, ...answer };
    },
    update: async () => {
      done.push("updated");
      update(root);
    },
    end: (_, why) => {
      ended = why;
    },
  };
  await follow(root, () => {}, browser);
  return { done: done.filter((what) => what !== "looked at"), looks: done.length, ended };
}

const END = { status: 401 };

test("an unchanged study changes nothing, and being signed out ends it", async () => {
  const { done, ended } = await followOver([{ status: 304 }, { status: 304 }, END]);

  assert.deepEqual(done, ["fresh", "fresh"]);
  assert.equal(ended, "signed out");
});

test("a changed study is taken once", async () => {
  const update = (root) => Object.assign(root.dataset, { revision: "8" });

  const { done } = await followOver([{ status: 200, revision: 8 }, { status: 200, revision: 8 }, END], { update });

  assert.deepEqual(done, ["updated", "fresh", "fresh"]);
});

test("a server out of reach makes the page stale until it answers", async () => {
  const { done } = await followOver([new TypeError("Failed to fetch"), { status: 502 }, { status: 304 }, END]);

  assert.deepEqual(done, ["stale", "stale", "fresh"]);
});

test("an update that fails makes the page stale and is tried again", async () => {
  let tries = 0;
  const update = (root) => {
    tries += 1;
    if (tries === 1) throw new Error("status 500");
    Object.assign(root.dataset, { revision: "8" });
  };

  const { done } = await followOver([{ status: 200, revision: 8 }, { status: 200, revision: 8 }, END], { update });

  assert.deepEqual(done, ["updated", "stale", "updated", "fresh"]);
});

test("a page that came while its answer was being computed takes it before it asks anything", async () => {
  const update = (root) => Object.assign(root.dataset, { state: "ready" });

  const { done } = await followOver([{ status: 304 }, END], { state: "computing", update });

  assert.deepEqual(done, ["updated", "fresh"]);
});
