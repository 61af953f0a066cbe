// Passkeys: what the browser's credentials speak, and what the server does, which is JSON with bytes as base64url.
//
// A form says by data-passkey what it wants: "create", "get", or "login" (get, with options asked of its own action).
// Without JavaScript, or in a browser without passkeys, the forms that start hidden stay hidden.

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const credentialsInBytes = (list) => (list ?? []).map((credential) => ({ ...credential, id: toBytes(credential.id) }));

export const hasPasskeys = () => Boolean(window.PublicKeyCredential);

// Resolves to what the server takes as "credential"; rejects with NotAllowedError when the user calls it off.
export async function getPasskey({ publicKey }) {
  const challenge = toBytes(publicKey.challenge);
  const allowCredentials = credentialsInBytes(publicKey.allowCredentials);
  const credential = await navigator.credentials.get({ publicKey: { ...publicKey, challenge, allowCredentials } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return asJson(credential, { clientDataJSON, authenticatorData, signature, userHandle });
}

// alone: whether it is to sign in without a password, for which it keeps the account's name and asks for PIN or finger.
export async function createPasskey({ publicKey }, alone) {
  const challenge = toBytes(publicKey.challenge);
  const user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  const excludeCredentials = credentialsInBytes(publicKey.excludeCredentials);
  const ask = { residentKey: alone ? "required" : "discouraged", requireResidentKey: alone, ...(alone && { userVerification: "required" }) };
  const authenticatorSelection = { ...publicKey.authenticatorSelection, ...ask };
  const credential = await navigator.credentials.create({ publicKey: { ...publicKey, challenge, user, excludeCredentials, authenticatorSelection } });
  const { clientDataJSON, attestationObject } = credential.response;
  return asJson(credential, { clientDataJSON, attestationObject });
}

function asJson(credential, parts) {
  const response = Object.fromEntries(Object.entries(parts).filter(([, bytes]) => bytes).map(([name, bytes]) => [name, toText(bytes)]));
  const { id, type, authenticatorAttachment } = credential;
  return JSON.stringify({ id, rawId: toText(credential.rawId), type, authenticatorAttachment, response, clientExtensionResults: credential.getClientExtensionResults() });
}

export async function askForOptions(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status === 429 ? "Too many attempts. Wait a minute, then try again." : "No answer from the site. Try again.");
  return (await answer.json()).request_options;
}

export function inWords(error) {
  if (error.name === "InvalidStateError") return "This device has a passkey for this account already.";
  if (error.name === "NotAllowedError") return "No passkey was used. Try again, or use another way.";
  return error.message;
}

async function credentialFor(form) {
  const given = form.dataset.options && JSON.parse(document.getElementById(form.dataset.options).textContent);
  if (form.dataset.passkey === "create") return createPasskey(given.creation_options, form.elements.passwordless.checked);
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
