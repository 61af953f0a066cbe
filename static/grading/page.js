// The grading page: one key per muscle, the focus moves on, each grade is saved as it is entered.

import { asScore, choiceIn, inWords, isHeldBack, meaningOf } from "./choice.js";
import { Description } from "./description.js";
import { LastAnswers, Outbox, uuid } from "./outbox.js";
import { askToChoose, choiceOf, labelOf, Sheet } from "./sheet.js";

// What grading begins without is fetched once the page stands, or when it is needed.
const FETCH_LATER_MS = 10_000;
const signInDialog = () => import("./sign-in-dialog.js");
const signOffDialog = () => import("./sign-off.js");
const leaving = () => import("./sign-out.js");
const neededLater = [
  signInDialog,
  signOffDialog,
  leaving,
  () => import("./conflict.js"),
  () => import("../session.js"),
];

const sheet = new Sheet(document.querySelector("[data-sheet]"));
const { saveGrade: gradeUrl } = sheet.form.dataset;
const signOutForm = document.querySelector(".sign-out");
const frozen = sheet.form.querySelector("fieldset").disabled;
const help = document.querySelector("[data-keys]");
const undoable = []; // presses that can be taken back, the last one last; each a list of [cell, choice before]
const before = new Map(); // each cell's choice as it was last shown: what a mouse's change was made from
const outbox = new Outbox(signOutForm.dataset.user, report);
const description = new Description(sheet, outbox, () => sheet.sayWaiting(waitingHere(), null));
const lastAnswers = new LastAnswers(gradeUrl);
let isSignOffWanted = false; // asked for while something was still on its way

const slotOf = (cell) => `${gradeUrl}#${cell.dataset.cell}`;
const cellFor = ({ slot }) => sheet.cells.find((cell) => slotOf(cell) === slot);
const isOfThisPage = (entry) => Boolean(cellFor(entry) ?? description.partOf(entry));
const waitingHere = () => outbox.entries.filter(isOfThisPage).length;

function show(cell, choice) {
  sheet.setChoice(cell, choice);
  before.set(cell, choice);
}

// Saving -----------------------------------------------------------------------------------------------------------

function enter(cell) {
  const { muscle, side } = cell.dataset;
  const seen_version = Number(cell.dataset.version);
  cell.dataset.version = seen_version + 1; // what the server will make of it; later entries go on from there
  const body = { muscle, side, ...asScore(choiceOf(cell)), seen_version };
  outbox.add({ key: uuid(), slot: slotOf(cell), url: gradeUrl, body });
}

function report(entry, state, answer) {
  const [cell, part] = [cellFor(entry), description.partOf(entry)];
  const isOver = state === "saved" || state === "refused";
  if (state === "signed-out") renewSession();
  if (state === "saving") sheet.say("");
  else if (state !== "conflict" || cell || part) sheet.sayWaiting(waitingHere(), isOver ? null : state, answer.error);
  if (cell) reportGrade(cell, entry, state, answer);
  else if (part) description.report(part, entry, state, answer);
  else if (state === "refused") sheet.say(`Not saved, of another case: ${answer.error}`, "refused");
}

// A window also sends what another entered. Only what it shows counts as seen here; anything else is asked about later.
function reportGrade(cell, entry, state, answer) {
  const later = outbox.waitingFor(entry.slot);
  if (state === "saved") lastAnswers.note(cell.dataset.cell, answer);
  if (state === "conflict") chooseWaiting(cell, choiceIn((later.at(-1) ?? entry).body), answer.stored);
  else if (choiceOf(cell) !== choiceIn(entry.body)) return;
  if (state === "saved" && later.length) return;
  sheet.showState(cell.dataset.cell, state, answer);
  if (state === "saved" && choiceOf(cell) === choiceIn(answer)) cell.dataset.version = answer.version;
}

// Somebody, in another window or at another machine, graded this muscle since it was shown here, and what was entered
// here waits. Without a question where both say one thing.
async function chooseWaiting(cell, ours, stored) {
  const isOpen = () => outbox.waitingFor(slotOf(cell)).length > 0;
  const keepOurs = ours !== choiceIn(stored) && (await choose(cell, "Not saved yet", ours, stored, isOpen));
  if (keepOurs !== null) return resolveConflict(cell, ours, stored, keepOurs);
  sheet.showState(cell.dataset.cell, ""); // chosen in another window
  outbox.unpark(slotOf(cell));
}

