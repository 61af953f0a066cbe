// Asks for the password in place when the session has ended: nothing entered is lost on the way to another page. An
// account with a second factor is asked for its code, too; a passkey does for both.

import { post } from "../lib/http.js";

const dialog = document.querySelector("[data-sign-in]");

let pending = null;

// Resolves when the user has signed in again. Whoever asks while it is being asked shares the answer.
export function signInAgain() {
  pending ??= ask().finally(() => {
    pending = null;
  });
  return pending;
}

function ask() {
  const form = dialog.querySelector("form");
  const passkey = dialog.querySelector("[data-use-passkey]");
  passkey.hidden = !window.PublicKeyCredential;
  if (!dialog.open) dialog.showModal();
  dialog.onclose = () => dialog.open || dialog.showModal(); // Escape, pressed twice: there is nothing to go back to
  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      send(form, new FormData(form)).then((entered) => entered && resolve());
    };
    passkey.onclick = () => withPasskey(form).then((entered) => entered && resolve());
  });
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
  if (response?.ok) {
    form.reset();
    showCode(false);
    say("");
    dialog.onclose = null;
    dialog.close();
    document.dispatchEvent(new Event("session-renewed"));
    return true;
  }
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
