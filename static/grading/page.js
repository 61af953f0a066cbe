// The grading page: one key per muscle, the focus moves on, each grade is saved as it is entered.

import { meaningOf } from "./keys.js";
import { Outbox, Told, uuid } from "./outbox.js";
import { asScore, askToChoose, cellNamed, cellOf, cells, choiceIn, choiceOf, chosen, currentStop, focusStop, move, noteFocus, say, sayWaiting, setChoice, sheet, showCell, showPairing, showState, signOffButton, ungraded, USUAL_SEQUENCES } from "./sheet.js";
import { signInAgain } from "./sign-in.js";
import { prepareSignOff } from "./sign-off.js";

const { saveGrade: gradeUrl, describe: descriptionUrl, user } = sheet.dataset;
const frozen = sheet.querySelector("fieldset").disabled;
const help = document.querySelector("[data-keys]");
const undoable = []; // presses that can be taken back, the last one last; each a list of [cell, choice before]
const outbox = new Outbox(user, report);
const told = new Told(gradeUrl);

const slotOf = (cell) => `${gradeUrl}#${cell.dataset.cell}`;
const descriptionSlot = `${descriptionUrl}#description`;
const ownName = (entry) => (entry.slot.startsWith(`${gradeUrl}#`) || entry.slot === descriptionSlot ? entry.slot.split("#")[1] : null);
const waitingHere = () => outbox.entries.filter(ownName).length;

// Saving -----------------------------------------------------------------------------------------------------------

function enter(cell) {
  const { muscle, side } = cell.dataset;
  const seen_version = Number(cell.dataset.version);
  cell.dataset.version = seen_version + 1; // what the server will make of it; later entries go on from there
  outbox.add({ key: uuid(), slot: slotOf(cell), url: gradeUrl, body: { muscle, side, ...asScore(choiceOf(cell)), seen_version } });
}

function saveDescription() {
  outbox.forget(descriptionSlot);
  const body = { feature: chosen("feature"), sequence: chosen("sequence"), comment: sheet.elements.comment.value, confirm_pairing: sheet.elements.confirm_pairing.checked };
  outbox.add({ key: uuid(), slot: descriptionSlot, url: descriptionUrl, body });
}

function report(entry, state, answer) {
  const name = ownName(entry);
  if (state === "signed-out") signInAgain().then(() => outbox.resume());
  if (name) note(name, entry, state, answer);
  if (state === "saving") say("");
  else sayWaiting(waitingHere(), state === "saved" || state === "refused" ? null : state);
}

// A window also sends what another entered. Only what it shows counts as seen here; anything else is asked about later.
function note(name, entry, state, answer) {
  const cell = cellNamed(name);
  const later = outbox.waitingFor(entry.slot);
  if (state === "saved" && answer.version) told.note(name, answer);
  if (state === "conflict") choose(cell, choiceIn((later.at(-1) ?? entry).body), answer.stored);
  else if (cell && choiceOf(cell) !== choiceIn(entry.body)) return;
  if (state === "saved" && later.length) return;
  showState(name, state, answer);
  if (state === "saved" && answer.version && choiceOf(cell) === choiceIn(answer)) cell.dataset.version = answer.version;
}

// Somebody, in another window or at another machine, graded this muscle since it was shown here.
async function choose(cell, ours, stored) {
  const theirs = choiceIn(stored);
  const keepOurs = await askToChoose(cell, ours, theirs);
  outbox.forget(slotOf(cell));
  cell.dataset.version = stored.version;
  setChoice(cell, keepOurs ? ours : theirs);
  if (keepOurs) return enter(cell);
  showState(cell.dataset.cell, "saved");
  sayWaiting(waitingHere(), null);
  outbox.send();
}

// Entering ---------------------------------------------------------------------------------------------------------

function grade(changes) {
  const before = changes.filter(([cell, choice]) => choiceOf(cell) !== choice).map(([cell]) => [cell, choiceOf(cell)]);
  for (const [cell, choice] of changes) {
    if (choiceOf(cell) === choice) continue;
    setChoice(cell, choice);
    enter(cell);
  }
  return before;
}

function press(changes) {
  const before = grade(changes);
  if (before.length) undoable.push(before);
}

function undo() {
  const before = undoable.pop();
  if (!before) return say("Nothing to undo.");
  grade(before);
  focusStop(before[0][0]);
}

