// The grading page: one key per muscle, the focus moves on, each grade is saved as it is entered.

import { Description } from "./description.js";
import { Outbox, Told, uuid } from "./outbox.js";
import { asScore, askToChoose, cellNamed, cellOf, cells, choiceIn, choiceOf, chosen, currentStop, focusStop, inWords, isUsual, labelOf, meaningOf, move, noteFocus, say, sayWaiting, setChoice, sheet, showCell, showPairing, showState, signOffButton, ungraded, USUAL_SEQUENCES } from "./sheet.js";
import { signInAgain } from "./sign-in.js";
import { callOff, prepareSignOff } from "./sign-off.js";

const { saveGrade: gradeUrl, user } = sheet.dataset;
const frozen = sheet.querySelector("fieldset").disabled;
const help = document.querySelector("[data-keys]");
const undoable = []; // presses that can be taken back, the last one last; each a list of [cell, choice before]
const before = new Map(); // each cell's choice as it was last shown: what a mouse's change was made from
const outbox = new Outbox(user, report);
const description = new Description(outbox, () => sayWaiting(waitingHere(), null));
const told = new Told(gradeUrl);

const slotOf = (cell) => `${gradeUrl}#${cell.dataset.cell}`;
const cellFor = (entry) => (entry.slot.startsWith(`${gradeUrl}#`) ? cellNamed(entry.slot.split("#")[1]) : null);
const isOfThisPage = (entry) => Boolean(cellFor(entry) ?? description.partOf(entry));
const waitingHere = () => outbox.entries.filter(isOfThisPage).length;

function show(cell, choice) {
  setChoice(cell, choice);
  before.set(cell, choice);
}

// Saving -----------------------------------------------------------------------------------------------------------

function enter(cell) {
  const { muscle, side } = cell.dataset;
  const seen_version = Number(cell.dataset.version);
  cell.dataset.version = seen_version + 1; // what the server will make of it; later entries go on from there
  outbox.add({ key: uuid(), slot: slotOf(cell), url: gradeUrl, body: { muscle, side, ...asScore(choiceOf(cell)), seen_version } });
}

function report(entry, state, answer) {
  const [cell, part] = [cellFor(entry), description.partOf(entry)];
  if (state === "signed-out") signInAgain().then(() => outbox.resume());
  if (state === "saving") say("");
  else if (state !== "conflict" || isOfThisPage(entry)) sayWaiting(waitingHere(), state === "saved" || state === "refused" ? null : state, answer.error);
  if (cell) reportGrade(cell, entry, state, answer);
  else if (part) description.report(part, entry, state, answer);
  else if (state === "refused") say(`Not saved, of another case: ${answer.error}`, "refused");
}

// A window also sends what another entered. Only what it shows counts as seen here; anything else is asked about later.
function reportGrade(cell, entry, state, answer) {
  const name = cell.dataset.cell;
  const later = outbox.waitingFor(entry.slot);
  if (state === "saved") told.note(name, answer);
  if (state === "conflict") choose(cell, choiceIn((later.at(-1) ?? entry).body), answer.stored);
  else if (choiceOf(cell) !== choiceIn(entry.body)) return;
  if (state === "saved" && later.length) return;
  showState(name, state, answer);
  if (state === "saved" && choiceOf(cell) === choiceIn(answer)) cell.dataset.version = answer.version;
}

// Somebody, in another window or at another machine, graded this muscle since it was shown here.
async function choose(cell, ours, stored) {
  const theirs = choiceIn(stored);
  const isOpen = () => outbox.waitingFor(slotOf(cell)).length > 0;
  const keepOurs = ours !== theirs && (await askToChoose(labelOf(cell), `Not saved yet: ${inWords(ours)}`, `Saved: ${inWords(theirs)}`, isOpen));
  if (keepOurs === null) return showState(cell.dataset.cell, ""), outbox.unpark(slotOf(cell)); // chosen in another window
  settle(cell, keepOurs ? ours : theirs, stored, keepOurs);
}

