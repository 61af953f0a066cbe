// A viewer in a second window follows the form: told by a channel of the browser which case is in hand, and no more.
// It asks the server itself, which gives it what its reader may see.

const WHERE = "where";
export const NOWHERE = { stacks: null, label: "" };
const ASK_EVERY_MS = 2_000; // a form that crashed says nothing
const GONE_AFTER_MS = 7_000;
const ANSWER_MS = 500; // in which another form answers, where there is one

// One channel for each user: nobody's window follows another's form.
export const channelOf = (user) => new BroadcastChannel(`thighsite-viewer-${user}`);

// A form on the channel, one of perhaps several.
export class Form {
  #from = Math.random();
  #inHandAt = 0; // never, of one that was opened behind another window
  #channel;
  #shown;
  #now;

  // shown() is {stacks, label, lettersNeedAlt}: the address of the stacks of the case in hand, or null, what the case is
  // called, and whether its reader dictates.
  constructor(channel, shown, now = Date.now) {
    [this.#channel, this.#shown, this.#now] = [channel, shown, now];
    channel.addEventListener("message", ({ data }) => data === WHERE && this.tell());
  }

  tell({ isInHand = false } = {}) {
    if (isInHand) this.#inHandAt = this.#now();
    this.#say({ shown: this.#shown() });
  }

  tellGone() {
    this.#say({ isGone: true });
  }

  #say(what) {
    this.#channel.postMessage({ from: this.#from, inHandAt: this.#inHandAt, ...what });
  }
}

// Calls show(shown) whenever that is another case: of several forms that of the one which was last in hand, and with no
// stacks once no form answers.
export function follow(channel, show, clock) {
  let [last, heardAt, followed] = [JSON.stringify(NOWHERE), clock.now(), null];
  const take = (shown) => {
    const text = JSON.stringify(shown);
    if (text !== last) show(shown);
    last = text;
  };
  const lose = () => {
    followed = null;
    clock.after(ANSWER_MS, () => !followed && take(NOWHERE));
  };
  const ask = () => {
    if (clock.now() - heardAt > GONE_AFTER_MS) lose();
    channel.postMessage(WHERE);
    clock.after(ASK_EVERY_MS, ask);
  };
  const hear = ({ from, inHandAt, isGone, shown }) => {
    const isFollowed = from === followed?.from;
    if (isGone) return isFollowed && (lose(), channel.postMessage(WHERE));
    if (followed && !isFollowed && inHandAt <= followed.inHandAt) return;
    [followed, heardAt] = [{ from, inHandAt }, clock.now()];
    take(shown);
  };
  channel.addEventListener("message", ({ data }) => data !== WHERE && hear(data));
  ask();
}