function gradeTheRest() {
  press(ungraded().map((cell) => [cell, "0"]));
  focusStop(signOffButton);
}

function setFeature(feature) {
  sheet.querySelector(`input[name="feature"][value="${feature}"]`).checked = true;
  onDescription("feature");
}

function onDescription(name) {
  const usual = USUAL_SEQUENCES[chosen("feature")];
  if (name === "feature" && !usual.includes(chosen("sequence"))) sheet.querySelector(`input[name="sequence"][value="${usual[0]}"]`).checked = true;
  if (name === "feature" || name === "sequence") sheet.elements.confirm_pairing.checked = false;
  if (showPairing()) saveDescription();
}

// Single letters act while the focus is in the sheet, and nowhere else: who dictates or tabs elsewhere is not surprised.
function onKey(event) {
  if (event.target.matches("textarea")) return;
  const meaning = meaningOf(event);
  const stop = currentStop();
  const elsewhere = event.target.matches("a, button, summary, input:not([data-cell] input)"); // keeps its own Enter and arrows
  const keepsItsKey = event.target === signOffButton ? event.key === "Enter" : elsewhere;
  if (!meaning || (keepsItsKey && meaning.move)) return;
  event.preventDefault(); // an arrow in a radio group would change the grade
  if (meaning.help) help.showModal();
  else if (meaning.undo) undo();
  else if (meaning.rest) gradeTheRest();
  else if (meaning.feature) setFeature(meaning.feature);
  else if (meaning.move) move(meaning.move);
  else if (stop !== signOffButton) {
    press([[stop, meaning.choice]]);
    move(1);
  }
}

let before = new Map(); // what the mouse is about to change
function onChange(event) {
  const cell = event.target.closest("[data-cell]");
  if (!cell) return event.target.matches("[data-description]") && onDescription(event.target.name);
  undoable.push([[cell, before.get(cell) ?? null]]);
  showCell(cell);
  enter(cell);
  before.set(cell, choiceOf(cell));
}

// Start ------------------------------------------------------------------------------------------------------------

// This tab may have been told of a save after the server had made the page.
function catchUp() {
  for (const [name, stored] of Object.entries(told.all())) {
    const cell = cellNamed(name);
    if (stored.version <= Number(cell.dataset.version)) continue;
    setChoice(cell, choiceIn(stored));
    cell.dataset.version = stored.version;
  }
}

function restore() {
  for (const entry of outbox.entries.filter(ownName)) {
    const cell = cellNamed(ownName(entry));
    if (!cell) continue; // a description: the form will say it again
    setChoice(cell, choiceIn(entry.body));
    cell.dataset.version = entry.body.seen_version + 1;
    showState(cell.dataset.cell, "saving");
  }
}

document.documentElement.classList.add("has-script");
for (const cell of cells) showCell(cell);
showPairing();

if (!frozen) {
  catchUp();
  restore();
  before = new Map(cells.map((cell) => [cell, choiceOf(cell)]));
  sheet.addEventListener("keydown", onKey);
  document.addEventListener("click", () => document.activeElement === document.body && currentStop() && focusStop(currentStop()));
  sheet.addEventListener("change", onChange);
  sheet.addEventListener("focusin", (event) => noteFocus(event.target));
  sheet.querySelector("[data-rest]").addEventListener("click", gradeTheRest);
  sheet.querySelector("[data-show-keys]").addEventListener("click", () => help.showModal());
  document.querySelector("[data-thighs]").addEventListener("click", (event) => {
    const path = event.target.closest("[data-muscle]");
    const side = event.target.closest("figure")?.dataset.side;
    const cell = cellOf(path?.dataset.muscle, side);
    if (cell) focusStop(cell);
  });
  document.querySelector(".sign-out").addEventListener("submit", (event) => {
    const left = outbox.entries.length;
    if (left && !confirm(`${left} not sent yet. They stay in this browser until you sign in here again. Sign out?`)) event.preventDefault();
  });
  const onChanged = (states) => states.forEach((stored) => choose(cellOf(stored.muscle, stored.side), choiceOf(cellOf(stored.muscle, stored.side)), stored));
  prepareSignOff({ outbox, waitingHere, isPaired: showPairing, onChanged });
  focusStop(ungraded()[0] ?? signOffButton);
}
document.addEventListener("session-ended", () => signInAgain().then(() => outbox.resume()));
outbox.recover(frozen ? undefined : restore);
