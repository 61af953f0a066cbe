// What a page that follows something asks, and what it takes for an answer.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { askForJson } from "../../static/lib/looking.js";

const asked = [];
let answer;

beforeEach(() => {
  asked.length = 0;
  globalThis.document = { querySelector: () => ({ dataset: { user: "jörg" } }) };
  globalThis.fetch = async (url, options) => {
    asked.push({ url, ...options });
    return answer;
  };
});
afterEach(() => {
  delete globalThis.document;
  delete globalThis.fetch;
});

const unreadable = (status) => new Response("<title>Wi-Fi of the clinic</title>", { status });

test("asks in the name of the page's user, and as nobody's use of the site", async () => {
  answer = Response.json({ revision: 8 });

  assert.deepEqual(await askForJson("/revision/", { "If-None-Match": "7" }), { revision: 8, status: 200 });

  const [{ url, headers, cache, signal }] = asked;
  assert.deepEqual([url, cache, signal.aborted], ["/revision/", "no-store", false]);
  assert.deepEqual(headers, {
    Accept: "application/json",
    "X-Background": "1",
    "X-User": "j%C3%B6rg",
    "If-None-Match": "7",
  });
});

test("an answer that says all is well and cannot be read is none", async () => {
  answer = unreadable(200);

  await assert.rejects(askForJson("/jobs/1.json"));
});

for (const status of [401, 403, 404, 502])
  test(`${status} is an answer, whatever it holds`, async () => {
    answer = unreadable(status);

    assert.deepEqual(await askForJson("/jobs/1.json"), { status });
  });

test("what is as it was says no more", async () => {
  answer = new Response(null, { status: 304 });

  assert.deepEqual(await askForJson("/revision/"), { status: 304 });
});

test("a refusal says what it needs", async () => {
  answer = Response.json({ needs: "second factor" }, { status: 403 });

  assert.deepEqual(await askForJson("/revision/"), { needs: "second factor", status: 403 });
});