// Nothing waits, but the read is not as this window shows it.
async function chooseShown(stored) {
  const cell = sheet.cellOf(stored.muscle, stored.side);
  const ours = choiceOf(cell);
  const keepOurs = await choose(cell, "Shown here", ours, stored, () => true);
  if (keepOurs !== null) resolveConflict(cell, ours, stored, keepOurs);
}

function choose(cell, where, ours, stored, isOpen) {
  return askToChoose(labelOf(cell), `${where}: ${inWords(ours)}`, `Saved: ${inWords(choiceIn(stored))}`, isOpen);
}

function resolveConflict(cell, ours, stored, keepOurs) {
  outbox.forget(slotOf(cell));
  cell.dataset.version = stored.version;
  show(cell, keepOurs ? ours : choiceIn(stored));
  if (keepOurs) return enter(cell);
  forgetToUndo(cell);
  sheet.showState(cell.dataset.cell, "saved");
  sheet.sayWaiting(waitingHere(), null);
  outbox.send();
}

// Entering ---------------------------------------------------------------------------------------------------------

// Returns what can be taken back: [cell, choice before] of each that was changed.
function grade(changes) {
  const real = changes.filter(([cell, choice]) => choiceOf(cell) !== choice);
  const changed = real.map(([cell]) => [cell, choiceOf(cell)]);
  for (const [cell, choice] of real) {
    show(cell, choice);
    enter(cell);
  }
  return changed;
}

function press(changes) {
  const changed = grade(changes);
  if (changed.length) undoable.push(changed);
}

function undo() {
  const changed = undoable.pop();
  if (!changed) return sheet.say("Nothing to undo.");
  if (!changed.length) return undo(); // what another window has replaced
  grade(changed);
  sheet.focus(changed[0][0]);
}

// What is stored now was entered elsewhere, and is not ours to take back.
function forgetToUndo(cell) {
  for (const [i, changed] of undoable.entries()) undoable[i] = changed.filter(([other]) => other !== cell);
}

function gradeTheRest() {
  press(sheet.ungraded().map((cell) => [cell, "0"]));
  sheet.focus(sheet.signOffButton);
}

function gradeInHand(choice) {
  if (sheet.inHand === sheet.signOffButton) return;
  press([[sheet.inHand, choice]]);
  sheet.move(1);
}

function onDescription(name) {
  if (name === "feature" && !sheet.isUsual()) sheet.choose("sequence", sheet.usualSequences()[0]);
  if (name === "feature" || name === "sequence") sheet.form.elements.confirm_pairing.checked = false;
  if (name === "comment") description.save("comment");
  else if (sheet.showPairing()) description.save("pairing");
}

function onChange({ target }) {
  const cell = target.closest("[data-cell]");
  if (cell) {
    undoable.push([[cell, before.get(cell) ?? null]]);
    sheet.showCell(cell);
    enter(cell);
    before.set(cell, choiceOf(cell));
  } else if (target.matches("[data-description]")) onDescription(target.name);
}

// Keys -------------------------------------------------------------------------------------------------------------

function holdBack(event) {
  if (!isHeldBack(event, meaningOf(event, sheet))) return;
  event.preventDefault();
  event.stopPropagation();
}

// Letters act while the focus is in the sheet, and nowhere else: who dictates or tabs elsewhere is not surprised.
function onKey(event) {
  const { key, target } = event;
  if (target.matches("textarea")) return;
  if (key === " " && target.matches("[data-cell] input")) return event.preventDefault(); // would grade it 0
  const meaning = meaningOf(event, sheet);
  if (!meaning || (meaning.move && keepsItsMove(key, target))) return;
  event.preventDefault(); // an arrow in a radio group would change the grade
  act(meaning);
}

// Whether Enter, Backspace or an arrow is for what has the focus.
function keepsItsMove(key, target) {
  if (target === sheet.signOffButton) return key === "Enter";
  return target.matches("a, button, summary, input:not([data-cell] input)");
}

