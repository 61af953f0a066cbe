// How an open page follows something: it asks again and again while it is looked at. While it may not ask, for its user
// is signed out, has not shown the second factor, or is for now no member, it says so, and goes on; as where nobody
// answers, it asks less often.

import { user } from "./http.js";

const EVERY = 1000; // milliseconds between two questions
const SELDOM = 5000; // while they are refused, or nobody answers
const PATIENCE = 30_000; // a server that takes a question and gives no answer is out of reach, too

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
const visible = () =>
  document.visibilityState === "visible" ||
  new Promise((show) => document.addEventListener("visibilitychange", show, { once: true }));

export const waits = { sleep, visible };

// Asks in the name of the page's user. A question is nobody's use of the site: an unused session ends all the same.
export function ask(url, type, headers = {}) {
  const own = { Accept: type, "X-Background": "1", "X-User": user() };
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(url, { headers: { ...own, ...headers }, cache: "no-store", signal });
}

// Resolves to the answer with its status. Rejects where it says that all is well and holds nothing that can be read: so
// does the page of something in between, or an answer that was cut off.
export async function askForJson(url, headers) {
  const response = await ask(url, "application/json", headers);
  const { status } = response;
  if (status === 304) return { status };
  const answer = status === 200 ? response.json() : response.json().catch(() => ({}));
  return { ...(await answer), status };
}

// look resolves to null, to why that was refused, or to "wait" where nobody answers. tell is called with each of the
// first two once it is another than before.
export async function keepLooking(look, tell, given, goesOn = () => true) {
  let told = null;
  while (goesOn()) {
    await given.visible();
    const why = await look();
    if (why !== "wait" && why !== told) {
      tell(why);
      told = why;
    }
    await given.sleep(why ? SELDOM : EVERY);
  }
}

const WORDS = {
  "signed out": {
    words:
      "Your session has ended, so this page shows nothing new. It goes on by itself once you have signed in again.",
    way: "Sign in again",
  },
  unfinished: {
    words: "Signing in is not finished: your role asks for your second factor. This page goes on by itself after that.",
    way: "Go on signing in",
  },
  "no access": {
    words: "You have no access to this at the moment. The page goes on by itself once you have it again.",
    way: "Your studies",
  },
};

// Why an answer was refused, which may say what it needs: null where it was not.
export function whyRefused({ status, needs }) {
  if (status === 401) return "signed out";
  if (needs) return "unfinished";
  return [403, 404].includes(status) ? "no access" : null;
}

// Says why, with a link that leads on: from signing in back to the page.
export function sayRefused(place, why) {
  const { words, way } = WORDS[why];
  const href = why === "no access" ? "/" : window.location.href;
  place.replaceChildren(`${words} `, Object.assign(document.createElement("a"), { href, textContent: way }));
}
