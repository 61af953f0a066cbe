// A second window follows the form that is in hand, and shows nothing once there is none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { follow, Form } from "../../static/viewer/following.js";
import { Clock } from "./browser.mjs";

// What one says, the others hear, as in a BroadcastChannel.
class Channel extends EventTarget {
  static open = [];

  constructor() {
    super();
    Channel.open.push(this);
  }

  postMessage(data) {
    const others = Channel.open.filter((each) => each !== this);
    for (const other of others)
      other.dispatchEvent(Object.assign(new Event("message"), { data: structuredClone(data) }));
  }
}

function follower() {
  Channel.open = [];
  const [clock, seen] = [new Clock(), []];
  const begin = () => follow(new Channel(), ({ stacks }) => seen.push(stacks), clock);
  const formOf = (stacks) => new Form(new Channel(), () => ({ stacks, label: "" }), clock.now);
  return { clock, seen, begin, formOf };
}

test("a window that is opened later asks which case is in hand", () => {
  const { seen, begin, formOf } = follower();
  formOf("/1/");

  begin();

  assert.deepEqual(seen, ["/1/"]);
});

test("it follows from case to case, and shows each once", async () => {
  const { clock, seen, begin } = follower();
  let stacks = "/1/";
  const form = new Form(new Channel(), () => ({ stacks, label: "" }));
  begin();
  form.tell();
  await clock.pass(60_000);
  stacks = "/2/";
  form.tell();
  await clock.pass(60_000);

  assert.deepEqual(seen, ["/1/", "/2/"]);
});

test("a form that goes, or of which nothing is heard any more, leaves nothing shown", async () => {
  const { clock, seen, begin, formOf } = follower();
  const form = formOf("/1/");
  const channel = Channel.open[0];
  begin();
  Channel.open = Channel.open.filter((each) => each !== channel); // as when its window is closed
  await clock.pass(20_000);
  assert.deepEqual(seen, ["/1/", null]);

  form.tell();
  form.tellGone();
  await clock.pass(1_000);
  assert.deepEqual(seen, ["/1/", null, "/1/", null]);
});

test("of two forms that which was last in hand is followed, and the other once that one goes", async () => {
  const { clock, seen, begin, formOf } = follower();
  const [first, second] = [formOf("/1/"), formOf("/2/")];
  first.tell({ isInHand: true });
  begin();
  second.tell(); // opened behind the first
  await clock.pass(60_000);
  assert.deepEqual(seen, ["/1/"]);

  second.tell({ isInHand: true });
  await clock.pass(60_000);
  assert.deepEqual(seen, ["/1/", "/2/"]);

  const channel = Channel.open[1];
  Channel.open = Channel.open.filter((each) => each !== channel);
  second.tellGone();
  await clock.pass(60_000);
  assert.deepEqual(seen, ["/1/", "/2/", "/1/"]); // and nothing in between
});
