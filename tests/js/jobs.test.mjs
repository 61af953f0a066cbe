// Following a job: until it has ended, or may not be seen any more.

import assert from "node:assert/strict";
import test from "node:test";
import { follow } from "../../static/jobs/jobs.js";

const part = () => ({ textContent: "", setAttribute() {}, removeAttribute() {}, querySelector: part });

function page(state) {
  const parts = new Map();
  const find = (selector) => parts.get(selector) ?? parts.set(selector, part()).get(selector);
  const outdated = [part()];
  const parentElement = { querySelectorAll: () => outdated };
  return { dataset: { state, job: "/jobs/1.json" }, querySelector: find, parentElement, outdated };
}

function asked(answers) {
  const [waits, told] = [[], []];
  const given = {
    tell: (_, why) => told.push(why),
    sleep: async (milliseconds) => waits.push(milliseconds),
    visible: async () => {},
    ask: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { given, waits, told };
}

const running = {
  state: "running",
  words: "1 of 2",
  done: 1,
  total: 2,
  is_active: true,
  is_stop_asked: false,
  result_url: "",
};
const done = { ...running, state: "done", words: "It is done.", is_active: false };

test("follows until the job has ended, through outages", async () => {
  const root = page("waiting");
  const answers = [{ status: 200, ...running }, new Error("cut"), { status: 502 }, { status: 200, ...done }];
  const { given, waits } = asked(answers);

  await follow(root, given);

  assert.equal(waits.length, 4);
  assert.equal(root.dataset.state, "done");
  assert.equal(root.querySelector("[data-job-words]").textContent, "It is done.");
  assert.equal(root.querySelector("[data-job-end]").textContent, "It is done.");
  assert.equal(root.querySelector("[data-job-bar]").hidden, true);
});

test("says while nobody answers that what it shows is not new", async () => {
  const root = page("running");
  const { given } = asked([new Error("cut"), { status: 200, ...done }]);
  const seen = [];
  const isCutOff = () => seen.push(root.querySelector("[data-job-cut-off]").hidden);

  await follow(root, { ...given, sleep: isCutOff });

  assert.deepEqual(seen, [false, true]);
});

test("what the result outdates goes once there is one", async () => {
  const [stopped, imported] = [page("running"), page("running")];

  await follow(
    stopped,
    asked([
      { status: 200, ...running },
      { status: 200, ...done, state: "stopped" },
    ]).given,
  );
  await follow(
    imported,
    asked([
      { status: 200, ...running },
      { status: 200, ...done, result_url: "/data/" },
    ]).given,
  );

  assert.equal(stopped.outdated[0].hidden, false);
  assert.equal(imported.outdated[0].hidden, true);
});

test("asks nothing of a job that has ended", async () => {
  const { given, waits } = asked([]);

  await follow(page("stopped"), given);

  assert.deepEqual(waits, []);
});

test("says once that a job may not be seen, and follows it again once it may", async () => {
  const refused = [401, 401, 502, 404].map((status) => ({ status }));
  const unfinished = { status: 403, needs: "second factor" };
  const { given, told, waits } = asked([...refused, unfinished, { status: 200, ...running }, { status: 200, ...done }]);
  const root = page("running");

  await follow(root, given);

  assert.deepEqual(told, ["signed out", "no access", "unfinished"]);
  assert.deepEqual(waits, [5000, 5000, 5000, 5000, 5000, 1000, 1000]);
  assert.equal(root.querySelector("[data-job-words]").textContent, "It is done.");
});