// The same where nothing waits: the read is not as this window shows it.
async function chooseShown(stored) {
  const cell = cellOf(stored.muscle, stored.side);
  const [ours, theirs] = [choiceOf(cell), choiceIn(stored)];
  const keepOurs = await askToChoose(labelOf(cell), `Shown here: ${inWords(ours)}`, `Saved: ${inWords(theirs)}`, () => true);
  if (keepOurs !== null) settle(cell, keepOurs ? ours : theirs, stored, keepOurs);
}

function settle(cell, choice, stored, isOurs) {
  outbox.forget(slotOf(cell));
  cell.dataset.version = stored.version;
  show(cell, choice);
  if (isOurs) return enter(cell);
  undoable.forEach((press, i) => (undoable[i] = press.filter(([other]) => other !== cell))); // theirs is not ours to take back
  showState(cell.dataset.cell, "saved");
  sayWaiting(waitingHere(), null);
  outbox.send();
}

// Entering ---------------------------------------------------------------------------------------------------------

function grade(changes) {
  const changed = changes.filter(([cell, choice]) => choiceOf(cell) !== choice).map(([cell]) => [cell, choiceOf(cell)]);
  for (const [cell, choice] of changes) {
    if (choiceOf(cell) === choice) continue;
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
  if (!changed) return say("Nothing to undo.");
  if (!changed.length) return undo(); // what another window has replaced
  grade(changed);
  focusStop(changed[0][0]);
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
  if (name === "feature" && !isUsual()) sheet.querySelector(`input[name="sequence"][value="${USUAL_SEQUENCES[chosen("feature")][0]}"]`).checked = true;
  if (name === "feature" || name === "sequence") sheet.elements.confirm_pairing.checked = false;
  if (name === "comment") description.save("comment");
  else if (showPairing()) description.save("pairing");
}

// A held key acts once, also where it was pressed on the page before: only arrows go on, and writing.
function holdBack(event) {
  if (!event.repeat) return;
  const { code, key, target } = event;
  const writes = target.matches("textarea") || (key !== "Enter" && target.matches("[type=password], [type=text]"));
  const moves = code.startsWith("Arrow") && !target.matches("[data-description]"); // there, they choose
  const acts = key === "Enter" || key === " " || meaningOf(event);
  if (!acts || writes || moves) return;
  event.preventDefault();
  event.stopPropagation();
}

// Single letters act while the focus is in the sheet, and nowhere else: who dictates or tabs elsewhere is not surprised.
function onKey(event) {
  if (event.target.matches("textarea")) return;
  if (event.key === " " && event.target.matches("[data-cell] input")) return event.preventDefault(); // would grade it 0
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
    show(cell, choiceIn(stored));
    cell.dataset.version = stored.version;
  }
}

function restore() {
  for (const entry of outbox.entries.filter(isOfThisPage)) {
    const cell = cellFor(entry);
    if (!cell) {
      description.restore(entry);
      continue;
    }
    show(cell, choiceIn(entry.body));
    cell.dataset.version = entry.body.seen_version + 1;
    showState(cell.dataset.cell, "saving");
  }
}

document.documentElement.classList.add("has-script");
document.addEventListener("keydown", holdBack, true);
for (const cell of cells) showCell(cell);
showPairing();

if (!frozen) {
  for (const cell of cells) before.set(cell, choiceOf(cell));
  catchUp();
  restore();
  sheet.addEventListener("submit", (event) => event.preventDefault()); // the plain form's way: Enter in a field of it
  sheet.addEventListener("keydown", onKey);
  document.addEventListener("click", () => document.activeElement === document.body && currentStop() && focusStop(currentStop()));
  sheet.addEventListener("change", onChange);
  sheet.addEventListener("focusin", ({ target }) => {
    noteFocus(target);
    if (target !== signOffButton) callOff();
  });
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
  const onChanged = (states) => states.forEach(chooseShown);
  prepareSignOff({ outbox, waitingHere, isPaired: showPairing, onChanged });
  focusStop(ungraded()[0] ?? signOffButton);
}
document.addEventListener("session-ended", () => signInAgain().then(() => outbox.resume()));
outbox.recover(frozen ? undefined : restore);
