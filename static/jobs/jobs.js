// Keeps a page's jobs true: asks every second how far each is, until it has ended.

import { askForJson, keepLooking, sayRefused, waits, whyRefused } from "../lib/looking.js";

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
  for (const outdated of root.parentElement.querySelectorAll("[data-job-outdates]"))
    outdated.hidden = Boolean(job.result_url);
  if (part("on")) part("on").hidden = job.is_active || Boolean(job.result_url);
  if (!job.is_active && root.dataset.state !== job.state) part("end").textContent = job.words; // said once
  root.dataset.state = job.state;
}

const tell = (root, why) => sayRefused(root.querySelector("[data-job-words]"), why);
const browser = { ...waits, ask: askForJson, tell };

// Looks once how far a job is, and shows it. Resolves to why that is refused, if so; "wait" where nobody answers.
async function look(root, given) {
  try {
    const job = await given.ask(root.dataset.job);
    if (job.status !== 200) return whyRefused(job) ?? "wait";
    render(root, job);
    return null;
  } catch {
    return "wait"; // out of reach: what is shown is the last that is known
  }
}

// Follows a job while its page is looked at. Resolves once it has ended.
export function follow(root, given = browser) {
  const lookOnce = async () => {
    const why = await look(root, given);
    root.querySelector("[data-job-cut-off]").hidden = why !== "wait";
    return why;
  };
  const tellRefusal = (why) => why && given.tell(root, why); // else what is known of the job stands there again
  const hasNotEnded = () => ["waiting", "running"].includes(root.dataset.state);
  return keepLooking(lookOnce, tellRefusal, given, hasNotEnded);
}

if (typeof document !== "undefined") document.querySelectorAll("[data-job]").forEach((root) => follow(root));
