// Keeps a page's jobs true: asks every second how far each is, until it has ended.

import { sayRefused, SELDOM, whyRefused } from "../lib/access.js";
import { user } from "../lib/http.js";

const EVERY = 1000; // milliseconds between two questions
const ASKING = { Accept: "application/json", "X-Background": "1" }; // nobody's use of the site

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
const visible = () =>
  document.visibilityState === "visible" ||
  new Promise((show) => document.addEventListener("visibilitychange", show, { once: true }));

// Shows what is known of a job.
export function render(root, job) {
  const part = (name) => root.querySelector(`[data-job-${name}]`);
  const bar = part("bar");
  if (job.total) [bar.max, bar.value] = [job.total, job.done];
  else bar.removeAttribute("value");
  bar.hidden = !job.is_active;
  if (part("words").textContent !== job.words) part("words").textContent = job.words;
  part("stop").hidden = !job.is_active || job.is_stop_asked;
  part("result").hidden = !job.result_url;
  part("result").querySelector("a").setAttribute("href", job.result_url);
  if (part("on")) part("on").hidden = job.is_active || Boolean(job.result_url);
  if (!job.is_active && root.dataset.state !== job.state) part("end").textContent = job.words; // said once
  root.dataset.state = job.state;
}

async function ask(url) {
  const response = await fetch(url, { headers: { ...ASKING, "X-User": user() }, cache: "no-store" });
  const job = await response.json().catch(() => ({}));
  return { status: response.status, needs: job.needs, job };
}

const tell = (root, why) => sayRefused(root.querySelector("[data-job-words]"), why);
const browser = { sleep, visible, ask, tell };

// Looks once how far a job is, and shows it. Resolves to why that is refused; undefined where nobody answers.
async function look(root, given) {
  try {
    const { status, needs, job } = await given.ask(root.dataset.job);
    if (status !== 200) return whyRefused({ status, needs }) ?? undefined;
    render(root, job);
    return null;
  } catch {
    return undefined; // out of reach: what is shown is the last that is known
  }
}

// Follows a job while its page is looked at. Resolves once it has ended.
export async function follow(root, given = browser) {
  let told = null;
  while (["waiting", "running"].includes(root.dataset.state)) {
    await given.visible();
    const why = await look(root, given);
    if (why && why !== told) given.tell(root, why);
    if (why !== undefined) told = why;
    await given.sleep(told ? SELDOM : EVERY);
  }
}

if (typeof document !== "undefined") document.querySelectorAll("[data-job]").forEach((root) => follow(root));
