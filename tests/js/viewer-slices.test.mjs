// How slices come: nearest first, few at a time, again where one fails; and the next case's after them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Cases } from "../../static/viewer/cases.js";
import { Scan } from "../../static/viewer/scan.js";
import { Fetching, Slices, unpacked } from "../../static/viewer/slices.js";
import { Clock, settled } from "./browser.mjs";

const manifestOf = (slices, url = "/a/", version = "v1") => ({ rows: 1, columns: 2, bits: 16, slices, url, version });
const BYTES = Uint8Array.of(1, 2, 3, 4); // the pixels 0x0301 and 0x0402

// Answers when it is told to.
class Server {
  asked = [];
  versions = new Set();
  #waiting = [];

  ask = (address, { signal }) => {
    const [url, version] = address.split("?of=");
    this.asked.push(url);
    this.versions.add(version);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((each) => each.resolve !== resolve);
        reject(new DOMException("", "AbortError"));
      };
      if (signal.aborted) throw new Error("A browser would ask for ever");
      this.#waiting.push({ url, resolve, reject });
      signal.addEventListener("abort", giveUp);
    });
  };

  get open() {
    return this.#waiting.map(({ url }) => url);
  }

  async answer(bytes = BYTES) {
    const { resolve, reject } = this.#waiting.shift();
    if (bytes) resolve(bytes);
    else reject(new TypeError("Failed to fetch"));
    await settled();
  }

  async answerGone() {
    this.#waiting.shift().reject(Object.assign(new Error("404"), { isGone: true }));
    await settled();
  }
}

function begun(...stacks) {
  const [server, clock] = [new Server(), new Clock()];
  const fetching = new Fetching({ ask: server.ask, clock });
  fetching.take(stacks);
  return { server, clock, fetching };
}

test("low bytes come first, then high ones; a slice that is cut off is none", () => {
  assert.deepEqual([...unpacked(BYTES, manifestOf(1))], [0x0301, 0x0402]);
  assert.deepEqual([...unpacked(Uint8Array.of(7, 8), { rows: 1, columns: 2, bits: 8 })], [7, 8]);
  assert.throws(() => unpacked(Uint8Array.of(1, 2, 3), manifestOf(1)), RangeError);
});

test("the middle comes first, then its neighbours, three at a time", async () => {
  const { server } = begun(new Slices(manifestOf(7)));

  assert.deepEqual(server.asked, ["/a/3/", "/a/2/", "/a/4/"]);
  await server.answer();
  assert.deepEqual(server.asked.slice(3), ["/a/1/"]);
});

test("of two stacks the nearest come first, in turn", () => {
  const { server } = begun(new Slices(manifestOf(7)), new Slices(manifestOf(5, "/b/")));

  assert.deepEqual(server.asked, ["/a/3/", "/b/2/", "/a/2/"]);
});

test("what is looked at does not wait for what is on its way, and the order follows it", async () => {
  const slices = new Slices(manifestOf(100));
  const { server, fetching } = begun(slices);
  slices.at = 90;
  fetching.go();

  assert.deepEqual(server.asked.slice(3), ["/a/90/"]);
  await server.answer();
  await server.answer();
  assert.deepEqual(server.asked.slice(4), ["/a/89/"]);
});

test("a slice that fails is said, asked for again later, and then shown", async () => {
  const slices = new Slices(manifestOf(1));
  const said = [];
  for (const type of ["come", "failed"]) slices.addEventListener(type, ({ number }) => said.push(`${type} ${number}`));
  const { server, clock } = begun(slices);

  await server.answer(null);
  assert.ok(slices.hasFailed(0));
  await clock.pass(499);
  assert.equal(server.asked.length, 1);
  await clock.pass(1);
  await server.answer(Uint8Array.of(1)); // cut off
  await clock.pass(1999);
  assert.equal(server.asked.length, 2);
  await clock.pass(1);
  await server.answer();

  assert.deepEqual(said, ["failed 0", "failed 0", "come 0"]);
  assert.ok(!slices.hasFailed(0));
  assert.deepEqual([...slices.pixels(0)], [0x0301, 0x0402]);
});

test("a failed slice keeps no other from coming, and all are asked for at once when the connection is back", async () => {
  const { server, fetching } = begun(new Slices(manifestOf(3)));
  for (let i = 0; i < 3; i++) await server.answer(null);
  assert.equal(server.asked.length, 3);

  fetching.retry();

  assert.equal(server.asked.length, 6);
});

test("another case's slices are given up", async () => {
  const { server, fetching } = begun(new Slices(manifestOf(9)));
  fetching.take([new Slices(manifestOf(9, "/b/"))]);
  await settled();

  assert.deepEqual(
    server.asked.filter((url) => url.startsWith("/b/")),
    ["/b/4/", "/b/3/", "/b/5/"],
  );
});

test("the next case's slices wait for all of this one's", async () => {
  const ahead = new Slices(manifestOf(3, "/b/"), { reach: 1, isAhead: true });
  const { server } = begun(ahead, new Slices(manifestOf(4)));
  await server.answer();

  assert.deepEqual(server.asked, ["/a/2/", "/a/1/", "/a/3/", "/a/0/"]);
});

const listed = (name, next, slices = 5) => ({
  code: name,
  left: "STIR",
  right: null,
  stacks: { STIR: manifestOf(slices, `/${name}/`) },
  next,
});

function withCases(answers) {
  const [server, clock, told, asked] = [new Server(), new Clock(), [], []];
  const fetching = new Fetching({ ask: server.ask, clock });
  const ask = async (url) => {
    asked.push(url);
    if (!answers[url]) throw new TypeError("Failed to fetch");
    if (answers[url].isGone) throw answers[url];
    return structuredClone(answers[url]);
  };
  const cases = new Cases(fetching, ask, (words) => told.push(words), clock);
  return { server, clock, told, asked, cases };
}

