// Warns before a session ends for want of use, and says when it has ended.
//
// What counts as use is the server's to say: this asks it, with a header that tells that asking is not use, when by its
// own clock the warning is due, and shows the warning only if nothing was done elsewhere either.

import { csrfToken, user } from "./lib/http.js";

const WARN_SECONDS = 120;
const ASK_AGAIN_SECONDS = 15; // while the warning stands, or there is no connection

const dialog = document.querySelector("[data-session]");
let timer = null;

async function ask(method) {
  const own = method === "POST" ? { "X-CSRFToken": csrfToken() } : { "X-Background": "1" };
  const headers = { Accept: "application/json", "X-User": user(), ...own };
  const answer = await fetch(dialog.dataset.session, { method, headers }).catch(() => null);
  if (answer?.status === 401) return 0;
  return answer?.ok ? (await answer.json()).seconds_left : null;
}

function again(seconds) {
  clearTimeout(timer);
  timer = setTimeout(check, Math.min(seconds, 86400) * 1000);
}

function ended() {
  clearTimeout(timer);
  dialog.close();
  if (hasSignIn()) document.dispatchEvent(new Event("session-ended"));
  else location.assign(dialog.dataset.then);
}

function show(seconds) {
  if (seconds === null) return again(ASK_AGAIN_SECONDS);
  if (seconds <= 0) return ended();
  if (seconds > WARN_SECONDS) {
    dialog.close();
    return again(seconds - WARN_SECONDS);
  }
  if (!dialog.open) dialog.showModal();
  again(Math.min(ASK_AGAIN_SECONDS, seconds + 1));
}

const check = async () => show(await ask("GET"));
const hasSignIn = () => Boolean(document.querySelector("[data-sign-in]"));

dialog.querySelector("[data-stay]").addEventListener("click", async () => show(await ask("POST")));
dialog.addEventListener("cancel", async () => show(await ask("POST"))); // Escape is somebody, too
document.addEventListener("session-renewed", check);
document.addEventListener("session-ended", () => hasSignIn() || check()); // said by what asked the server in between
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") check(); // timers sleep with the machine
});
again(Number(dialog.dataset.secondsLeft) - WARN_SECONDS);
