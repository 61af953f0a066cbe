// Where each entry stands, beside its muscle and, in words, at the foot of the sheet.

import { cellNamed, labelOf, sheet } from "./sheet.js";

const WORDS = { saving: "saving", saved: "✓ saved", waiting: "waiting", "signed-out": "waiting", conflict: "choose", refused: "not saved" };
const summary = sheet.querySelector("[data-announce]");

export function say(text, state = "") {
  summary.className = `save-summary ${state}`;
  if (summary.textContent !== text) summary.textContent = text;
}

export function showState(name, state, answer) {
  const place = sheet.querySelector(`[data-state-of="${name}"]`);
  place.className = `row-state ${state}`;
  place.textContent = WORDS[state];
  place.title = state === "refused" ? answer.error : "";
  if (state === "refused") say(`${cellNamed(name) ? `${labelOf(cellNamed(name))}: not` : "Not"} saved. ${answer.error}`, state);
}

// What waits, in one sentence: waiting is a number of entries, reason why they do.
export function sayWaiting(waiting, reason) {
  if (reason === "conflict") say("Graded differently elsewhere: choose which grade holds.", "waiting");
  else if (waiting && reason) say(`No connection. ${waiting} to send: kept in this browser, sent when it is back.`, "waiting");
  else if (!waiting && !summary.classList.contains("refused")) say("All saved");
}
