// Passkeys: what the browser's credentials speak, and what the server does, which is JSON with bytes as base64url.

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const credentialsInBytes = (list) => (list ?? []).map((credential) => ({ ...credential, id: toBytes(credential.id) }));

// What went wrong in the words of this page. The browser's own words are no sentence for anybody.
class Said extends Error {}
const SOMEBODY_IS_SIGNED_IN =
  "Somebody is signed in already, in another window of this browser. " +
  "If that is you, reload this page; if not, sign out in that window first.";

const UNFINISHED =
  "Signing in is not finished: in another window of this browser it waits for the second factor. " +
  "Finish it there, or reload this page to go on here.";

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
  const authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  const asked = { ...publicKey, challenge, user, excludeCredentials, authenticatorSelection };
  const credential = await navigator.credentials.create({ publicKey: asked });
  const { clientDataJSON, attestationObject } = credential.response;
  return asJson(credential, { clientDataJSON, attestationObject });
}

function asJson(credential, parts) {
  const given = Object.entries(parts).filter(([, bytes]) => bytes);
  const response = Object.fromEntries(given.map(([name, bytes]) => [name, toText(bytes)]));
  const { id, type, authenticatorAttachment } = credential;
  const rawId = toText(credential.rawId);
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ id, rawId, type, authenticatorAttachment, response, clientExtensionResults });
}

export async function askForOptions(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 429) throw new Said("Too many attempts. Wait a minute, then try again.");
  if (answer?.redirected) throw new Said(UNFINISHED); // to the page that asks for the second factor
  const options = answer?.ok && (await answer.json().catch(() => null));
  if (!options) throw new Said("No answer from the site. Try again.");
  if (!options.request_options) throw new Said(SOMEBODY_IS_SIGNED_IN);
  return options.request_options;
}

export function inWords(error) {
  if (error.name === "InvalidStateError") return "This device has a passkey for this account already.";
  if (error.name === "NotAllowedError") return "No passkey was used. Try again, or use another way.";
  return error instanceof Said ? error.message : "The passkey could not be used. Try again, or use another way.";
}
