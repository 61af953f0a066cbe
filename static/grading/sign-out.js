// Signing out: what waits is sent first, and what cannot be sent is named. It stays in this browser under its user's
// name; nothing else of theirs does.

import { csrfToken } from "../lib/http.js";
import { DiskCopies, forgetCase } from "./kept.js";
import { Outbox } from "./outbox.js";

const PATIENCE_MS = 3000; // for what is on its way

const counted = (count, one, many) => (count ? [`${count} ${count === 1 ? one : many}`] : []);

// What waits, in words: a muscle that was graded twice is one grade. Empty where nothing does.
export function inWords(entries) {
  const grades = new Set(entries.filter(({ body }) => "muscle" in body).map(({ slot }) => slot));
  const others = new Set(entries.filter(({ body }) => !("muscle" in body)).map(({ slot }) => slot));
  const parts = [
    ...counted(grades.size, "grade", "grades"),
    ...counted(others.size, "comment or description", "comments or descriptions"),
  ];
  return parts.length ? `${parts.join(" and ")} ${grades.size + others.size === 1 ? "is" : "are"} not sent yet` : "";
}

// An outbox for a page that has none. What a page before it left half deleted is cleared up, too.
function ownOutbox(user) {
  const outbox = new Outbox(user, () => {});
  outbox.recover();
  return outbox;
}

async function sendAll(outbox) {
  const idle = new Promise((resolve) => outbox.addEventListener("idle", resolve, { once: true }));
  outbox.send();
  await Promise.race([idle, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

export async function signOut(form, outbox = ownOutbox(form.dataset.user)) {
  await sendAll(outbox);
  const waiting = inWords(outbox.entries);
  const stays = `They stay in this browser until ${form.dataset.user} signs in here again. Sign out all the same?`;
  if (waiting && !confirm(`${waiting}. ${stays}`)) return;
  forgetCase();
  await new DiskCopies().between("", "").catch(() => {}); // answers once all that was to be deleted is
  form.elements.csrfmiddlewaretoken.value = csrfToken(); // signing in in place has changed it
  form.submit();
}
