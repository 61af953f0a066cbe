// After something was refused, or had no answer: a way from what this window shows to what is stored, and what its rows
// call not saved. Fetched when needed.

import { labelOf } from "./sheet.js";

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
  const told = cell?.dataset.cell ?? (part && "description");
  const names = notSaved(sheet).filter((name) => name !== told);
  if (names.length) say(sheet, names, "", waiting);
}

// Once an entry was refused, its row has said so: the foot has named that one alone. Or, without an error, another
// window has dealt with it, and the foot is empty.
export function sayOver(sheet, place, { about }, { error }, waiting) {
  const names = notSaved(sheet);
  const isSaid = error && foot(sheet).matches(".refused") && names.length < (place ? 2 : 1);
  if (error && !place) names.push(about ?? "another case");
  if (names.length && !isSaid) say(sheet, names, error ?? "", waiting);
  else if (!error) sheet.say("Another window of yours has dealt with what waited here.", "waiting");
  offer(sheet);
}

const foot = (sheet) => sheet.form.querySelector("[data-announce]");

const notSaved = (sheet) =>
  [...sheet.form.querySelectorAll("[data-state-of].refused")].map(({ dataset }) => dataset.stateOf);

function say(sheet, names, why, waiting) {
  const said = names.map((name) => (sheet.cellNamed(name) ? labelOf(sheet.cellNamed(name)) : name)).join(", ");
  const way = waiting && `${waiting} to send: kept in this browser until it can be sent.`;
  const words = [`Not saved: ${said}.`, why, way].filter(Boolean).join(" ");
  if (foot(sheet).firstChild?.textContent !== words) sheet.say(words, "refused"); // of many refused at once, heard once
}
