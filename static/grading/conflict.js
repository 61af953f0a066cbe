// Two entries for one thing: both are shown, and the reader says which holds. Fetched when needed.

import { noteLost } from "./lost.js";
import { choiceIn, inWords } from "./sheet.js";

const MOST_SHOWN = 80; // characters of a comment in a question
const TITLES = { pairing: "feature and sequence", comment: "comment" };

const question = document.querySelector("[data-conflict]");
let last = Promise.resolve(); // one question at a time

// Nothing waits, but a muscle is not stored as this window shows it.
export async function settleShown(grades, cell, ours, stored) {
  const keepOurs = await askAboutGrade(cell, "Shown here", ours, stored, () => true);
  grades.settle(cell, ours, stored, keepOurs);
}

// Somebody, in another window or at another machine, graded this muscle since it was shown here, and what was entered
// here waits. Without a question where both say one thing.
export async function settleGrade(grades, cell, ours, stored, memory, waiting) {
  const isOpen = () => grades.isWaiting(cell);
  const keepOurs = ours !== choiceIn(stored) && (await askAboutGrade(cell, "Not saved yet", ours, stored, isOpen));
  noteLost(memory, waiting);
  if (keepOurs === null) grades.leave(cell); // chosen in another window
  else grades.settle(cell, ours, stored, keepOurs);
}

// Somebody described this case since it was shown here: part is "pairing" or "comment".
export async function settleDescription(description, part, own, theirs, memory, waiting) {
  const [ours, stored] = [`Not saved yet: ${partInWords(own)}`, `Saved: ${partInWords(theirs)}`];
  const keepOurs = await askToChoose(TITLES[part], ours, stored, () => description.isWaiting(part));
  noteLost(memory, waiting);
  if (keepOurs === null) description.leave(part);
  else description.settle(part, own, theirs, keepOurs);
}

function askAboutGrade(cell, where, ours, stored, isOpen) {
  return askToChoose(
    cell.getAttribute("aria-label"),
    `${where}: ${inWords(ours)}`,
    `Saved: ${inWords(choiceIn(stored))}`,
    isOpen,
  );
}

function partInWords({ feature, sequence, comment }) {
  if (feature) return `${feature} on ${sequence}`;
  return comment.length > MOST_SHOWN ? `${comment.slice(0, MOST_SHOWN)}…` : comment || "no comment";
}

// Resolves to whether what this window has holds; to null once isOpen says that there is nothing left to choose.
function askToChoose(what, ours, theirs, isOpen) {
  last = last.then(() => (isOpen() ? ask(what, ours, theirs, isOpen) : null));
  return last;
}

function ask(what, ours, theirs, isOpen) {
  question.querySelector("[data-conflict-what]").textContent = what;
  const [keep, take] = question.querySelectorAll("button");
  keep.textContent = ours;
  take.textContent = theirs;
  question.showModal();
  return new Promise((resolve) => {
    const answer = (keepOurs) => {
      removeEventListener("storage", look);
      question.onclose = null;
      question.close();
      resolve(keepOurs);
    };
    const look = () => isOpen() || answer(null); // another window of this browser has asked, too
    addEventListener("storage", look);
    keep.onclick = () => answer(true);
    take.onclick = () => answer(false);
    question.onclose = () => question.open || question.showModal(); // Escape, pressed twice: there is no third answer
  });
}
