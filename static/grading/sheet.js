// The sheet of eleven muscles: what is chosen, what is shown, where the focus is.

import { showFeature, showFocus, showGrade } from "./thigh.js";

export const USUAL_SEQUENCES = { edema: ["STIR", "T2FS"], fat: ["T1W"] };

export const sheet = document.querySelector("[data-sheet]");
export const cells = [...sheet.querySelectorAll("[data-cell]")];
export const signOffButton = sheet.querySelector("[data-sign-off]");
const stops = [...cells, signOffButton];
let inHand = null; // keys work here, also when the focus has strayed to where nothing takes it

export const choiceOf = (cell) => cell.querySelector("input:checked")?.value ?? null;
export const chosen = (name) => sheet.querySelector(`input[name="${name}"]:checked`).value;
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
