// A viewer in a second window follows the form: told by a channel of the browser which case is in hand, and no more.
// It asks the server itself, which gives it what its reader may see.

const WHERE = "where";
const NOWHERE = { stacks: null, label: "" };
const ASK_EVERY_MS = 2_000; // a form that crashed says nothing
const GONE_AFTER_MS = 7_000;

// One channel for each user: nobody's window follows another's form.
export const channelOf = (user) => new BroadcastChannel(`thighsite-viewer-${user}`);

// shown() is {stacks, label, lettersNeedAlt}: the address of the stacks of the case in hand, or null, what the case is
// called, and whether its reader dictates.
export function tellOf(channel, shown) {
  const tell = () => channel.postMessage(shown());
  channel.addEventListener("message", ({ data }) => data === WHERE && tell());
  return tell;
}

// Of a form that goes; another may still be there, and answers.
export const tellGone = (channel) => channel.postMessage(NOWHERE);

// Calls show(shown) whenever that is another case, and with no stacks once no form answers.
export function follow(channel, show, clock) {
  let [last, heardAt] = [JSON.stringify(NOWHERE), clock.now()];
  const take = (shown) => {
    const text = JSON.stringify(shown);
    if (text !== last) show(shown);
    last = text;
  };
  const ask = () => {
    if (clock.now() - heardAt > GONE_AFTER_MS) take(NOWHERE);
    channel.postMessage(WHERE);
    clock.after(ASK_EVERY_MS, ask);
  };
  channel.addEventListener("message", ({ data }) => {
    if (data === WHERE) return;
    heardAt = clock.now();
    take(data);
  });
  ask();
}
