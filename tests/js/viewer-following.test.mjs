// A second window follows the form that is in hand, and shows nothing once there is none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { follow, tellGone, tellOf } from "../../static/viewer/following.js";
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
  return { clock, seen, begin };
}

test("a window that is opened later asks which case is in hand", () => {
  const { seen, begin } = follower();
  tellOf(new Channel(), () => ({ stacks: "/1/", label: "Case K7PD" }));

  begin();

  assert.deepEqual(seen, ["/1/"]);
});

test("it follows from case to case, and shows each once", async () => {
  const { clock, seen, begin } = follower();
  let stacks = "/1/";
  const tell = tellOf(new Channel(), () => ({ stacks, label: "" }));
  begin();
  tell();
  await clock.pass(60_000);
  stacks = "/2/";
  tell();
  await clock.pass(60_000);

  assert.deepEqual(seen, ["/1/", "/2/"]);
});

test("a form that goes, or of which nothing is heard any more, leaves nothing shown", async () => {
  const { clock, seen, begin } = follower();
  const form = new Channel();
  const tell = tellOf(form, () => ({ stacks: "/1/", label: "" }));
  begin();
  Channel.open = Channel.open.filter((each) => each !== form); // as when its window is closed
  await clock.pass(20_000);
  assert.deepEqual(seen, ["/1/", null]);

  Channel.open.push(form);
  tell();
  tellGone(form);
  assert.deepEqual(seen, ["/1/", null, "/1/", null]);
});
