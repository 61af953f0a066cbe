// The sheet of eleven muscles and the map beside it: what is chosen, where the focus is, where each entry stands, what a
// key means.

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
export const isUsual = () => USUAL_SEQUENCES[chosen("feature")].includes(chosen("sequence"));
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
  const usual = isUsual();
  const box = sheet.querySelector("[data-pairing]");
  box.hidden = usual;
  sheet.querySelector("[data-pairing-text]").textContent = `: ${feature} is read on ${USUAL_SEQUENCES[feature].join(" or ")}, not ${sequence}`;
  showFeature((sheet.dataset.feature = feature));
  return usual || box.querySelector("input").checked;
}

// Where each entry stands, beside its muscle and, in words, at the foot of the sheet -------------------------------

const WORDS = { saving: "saving", saved: "✓ saved", waiting: "waiting", "signed-out": "waiting", conflict: "choose", refused: "not saved", "": "" };
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

// What waits, in one sentence: waiting is a number of entries, reason why they do, in the server's words if it has any.
export function sayWaiting(waiting, reason, words = "No connection.") {
  if (reason === "conflict") say("Entered differently elsewhere: choose what holds.", "waiting");
  else if (waiting && reason) say(`${words} ${waiting} to send: kept in this browser until it can be sent.`, "waiting");
  else if (!waiting && !summary.classList.contains("refused")) say("All saved");
}

// Two entries for one thing ------------------------------------------------------------------------------------------

const AGAIN_MS = 2000;
export const inWords = (choice) => (choice === null ? "no grade" : choice === "na" ? "not assessable" : choice);

// As in conflict.js. Null, too, if that cannot be had: what is sent again is asked about again.
export async function askToChoose(...asked) {
  const conflict = await import("./conflict.js").catch(() => new Promise((soon) => setTimeout(soon, AGAIN_MS)));
  return conflict ? conflict.askToChoose(...asked) : null;
}

// What a key means -------------------------------------------------------------------------------------------------

const MOVES = { ArrowDown: 1, Enter: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Backspace: -1 };
const LETTERS = { x: { choice: "na" }, u: { undo: true }, e: { feature: "edema" }, f: { feature: "fat" }, h: { help: true }, "?": { help: true }, ".": { rest: true } };

// {choice}, {move: ±1}, {undo}, {rest}, {feature}, {help} or null. Top row and number pad are the same, whatever a
// number pad's point is called, unless it is Delete while Num Lock is off; combinations are the browser's.
export function meaningOf({ key, code, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  const digit = key.match(/^[0-3]$/)?.[0] ?? code?.match(/^Numpad([0-3])$/)?.[1]; // also while Num Lock is off
  if (digit) return { choice: digit };
  if (code === "NumpadDecimal" && key !== "Delete") return { rest: true };
  return LETTERS[key.toLowerCase()] ?? (key in MOVES ? { move: MOVES[key] } : null);
}

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
