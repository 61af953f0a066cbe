// The sheet of eleven muscles and the map beside it: what is chosen, where the focus is, where each entry stands.

export const USUAL_SEQUENCES = { edema: ["STIR", "T2FS"], fat: ["T1W"] };

export const sheet = document.querySelector("[data-sheet]");
export const cells = [...sheet.querySelectorAll("[data-cell]")];
export const signOffButton = sheet.querySelector("[data-sign-off]");
const stops = [...cells, signOffButton];
let inHand = null; // keys work here, also when the focus has strayed to where nothing takes it

export const choiceOf = (cell) => cell.querySelector("input:checked")?.value ?? null;
export const chosen = (name) => sheet.querySelector(`input[name="${name}"]:checked`).value;
export const cellOf = (muscle, side) => cells.find(({ dataset }) => dataset.muscle === muscle && dataset.side === side);
export const asScore = (choice) => ({ score: choice === null || choice === "na" ? null : Number(choice), not_assessable: choice === "na" });
export const choiceIn = ({ score, not_assessable }) => (not_assessable ? "na" : score === null ? null : String(score));
export const ungraded = () => cells.filter((cell) => choiceOf(cell) === null);
export const cellNamed = (name) => cells.find((cell) => cell.dataset.cell === name);
export const labelOf = (cell) => cell.getAttribute("aria-label");
export const currentStop = () => inHand;

// choice: "0".."3", "na", or null for none.
export function setChoice(cell, choice) {
  for (const input of cell.querySelectorAll("input")) input.checked = input.value === choice;
  showCell(cell);
}

export function showCell(cell) {
  showGrade(cell.dataset.muscle, cell.dataset.side, choiceOf(cell));
  sheet.querySelector("[data-progress]").textContent = `${cells.length - ungraded().length} of ${cells.length} graded`;
}

export function focusStop(stop) {
  (stop.querySelector?.("input:checked") ?? stop.querySelector?.("input") ?? stop).focus();
}

export function move(step) {
  focusStop(stops[Math.min(Math.max(stops.indexOf(inHand) + step, 0), stops.length - 1)]);
}

export function noteFocus(target) {
  const stop = target.closest("[data-cell]") ?? (target === signOffButton ? signOffButton : null);
  if (!stop) return;
  inHand = stop;
  for (const row of sheet.querySelectorAll("[data-row]")) row.classList.toggle("is-focused", row.contains(stop));
  for (const cell of cells) cell.classList.toggle("is-focused", cell === stop);
  showFocus(stop.dataset.muscle, stop.dataset.side);
}

// Whether feature and sequence are a usual pair, or a confirmed unusual one.
export function showPairing() {
  const [feature, sequence] = [chosen("feature"), chosen("sequence")];
  const usual = USUAL_SEQUENCES[feature].includes(sequence);
  const box = sheet.querySelector("[data-pairing]");
  box.hidden = usual;
  sheet.querySelector("[data-pairing-text]").textContent = `: ${feature} is read on ${USUAL_SEQUENCES[feature].join(" or ")}, not ${sequence}`;
  showFeature((sheet.dataset.feature = feature));
  return usual || box.querySelector("input").checked;
}

// Where each entry stands, beside its muscle and, in words, at the foot of the sheet -------------------------------

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

// Two grades for one muscle: both are shown, and the reader says which holds ---------------------------------------

const question = document.querySelector("[data-conflict]");
const inWords = (choice) => (choice === null ? "no grade" : choice === "na" ? "not assessable" : choice);
let last = Promise.resolve(); // one question at a time

// Resolves to whether the grade in this window holds.
export function askToChoose(cell, ours, theirs) {
  return (last = last.then(() => ask(cell, ours, theirs)));
}

function ask(cell, ours, theirs) {
  question.querySelector("[data-conflict-muscle]").textContent = labelOf(cell);
  const [keep, take] = question.querySelectorAll("button");
  keep.textContent = `Here: ${inWords(ours)}`;
  take.textContent = `Elsewhere: ${inWords(theirs)}`;
  question.showModal();
  return new Promise((resolve) => {
    keep.onclick = () => answer(true);
    take.onclick = () => answer(false);
    const answer = (keepOurs) => {
      question.close();
      resolve(keepOurs);
    };
  });
}

question?.addEventListener("cancel", (event) => event.preventDefault()); // there is no third grade

// The map ----------------------------------------------------------------------------------------------------------

const figures = [...document.querySelectorAll("[data-thighs] figure")];

const pathsOf = (muscle, side) =>
  figures.filter((figure) => !side || figure.dataset.side === side).flatMap((figure) => [...figure.querySelectorAll(`[data-muscle="${muscle}"]`)]);

function showFeature(feature) {
  document.querySelector(".scan").dataset.feature = feature;
}

// choice: "0".."3", "na" or null for not graded yet.
function showGrade(muscle, side, choice) {
  for (const path of pathsOf(muscle, side)) {
    const label = path.nextElementSibling;
    for (const { dataset } of [path, label]) {
      if (choice === null) delete dataset.grade;
      else dataset.grade = choice;
    }
    label.querySelector(".muscle-grade").textContent = choice === "na" ? "×" : (choice ?? "");
  }
}

function showFocus(muscle, side) {
  for (const path of document.querySelectorAll(".thigh .is-focused")) path.classList.remove("is-focused");
  for (const path of muscle ? pathsOf(muscle, side) : []) path.classList.add("is-focused");
}
