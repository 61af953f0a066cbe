// Following a job: until it has ended, or may not be seen any more.

import assert from "node:assert/strict";
import test from "node:test";
import { follow } from "../../static/jobs/jobs.js";

const part = () => ({ textContent: "", setAttribute() {}, removeAttribute() {}, querySelector: part });

function page(state) {
  const parts = new Map();
  const find = (selector) => parts.get(selector) ?? parts.set(selector, part()).get(selector);
  return { dataset: { state, job: "/jobs/1.json" }, querySelector: find };
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
  const answers = [
    { status: 200, job: running },
    new Error("cut"),
    { status: 502, job: null },
    { status: 200, job: done },
  ];
  const { given, waits } = asked(answers);

  await follow(root, given);

  assert.equal(waits.length, 4);
  assert.equal(root.dataset.state, "done");
  assert.equal(root.querySelector("[data-job-words]").textContent, "It is done.");
  assert.equal(root.querySelector("[data-job-end]").textContent, "It is done.");
  assert.equal(root.querySelector("[data-job-bar]").hidden, true);
});

test("asks nothing of a job that has ended", async () => {
  const { given, waits } = asked([]);

  await follow(page("stopped"), given);

  assert.deepEqual(waits, []);
});

test("says once that a job may not be seen, and follows it again once it may", async () => {
  const refused = [401, 401, 502, 404].map((status) => ({ status, job: null }));
  const unfinished = { status: 403, needs: "second factor", job: {} };
  const { given, told, waits } = asked([
    ...refused,
    unfinished,
    { status: 200, job: running },
    { status: 200, job: done },
  ]);
  const root = page("running");

  await follow(root, given);

  assert.deepEqual(told, ["signed out", "no access", "unfinished"]);
  assert.deepEqual(waits, [5000, 5000, 5000, 5000, 5000, 1000, 1000]);
  assert.equal(root.querySelector("[data-job-words]").textContent, "It is done.");
});
