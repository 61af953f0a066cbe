// Keeps an open page true: asks every second whether the study has changed, and if so takes the page's parts anew.

const EVERY = 1000; // milliseconds between two questions
const AGAIN = 300; // while somebody else is computing, at first
const SELDOM = 3000; // the longer it takes, the longer until it is asked for again
const SLOW = 1000; // what takes longer says that it does
const UNASKED = { "X-Background": "1" }; // nobody's use of the site: an unused session ends all the same

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
const visible = () =>
  document.visibilityState === "visible" ||
  new Promise((show) => document.addEventListener("visibilitychange", show, { once: true }));

// What to do next about an answer to "has it changed?": "stay", "update", "wait", or "signed out" and "no access" (no
// longer a member), after which there is nothing to follow.
export function nextStep({ status, revision }, shown) {
  if (status === 304 || (status === 200 && revision === shown)) return "stay";
  if (status === 200) return "update";
  if (status === 401) return "signed out";
  return [403, 404].includes(status) ? "no access" : "wait";
}

// What changed between two states of the page, in a few words.
export function whatChanged(before, after) {
  const more = after.signedOff - before.signedOff;
  const reads = `${Math.abs(more)} ${Math.abs(more) === 1 ? "read" : "reads"}`;
  if (more > 0) return `${reads} more signed off`;
  if (more < 0) return `${reads} reopened`;
  return after.dataVersion === before.dataVersion ? "nothing in the comparison" : "the data behind the comparison";
}

function say(root, words) {
  root.querySelector("[data-live-note]").textContent = words;
}

// Says that the page is followed no more, and where to go on: signing in leads back to it.
const ENDS = {
  "signed out": { words: "You are signed out. This page no longer follows the study.", way: "Sign in again" },
  "no access": { words: "You no longer have access to this study.", way: "Your studies" },
};

function end(root, why) {
  const { words, way } = ENDS[why];
  const link = Object.assign(document.createElement("a"), {
    href: why === "signed out" ? window.location.href : "/",
    textContent: way,
  });
  const note = root.querySelector("[data-live-note]");
  note.classList.add("ended");
  note.replaceChildren(`${words} `, link);
}

async function askForRevision(url, shown) {
  const headers = { ...UNASKED, Accept: "application/json", "If-None-Match": `"${shown}"` };
  const response = await fetch(url, { headers, cache: "no-store" });
  return { status: response.status, revision: response.status === 200 ? (await response.json()).revision : null };
}

// Says what is awaited, where the page shows nothing else yet.
function sayAwaited(root, next) {
  const [place, words] = [root, next].map((page) => page.querySelector("[data-awaited]"));
  if (place && words) place.textContent = words.textContent;
}

async function fetchPage(root) {
  for (let pause = AGAIN; ; pause = Math.min(2 * pause, SELDOM)) {
    const headers = { ...UNASKED, Accept: "text/html" };
    const response = await fetch(window.location.href, { headers, cache: "no-store" });
    const { status } = response;
    if (status >= 500) throw new Error(`status ${status}`); // what is shown is better than an error page
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (status !== 202) return page;
    sayAwaited(root, page);
    await sleep(pause);
  }
}

function stateOf(root) {
  const { revision, signedOff, dataVersion } = root.dataset;
  return { revision: Number(revision), signedOff: Number(signedOff), dataVersion };
}

// Replaces what differs, part by part: an open fold, a form that is being filled in and the place on the page stay.
function takeParts(present, next) {
  if (next.dataset.state !== present.dataset.state) present.replaceChildren(...next.childNodes);
  const open = new Set([...present.querySelectorAll("details[open][data-fold]")].map((fold) => fold.dataset.fold));
  for (const fold of next.querySelectorAll("details[data-fold]"))
    fold.toggleAttribute("open", open.has(fold.dataset.fold));
  for (const part of present.querySelectorAll("[data-part]")) {
    const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  }
  Object.assign(present.dataset, { ...next.dataset });
}

// The answer that was waited for is there: so is the place that the address names, unless somebody went on already.
function showPlace(root) {
  say(root, "Computed.");
  const { hash } = window.location;
  if (hash && !window.scrollY) document.getElementById(hash.slice(1))?.scrollIntoView();
}

async function update(root, redraw) {
  const slow = setTimeout(() => say(root, "Computing…"), SLOW);
  try {
    const next = (await fetchPage(root)).querySelector("[data-live]");
    if (!next) return window.location.reload(); // signed out
    const [before, waited] = [stateOf(root), root.dataset.state === "computing"];
    takeParts(root, next);
    redraw(root);
    if (waited) return showPlace(root);
    const time = new Date().toISOString().slice(11, 19);
    say(root, `Updated ${time} UTC: ${whatChanged(before, stateOf(root))}`);
  } finally {
    clearTimeout(slow);
  }
}

const browser = { sleep, visible, askForRevision, update, end };

// Looks once whether the study has changed, and takes what has. Resolves to why not to go on, if so.
async function look(root, redraw, { askForRevision: ask, update: renew }) {
  try {
    if (root.dataset.state === "computing") await renew(root, redraw);
    const { revision } = stateOf(root);
    const step = nextStep(await ask(root.dataset.revisionUrl, revision), revision);
    if (step in ENDS) return step;
    if (step === "update") await renew(root, redraw);
    root.toggleAttribute("data-stale", step === "wait");
  } catch {
    root.toggleAttribute("data-stale", true); // out of reach; what is shown is as of the time beside it
  }
  return null;
}

// Follows the study for as long as the page is open and looked at. Resolves when there is nothing to follow any more.
export async function follow(root, redraw, given = browser) {
  await given.visible();
  let ended = await look(root, redraw, given);
  while (!ended) {
    await given.sleep(EVERY);
    await given.visible();
    ended = await look(root, redraw, given);
  }
  given.end(root, ended);
}
