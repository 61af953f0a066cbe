// Signing in again where one is, when the session has ended. What that takes is fetched once the page stands: no session
// ends before.

const FETCH_LATER_MS = 10_000;
const dialog = () => import("./sign-in-dialog.js");
const later = [dialog, () => import("./conflict.js"), () => import("../session.js")];
let pending = null;

// Resolves when the user has signed in again. Whoever asks while it is being asked shares the answer.
export function signInAgain() {
  pending ??= dialog().then(({ ask }) => ask()).finally(() => (pending = null));
  return pending;
}

setTimeout(() => Promise.all(later.map((fetch) => fetch())).catch(() => {}), FETCH_LATER_MS);
