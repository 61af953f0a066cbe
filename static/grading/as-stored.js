// After something was refused, or had no answer: a way from what this window shows to what is stored, and what its rows
// call not saved. Fetched when needed.

import { labelOf } from "./sheet.js";

// Behind what is said at the foot of the sheet, for as long as that stands there.
export function offer(sheet) {
  const said = sheet.form.querySelector("[data-announce]");
  if (!said.matches(".refused, .waiting") || said.querySelector("a")) return;
  const link = document.createElement("a");
  link.className = "button";
  link.href = location.pathname;
  link.textContent = "Show what is stored";
  said.append(" ", link);
}

// At the foot of the sheet: every row that says so, but for the one that is being told of, a cell or a part of the
// description; and how many entries wait.
export function sayNotSaved(sheet, cell, part, waiting) {
  const told = cell?.dataset.cell ?? (part && "description");
  const places = [...sheet.form.querySelectorAll("[data-state-of].refused")];
  const names = places.map(({ dataset }) => dataset.stateOf).filter((name) => name !== told);
  if (!names.length) return;
  const said = names.map((name) => (sheet.cellNamed(name) ? labelOf(sheet.cellNamed(name)) : name)).join(", ");
  const way = waiting ? ` ${waiting} to send: kept in this browser until it can be sent.` : "";
  sheet.say(`Not saved: ${said}.${way}`, "refused");
}
