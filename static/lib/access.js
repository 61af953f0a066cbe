// What a page that follows something says while it may not ask: signed out, or signed in without the second factor, or
// for now no member. It goes on asking, less often, and follows again once it may.

export const SELDOM = 5000; // milliseconds between two questions meanwhile

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
