// What a reader is told of what waits when they sign out.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords } from "../../static/grading/sign-out.js";

const grade = (muscle) => ({ slot: `/1/#${muscle}`, body: { muscle } });
const comment = { slot: "/1/#comment", body: { comment: "motion" } };

for (const [entries, words] of [
  [[], ""],
  [[grade("VL")], "1 grade is not sent yet"],
  [[grade("VL"), grade("VM"), grade("VL")], "2 grades are not sent yet"],
  [[comment], "1 comment or description is not sent yet"],
  [[grade("VL"), comment, comment], "1 grade and 1 comment or description are not sent yet"],
])
  test(`${entries.length} entries are named: ${words}`, () => assert.equal(inWords(entries), words));
