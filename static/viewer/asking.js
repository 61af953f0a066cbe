// What the viewer asks of the server.

const PATIENCE_MS = 30_000;

async function ask(url, accept, signal, priority) {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)].filter(Boolean));
  const response = await fetch(url, { headers: { Accept: accept }, signal: ended, priority });
  if (response.status === 401) document.dispatchEvent(new Event("session-ended"));
  if (!response.ok || response.redirected) {
    throw Object.assign(new Error(`${response.status} of ${url}`), { isGone: response.status === 404 });
  }
  return response;
}

export async function askBytes(url, { signal, isUrgent }) {
  const response = await ask(url, "application/json, application/octet-stream", signal, isUrgent ? "high" : "low");
  return new Uint8Array(await response.arrayBuffer());
}

export async function askJson(url, signal) {
  const response = await ask(url, "application/json", signal, "high");
  return response.json();
}

export const clock = {
  now: () => performance.now(),
  after: (ms, act) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(timer),
};