function act({ choice, move, undo: isUndo, rest, feature, help: isHelp }) {
  if (isHelp) help.showModal();
  else if (isUndo) undo();
  else if (rest) gradeTheRest();
  else if (move) sheet.move(move);
  else if (choice) gradeInHand(choice);
  else {
    sheet.choose("feature", feature);
    onDescription("feature");
  }
}

// Signing off ------------------------------------------------------------------------------------------------------

// First everything is graded, paired and saved.
function askToSignOff() {
  const missing = sheet.ungraded();
  isSignOffWanted = false;
  if (missing.length) {
    sheet.say(`Still to grade: ${missing.length}.`);
    sheet.focus(missing[0]);
  } else if (!sheet.showPairing()) {
    sheet.say("Confirm the unusual pairing first.");
    sheet.form.elements.confirm_pairing.focus();
  } else if (waitingHere()) {
    isSignOffWanted = true;
    sheet.say("Signing off as soon as everything is saved.");
    outbox.send();
  } else confirmSignOff();
}

// Nobody signs what they did not see: what is stored where this window shows another grade is asked about.
async function confirmSignOff() {
  try {
    const { confirm } = await signOffDialog();
    confirm(sheet, (grades) => grades.forEach(chooseShown));
  } catch {
    sheet.say("No connection. Nothing is lost; try again in a moment.", "waiting");
  }
}

// Start ------------------------------------------------------------------------------------------------------------

// This tab may have had the answer to a save after the server had made the page.
function catchUp() {
  for (const [name, stored] of Object.entries(lastAnswers.all())) {
    const cell = sheet.cellNamed(name);
    if (stored.version <= Number(cell.dataset.version)) continue;
    show(cell, choiceIn(stored));
    cell.dataset.version = stored.version;
  }
}

function restore() {
  for (const entry of outbox.entries) {
    const cell = cellFor(entry);
    if (cell) {
      show(cell, choiceIn(entry.body));
      cell.dataset.version = entry.body.seen_version + 1;
      sheet.showState(cell.dataset.cell, "saving");
    } else if (description.partOf(entry)) description.restore(entry);
  }
}

function onMap({ target }) {
  const muscle = target.closest("[data-muscle]")?.dataset.muscle;
  const cell = sheet.cellOf(muscle, target.closest("figure")?.dataset.side);
  if (cell) sheet.focus(cell);
}

function onSignOut(event) {
  event.preventDefault();
  const form = event.target;
  leaving().then(
    ({ signOut }) => signOut(form, outbox),
    () => form.submit(),
  );
}

async function renewSession() {
  const { signInAgain } = await signInDialog();
  await signInAgain();
  outbox.resume();
}

function takeEntries() {
  const { form } = sheet;
  for (const cell of sheet.cells) before.set(cell, choiceOf(cell));
  catchUp();
  restore();
  form.addEventListener("submit", (event) => event.preventDefault()); // the plain form's way: Enter in a field of it
  form.addEventListener("keydown", onKey);
  form.addEventListener("change", onChange);
  form.addEventListener("focusin", ({ target }) => {
    sheet.noteFocus(target);
    if (target !== sheet.signOffButton) isSignOffWanted = false; // who has gone back looks again, and asks again
  });
  sheet.signOffButton.addEventListener("click", (event) => {
    event.preventDefault();
    askToSignOff();
  });
  outbox.addEventListener("idle", () => isSignOffWanted && !waitingHere() && askToSignOff());
  form.querySelector("[data-rest]").addEventListener("click", gradeTheRest);
  form.querySelector("[data-show-keys]").addEventListener("click", () => help.showModal());
  document.addEventListener("click", () => {
    if (document.activeElement === document.body && sheet.inHand) sheet.focus(sheet.inHand);
  });
  document.querySelector("[data-thighs]").addEventListener("click", onMap);
  sheet.focus(sheet.ungraded()[0] ?? sheet.signOffButton);
}

document.documentElement.classList.add("has-script");
document.addEventListener("keydown", holdBack, true);
document.addEventListener("session-ended", renewSession);
for (const cell of sheet.cells) sheet.showCell(cell);
sheet.showPairing();
if (!frozen) takeEntries();
outbox.recover(frozen ? undefined : restore);
signOutForm.addEventListener("submit", onSignOut);
setTimeout(() => Promise.allSettled(neededLater.map((fetch) => fetch())), FETCH_LATER_MS);
