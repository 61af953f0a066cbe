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
  [{ status: 403, revision: null, needs: "second factor" }, "unfinished"],
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

const OVER = new Error("over");

// A page that is followed over a list of answers, after which nobody looks at it. Resolves to what was done and said.
async function followOver(answers, { state = "ready", update = () => {} } = {}) {
  const [done, told, waits] = [[], [], []];
  const root = {
    dataset: { revision: "7", revisionUrl: "/revision/", state },
    toggleAttribute: (name, on) => done.push(on ? "stale" : "fresh"),
  };
  const browser = {
    sleep: async (milliseconds) => waits.push(milliseconds),
    visible: async () => {
      if (!answers.length) throw OVER;
    },
    askForRevision: async (url, shown) => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { revision: shown, ...answer };
    },
    update: async () => {
      done.push("updated");
      update(root);
    },
    tell: (_, why) => told.push(why),
  };
  await assert.rejects(
    follow(root, () => {}, browser),
    OVER,
  );
  return { done, told, waits };
}

test("an unchanged study changes nothing", async () => {
  const { done, told } = await followOver([{ status: 304 }, { status: 304 }]);

  assert.deepEqual(done, ["fresh", "fresh"]);
  assert.deepEqual(told, []);
});

test("a refusal is said once, asked about less often, and taken back once the study may be followed again", async () => {
  const cut = new TypeError("Failed to fetch");
  const answers = [{ status: 401 }, { status: 401 }, cut, { status: 404 }, { status: 304 }, { status: 304 }];

  const { told, waits } = await followOver(answers);

  assert.deepEqual(told, ["signed out", "no access", null]);
  assert.deepEqual(waits, [5000, 5000, 5000, 5000, 1000, 1000]);
});

test("a page that is refused while it is taken is no page to show", async () => {
  const update = () => {
    throw Object.assign(new Error("status 404"), { status: 404 });
  };

  const { done, told } = await followOver([{ status: 200, revision: 8 }], { update });

  assert.deepEqual(done, ["updated", "fresh"]);
  assert.deepEqual(told, ["no access"]);
});

test("a changed study is taken once", async () => {
  const update = (root) => Object.assign(root.dataset, { revision: "8" });

  const { done } = await followOver(
    [
      { status: 200, revision: 8 },
      { status: 200, revision: 8 },
    ],
    { update },
  );

  assert.deepEqual(done, ["updated", "fresh", "fresh"]);
});

test("a server out of reach makes the page stale until it answers, and is asked less often", async () => {
  const answers = [new TypeError("Failed to fetch"), { status: 502 }, { status: 304 }];

  const { done, waits } = await followOver(answers);

  assert.deepEqual(done, ["stale", "stale", "fresh"]);
  assert.deepEqual(waits, [5000, 5000, 1000]);
});

test("an update that fails makes the page stale and is tried again", async () => {
  let tries = 0;
  const update = (root) => {
    tries += 1;
    if (tries === 1) throw new Error("status 500");
    Object.assign(root.dataset, { revision: "8" });
  };

  const { done } = await followOver(
    [
      { status: 200, revision: 8 },
      { status: 200, revision: 8 },
    ],
    { update },
  );

  assert.deepEqual(done, ["updated", "stale", "updated", "fresh"]);
});

test("a page whose answer is being computed takes no page of which it is refused", async () => {
  const { done, told } = await followOver([{ status: 401 }], { state: "computing" });

  assert.deepEqual(done, ["fresh"]);
  assert.deepEqual(told, ["signed out"]);
});

test("a page of something in between makes the page stale, and is asked for again", async () => {
  const update = () => {
    throw Object.assign(new Error("status 200"), { status: 200 });
  };

  const { done, told } = await followOver([{ status: 200, revision: 8 }], { update });

  assert.deepEqual(done, ["updated", "stale"]);
  assert.deepEqual(told, []);
});

test("a page that came while its answer was being computed takes it, though the study is as it was", async () => {
  const update = (root) => Object.assign(root.dataset, { state: "ready" });

  const { done } = await followOver([{ status: 304 }], { state: "computing", update });

  assert.deepEqual(done, ["updated", "fresh"]);
});
