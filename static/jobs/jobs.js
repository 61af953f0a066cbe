// Keeps a page's jobs true: asks every second how far each is, until it has ended.

const EVERY = 1000; // milliseconds between two questions
const HEADERS = { Accept: "application/json", "X-Background": "1" }; // nobody's use of the site

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
const visible = () =>
  document.visibilityState === "visible" ||
  new Promise((show) => document.addEventListener("visibilitychange", show, { once: true }));

// What to do about an answer: "show" it, "wait" for a better one, or "leave" (signed out, or no longer a member).
export function nextStep(status) {
  if (status === 200) return "show";
  return [401, 403, 404].includes(status) ? "leave" : "wait";
}

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
  const response = await fetch(url, { headers: HEADERS, cache: "no-store" });
  return { status: response.status, job: response.status === 200 ? await response.json() : null };
}

const browser = { sleep, visible, ask };

// Follows a job while its page is looked at. Resolves once it has ended, or may not be seen any more.
export async function follow(root, given = browser) {
  while (["waiting", "running"].includes(root.dataset.state)) {
    await given.visible();
    try {
      const { status, job } = await given.ask(root.dataset.job);
      const step = nextStep(status);
      if (step === "leave") return;
      if (step === "show") render(root, job);
    } catch {
      // out of reach: what is shown is the last that is known
    }
    await given.sleep(EVERY);
  }
}

if (typeof document !== "undefined") document.querySelectorAll("[data-job]").forEach((root) => follow(root));
