// Forms that take a passkey. A form says by data-passkey what it wants: "create", "get", or "login" (get, with options
// asked of its own action). Without JavaScript, or in a browser without passkeys, forms that start hidden stay hidden.

import { askForOptions, createPasskey, getPasskey, hasPasskeys, inWords } from "./passkeys.js";

async function credentialFor(form) {
  const { options, passkey } = form.dataset;
  const given = options && JSON.parse(document.getElementById(options).textContent);
  if (passkey === "create") return createPasskey(given.creation_options, form.elements.passwordless.checked);
  return getPasskey(given ? given.request_options : await askForOptions(form.action));
}

for (const form of hasPasskeys() ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-passkey-said]");
    said.textContent = "";
    try {
      form.elements.credential.value = await credentialFor(form);
      form.submit();
    } catch (error) {
      said.textContent = inWords(error);
    }
  });
}
