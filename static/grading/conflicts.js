// Two grades for one muscle: both are shown, and the reader says which holds.

import { labelOf } from "./sheet.js";

const dialog = document.querySelector("[data-conflict]");
const inWords = (choice) => (choice === null ? "no grade" : choice === "na" ? "not assessable" : choice);
let last = Promise.resolve(); // one question at a time

// Resolves to whether the grade in this window holds.
export function askToChoose(cell, ours, theirs) {
  return (last = last.then(() => ask(cell, ours, theirs)));
}

function ask(cell, ours, theirs) {
  dialog.querySelector("[data-conflict-muscle]").textContent = labelOf(cell);
  const [keep, take] = dialog.querySelectorAll("button");
  keep.textContent = `Here: ${inWords(ours)}`;
  take.textContent = `Elsewhere: ${inWords(theirs)}`;
  dialog.showModal();
  return new Promise((resolve) => {
    keep.onclick = () => answer(true);
    take.onclick = () => answer(false);
    const answer = (keepOurs) => {
      dialog.close();
      resolve(keepOurs);
    };
  });
}

dialog?.addEventListener("cancel", (event) => event.preventDefault()); // there is no third grade
