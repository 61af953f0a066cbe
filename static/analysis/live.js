// Keeps an open page true: asks every second whether the study has changed, and if so takes the page's parts anew.

import { ask, askForJson, keepLooking, sayRefused, waits, whyRefused } from "../lib/looking.js";

const AGAIN = 300; // while somebody else is computing, at first
const AT_MOST = 3000; // the longer it takes, the longer until it is asked for again
const SLOW = 1000; // what takes longer says that it does
const COMPUTING = "Computing…";

// What to do next about an answer to "has it changed?": "stay", "update", "wait", or why it was refused.
export function nextStep({ status, revision, needs }, shown) {
  if (status === 304 || (status === 200 && revision === shown)) return "stay";
  if (status === 200) return "update";
  return whyRefused({ status, needs }) ?? "wait";
}

// What changed between two states of the page, in a few words.
export function whatChanged(before, after) {
  const more = after.signedOff - before.signedOff;
  const reads = `${Math.abs(more)} ${Math.abs(more) === 1 ? "read" : "reads"}`;
  if (more > 0) return `${reads} more signed off`;
  if (more < 0) return `${reads} reopened`;
  return after.dataVersion === before.dataVersion ? "nothing in the comparison" : "the data behind the comparison";
}

const noteOf = (root) => root.querySelector("[data-live-note]");

function say(root, words) {
  noteOf(root).textContent = words;
}

// Says why the page is not followed; null takes that back, and leaves what was said since.
function tell(root, why) {
  const note = noteOf(root);
  note.classList.toggle("ended", Boolean(why));
  if (why) sayRefused(note, why);
  else if (note.querySelector("a")) say(root, "");
}

const refused = (status) => Object.assign(new Error(`status ${status}`), { status });

const askForRevision = (url, shown) => askForJson(url, { "If-None-Match": `"${shown}"` });

// Says what is awaited, where the page shows nothing else yet.
function sayAwaited(root, next) {
  const [place, words] = [root, next].map((page) => page.querySelector("[data-awaited]"));
  if (place && words) place.textContent = words.textContent;
}

async function fetchPage(root) {
  for (let pause = AGAIN; ; pause = Math.min(2 * pause, AT_MOST)) {
    const response = await ask(window.location.href, "text/html");
    const { status } = response;
    if (status >= 500) throw refused(status); // what is shown is better than an error page
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (status !== 202) return { page, status };
    sayAwaited(root, page);
    await waits.sleep(pause);
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
  let former = [];
  const slow = setTimeout(() => {
    former = [...noteOf(root).childNodes];
    say(root, COMPUTING);
  }, SLOW);
  try {
    const { page, status } = await fetchPage(root);
    const next = page.querySelector("[data-live]");
    if (!next) throw refused(status); // the page of no access, or of something in between
    const [before, waited] = [stateOf(root), root.dataset.state === "computing"];
    takeParts(root, next);
    redraw(root);
    if (waited) return showPlace(root);
    const time = new Date().toISOString().slice(11, 19);
    say(root, `Updated ${time} UTC: ${whatChanged(before, stateOf(root))}`);
  } finally {
    clearTimeout(slow);
    if (noteOf(root).textContent === COMPUTING) noteOf(root).replaceChildren(...former); // it failed
  }
}

const browser = { ...waits, askForRevision, update, tell };

// Looks once whether the study has changed, and takes what has. Resolves to what came of it, see nextStep.
async function look(root, redraw, { askForRevision: revisionOf, update: renew }) {
  try {
    const { revision } = stateOf(root);
    const step = nextStep(await revisionOf(root.dataset.revisionUrl, revision), revision);
    const isAwaited = step === "stay" && root.dataset.state === "computing";
    if (isAwaited || step === "update") await renew(root, redraw);
    return step;
  } catch ({ status }) {
    return whyRefused({ status }) ?? "wait";
  }
}

// Follows the study for as long as the page is open and looked at, but for the time in which that is refused.
export function follow(root, redraw, given = browser) {
  const lookOnce = async () => {
    const step = await look(root, redraw, given);
    root.toggleAttribute("data-stale", step === "wait"); // out of reach; what is shown is as of the time beside it
    return ["stay", "update"].includes(step) ? null : step;
  };
  return keepLooking(lookOnce, (why) => given.tell(root, why), given);
}
