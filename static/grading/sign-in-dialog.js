// Asks for the password in place when the session has ended: nothing entered is lost on the way to another page. An
// account with a second factor is asked for its code, too; a passkey does for both. Who signs in in another tab meanwhile
// is asked no longer.

import { post, user } from "../lib/http.js";

const LOOK_MS = 5000;
const dialog = document.querySelector("[data-sign-in]");

let pending = null;

// Resolves when the user has signed in again. Whoever asks while it is being asked shares the answer. Who did not ask is
// told that the session has ended: nobody may be sitting here any more.
export function signInAgain() {
  if (pending) return pending;
  pending = ask().finally(() => {
    pending = null;
  });
  document.dispatchEvent(new Event("session-ended"));
  return pending;
}

function ask() {
  const form = dialog.querySelector("form");
  const passkey = dialog.querySelector("[data-use-passkey]");
  passkey.hidden = !window.PublicKeyCredential;
  if (!dialog.open) dialog.showModal();
  dialog.onclose = () => dialog.open || dialog.showModal(); // Escape, pressed twice: there is nothing to go back to
  return new Promise((resolve) => {
    const timer = setInterval(look, LOOK_MS);
    addEventListener("focus", look);
    function done() {
      clearInterval(timer);
      removeEventListener("focus", look);
      close(form);
      resolve();
    }
    async function look() {
      if (dialog.open && (await isSignedIn())) done();
    }
    form.onsubmit = (event) => {
      event.preventDefault();
      send(form, new FormData(form)).then((entered) => entered && done());
    };
    passkey.onclick = () => withPasskey(form).then((entered) => entered && done());
  });
}

// The user of this page, and nobody else.
async function isSignedIn() {
  const { session } = document.querySelector("[data-session]").dataset;
  const headers = { Accept: "application/json", "X-User": user(), "X-Background": "1" };
  const answer = await fetch(session, { headers }).catch(() => null);
  return Boolean(answer?.ok);
}

function close(form) {
  form.reset();
  showCode(false);
  say("");
  dialog.onclose = null;
  dialog.close();
  document.dispatchEvent(new Event("session-renewed"));
}

async function withPasskey(form) {
  const { askForOptions, getPasskey, inWords } = await import("../passkeys.js"); // for the few who need it
  try {
    const body = new FormData();
    body.set("username", form.elements.username.value);
    body.set("credential", await getPasskey(await askForOptions(form.dataset.passkeyOptions)));
    return await send(form, body);
  } catch (error) {
    say(inWords(error));
    return false;
  }
}

// Whether it let the user in.
async function send(form, body) {
  const response = await post(form.action, body).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (response?.ok) return true;
  if (answer?.needs === "code") showCode(true);
  say(answer?.error ?? "No connection. Nothing is lost; try again in a moment.");
  return false;
}

function showCode(asked) {
  const field = dialog.querySelector("[data-code]");
  field.hidden = !asked;
  field.querySelector("input").required = asked;
  if (asked) field.querySelector("input").select();
}

function say(text) {
  dialog.querySelector("[data-sign-in-error]").textContent = text;
}
