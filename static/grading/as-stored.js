// After something was refused, or had no answer: a way from what this window shows to what is stored, and what its rows
// call not saved. Fetched when needed.

import { labelOf } from "./sheet.js";

const MOST_NAMED = 4;
const NAMES = { description: "feature, sequence or comment" };
const ELSEWHERE =
  "What waited here is no longer in this browser: another window of yours has dealt with it, or the browser’s data was cleared.";

// Behind what is said at the foot of the sheet, for as long as that stands there.
export function offer(sheet) {
  const said = foot(sheet);
  if (!said.matches(".refused, .waiting") || said.querySelector("a")) return;
  const link = document.createElement("a");
  link.className = "button";
  link.href = location.pathname;
  link.textContent = "Show what is stored";
  said.append(" ", link);
}

// While something else is saved: every row that says so, but for the one that is being told of, a cell or a part of the
// description; and how many entries wait.
export function sayNotSaved(sheet, cell, part, waiting) {
  const told = cell?.dataset.cell ?? (part && !othersOf(sheet, part).length && "description");
  const names = notSaved(sheet).filter((name) => name !== told);
  if (names.length) say(sheet, names, "", waiting);
}

// Once an entry was refused, its row has said so: the foot has named that one alone. Or, without an error, another
// window has dealt with it, and the foot is empty.
export function sayOver(sheet, place, { about }, { error }, waiting, description) {
  if (error && typeof place === "string") noteRefused(sheet, place, description);
  const names = notSaved(sheet);
  const isSaid = error && foot(sheet).matches(".refused") && names.length < (place ? 2 : 1) && !waiting;
  if (error && !place) names.push(about ?? "another case");
  if (names.length && !isSaid) say(sheet, names, error ?? "", waiting);
  else if (!error) sheet.say(ELSEWHERE, "waiting");
  offer(sheet);
}

// By now the row may speak of the description's other part, or this one may be saved.
function noteRefused(sheet, part, description) {
  const isLeft = !sheet.unsaved.has(part) && (description.isPending(part) || description.isWaiting(part));
  if (!isLeft && !notSaved(sheet).includes("description")) return;
  partsOf(sheet).add(part);
  rowOf(sheet, "refused", "not saved");
}

// The parts of a description have one row: it says "not saved" for as long as one of them is.
export function showOther(sheet, part, state) {
  if (state !== "refused") partsOf(sheet).delete(part);
  if (part && othersOf(sheet, part).length) rowOf(sheet, "refused", "not saved");
}

const refused = new WeakMap(); // parts that are not saved, by sheet

function partsOf(sheet) {
  if (!refused.has(sheet)) refused.set(sheet, new Set());
  return refused.get(sheet);
}

const othersOf = (sheet, part) => [...partsOf(sheet)].filter((each) => each !== part);

function rowOf(sheet, state, words) {
  const row = sheet.form.querySelector("[data-state-of=description]");
  row.className = `row-state ${state}`;
  row.textContent = words;
}

// Once something is here as it is stored: what else is not saved, or no longer that something was not.
export function sayTaken(sheet, part, waiting) {
  if (part && !partsOf(sheet).delete(part)) return;
  if (part && !partsOf(sheet).size) rowOf(sheet, "", "");
  const names = notSaved(sheet);
  if (names.length) return say(sheet, names, "", waiting);
  if (!foot(sheet).matches(".refused")) return;
  sheet.say("");
  sheet.sayWaiting(waiting, null);
}

const foot = (sheet) => sheet.form.querySelector("[data-announce]");

const notSaved = (sheet) =>
  [...sheet.form.querySelectorAll("[data-state-of].refused")].map(({ dataset }) => dataset.stateOf);

function say(sheet, names, why, waiting) {
  const inWords = (name) => (sheet.cellNamed(name) ? labelOf(sheet.cellNamed(name)) : (NAMES[name] ?? name));
  const isMany = names.length > MOST_NAMED;
  const said = isMany ? `${names.length} entries, which their rows name` : names.map(inWords).join("; ");
  const way = waiting && `${waiting} to send: kept in this browser until it can be sent.`;
  const words = [`Not saved: ${said}.`, why, way].filter(Boolean).join(" ");
  if (foot(sheet).firstChild?.textContent !== words) sheet.say(words, "refused"); // of many refused at once, heard once
}
