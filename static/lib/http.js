// What the requests of the site's scripts have in common.

const PATIENCE_MS = 15000;

export const csrfToken = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? "";

// Whose page this is. The server takes nothing of theirs once somebody else has signed in from another window.
export const user = () => encodeURIComponent(document.querySelector("[data-user]")?.dataset.user ?? "");

// Resolves to the response; rejects if there is none in time. A refusal that brings another token is asked again with
// it: cookies were cleared, or somebody signed in in another window. more are headers.
export async function post(url, body, more) {
  const token = csrfToken();
  const response = await postOnce(url, body, more);
  return response.status === 403 && csrfToken() !== token ? postOnce(url, body, more) : response;
}

function postOnce(url, body, more) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), "X-User": user(), ...more };
  return fetch(url, { method: "POST", body, headers, keepalive: true, signal: AbortSignal.timeout(PATIENCE_MS) });
}