test("the next case's first slices come last, and are there at once when it comes up", async () => {
  const { server, asked, cases } = withCases({ "/1/": listed("a", "/2/"), "/2/": listed("b", null) });
  const first = await cases.open("/1/");
  for (let i = 0; i < 5; i++) await server.answer();

  assert.deepEqual(asked, ["/1/", "/2/"]);
  assert.equal(first.slices[0].loaded, 5);
  assert.deepEqual(server.asked.slice(5), ["/b/2/", "/b/1/", "/b/3/"]);
  for (let i = 0; i < 3; i++) await server.answer();
  assert.equal(server.asked.length, 8); // and no more of it

  const second = await cases.open("/2/");
  assert.ok(second.slices[0].pixels());
  assert.deepEqual(asked, ["/1/", "/2/"]);
  assert.deepEqual(server.asked.slice(8), ["/b/0/", "/b/4/"]);
});

test("of three sequences the one that was turned away from comes whole once it is turned back to", async () => {
  const listing = { ...listed("a", null, 3), right: "T1W" };
  for (const name of ["T1W", "T2FS"]) listing.stacks[name] = manifestOf(3, `/${name}/`);
  const scan = new Scan("/1/", listing);
  const { server, fetching } = begun(...scan.slices);
  for (const shown of ["T2FS", "STIR"]) {
    scan.turn(0);
    assert.deepEqual(scan.shown, [shown, "T1W"]); // never that which stands beside it
    fetching.take(scan.slices);
    await settled();
  }

  while (server.open.length) await server.answer();

  assert.deepEqual(
    scan.slices.map(({ loaded }) => loaded),
    [3, 3],
  );
});

test("a case that cannot be listed is asked for again, and given up for another", async () => {
  const answers = {};
  const { clock, told, asked, cases } = withCases(answers);
  const first = cases.open("/1/");
  await clock.pass(3000);
  assert.deepEqual([asked.length, told.at(-1)], [2, "The scan could not be loaded. It is asked for again."]);

  answers["/2/"] = listed("b", null);
  const second = cases.open("/2/");
  await clock.pass(3000);

  assert.equal(await first, null);
  assert.equal((await second).code, "b");
  assert.equal(asked.filter((url) => url === "/1/").length, 2);
});

test("a case that is not to be seen is asked for once a minute, and at once when somebody looks again", async () => {
  const answers = { "/1/": { isGone: true } };
  const { clock, told, asked, cases } = withCases(answers);
  const first = cases.open("/1/");
  await clock.pass(59_000);
  assert.deepEqual(
    [asked.length, told],
    [1, ["The scan of this case is not to be seen now. It is asked for again every minute."]],
  );
  await clock.pass(1_000);
  assert.equal(asked.length, 2);

  answers["/1/"] = listed("a", null);
  cases.retry();

  assert.equal((await first).code, "a");
  assert.equal(asked.length, 3);
});

test("a list that comes after another case was opened is not shown", async () => {
  const late = new Promise((resolve) => setImmediate(resolve)).then(() => listed("a", null));
  const ask = (url) => (url === "/1/" ? late : Promise.resolve(listed("b", null)));
  const clock = new Clock();
  const cases = new Cases(new Fetching({ ask: new Server().ask, clock }), ask, () => {}, clock);
  const first = cases.open("/1/");
  const second = cases.open("/2/");

  assert.deepEqual([await first, (await second).code], [null, "b"]);
});

function changing(listing) {
  const { server, clock, asked, cases } = withCases({ "/1/": listing });
  const changed = [];
  cases.addEventListener("changed", ({ url }) => changed.push(url));
  return { server, clock, asked, cases, changed };
}

test("a slice that is gone has the list compared: of another stack nothing comes among those of the first", async () => {
  const listing = listed("a", null);
  const { server, clock, asked, cases, changed } = changing(listing);
  await cases.open("/1/");
  await server.answerGone();
  assert.deepEqual([asked.length, changed], [2, []]); // the stack is the same: it is asked for again

  await clock.pass(500);
  listing.stacks = { STIR: manifestOf(5, "/a/", "v2") };
  await server.answerGone();
  assert.deepEqual([changed, [...server.versions]], [["/1/"], ["v1"]]);
  await cases.open("/1/");
  assert.deepEqual([...server.versions], ["v1", "v2"]);
});

test("who goes on looking at a scan is told within a minute that it was withdrawn", async () => {
  const listing = listed("a", null);
  const { clock, asked, cases, changed } = changing(listing);
  await cases.open("/1/");
  listing.stacks = {};
  await clock.pass(59_000);
  cases.keepUp();
  await settled();
  assert.deepEqual([asked.length, changed], [1, []]);

  await clock.pass(2_000);
  cases.keepUp();
  cases.keepUp();
  await settled();
  assert.deepEqual([asked.length, changed], [2, ["/1/"]]);
});

test("a case that is not to be seen any more is not asked for again", async () => {
  const answers = { "/1/": listed("a", null) };
  const { server, cases } = withCases(answers);
  const changed = [];
  cases.addEventListener("changed", ({ url }) => changed.push(url));
  await cases.open("/1/");

  answers["/1/"] = { isGone: true };
  await server.answerGone();

  assert.deepEqual(changed, [null]);
});

test("no case is no scan", async () => {
  const { asked, cases } = withCases({});

  assert.equal(await cases.open(null), null);
  assert.deepEqual(asked, []);
});
