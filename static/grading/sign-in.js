// Asks for the password in place when the session has ended, so that nothing entered is lost on the way to another page.

import { post } from "./outbox.js";

const dialog = document.querySelector("[data-sign-in]");

// Resolves when the user has signed in again.
export function signInAgain() {
  const form = dialog.querySelector("form");
  const said = dialog.querySelector("[data-sign-in-error]");
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      const response = await post(form.action, new FormData(form)).catch(() => null);
      const answer = await response?.json().catch(() => null);
      if (response?.ok) {
        form.reset();
        said.textContent = "";
        dialog.close();
        resolve();
      } else said.textContent = answer?.error ?? "No connection. Nothing is lost; try again in a moment.";
    };
  });
}

dialog?.addEventListener("cancel", (event) => event.preventDefault()); // without a session there is nothing to go back to
