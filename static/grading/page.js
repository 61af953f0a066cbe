// The grading page: one key per muscle, the focus moves on, each grade is saved as it is entered.

import { isHeldBack, meaningOf } from "./choice.js";
import { Description } from "./description.js";
import { Outbox } from "./outbox.js";
import { Grades } from "./saving.js";
import { choiceOf, Sheet } from "./sheet.js";

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

// The case that the page shows.
class Case {
  #sheet;
  #outbox;
  #grades;
  #description;
  #help = document.querySelector("[data-keys]");
  #undoable = []; // presses that can be taken back, the last one last; each a list of [cell, choice before]
  #isSignOffWanted = false; // asked for while something was still on its way

  constructor(form, outbox) {
    this.#sheet = new Sheet(form);
    this.#outbox = outbox;
    const onTaken = () => this.#sheet.sayWaiting(this.#waiting(), null);
    this.#grades = new Grades(this.#sheet, outbox, { onReplaced: (cell) => this.#forgetToUndo(cell), onTaken });
    this.#description = new Description(this.#sheet, outbox, onTaken);
    for (const cell of this.#sheet.cells) this.#sheet.showCell(cell);
    this.#sheet.showPairing();
    if (!this.isFrozen) this.#takeEntries();
  }

  get isFrozen() {
    return this.#sheet.form.querySelector("fieldset").disabled;
  }

  meaningOf(event) {
    return meaningOf(event, this.#sheet);
  }

  // Entries on their way ---------------------------------------------------------------------------------------------

  report(entry, state, answer) {
    const [cell, part] = [this.#grades.cellFor(entry), this.#description.partOf(entry)];
    const isOver = state === "saved" || state === "refused";
    if (state === "saving") this.#sheet.say("");
    else if (state !== "conflict" || cell || part)
      this.#sheet.sayWaiting(this.#waiting(), isOver ? null : state, answer.error);
    if (cell) this.#grades.report(cell, entry, state, answer);
    else if (part) this.#description.report(part, entry, state, answer);
    else if (state === "refused") this.#sheet.say(`Not saved, of another case: ${answer.error}`, "refused");
  }

  // Once nothing more is sent for now.
  idle() {
    if (this.#isSignOffWanted && !this.#waiting()) this.#askToSignOff();
  }

  restore() {
    for (const entry of this.#outbox.entries) {
      const cell = this.#grades.cellFor(entry);
      if (cell) this.#grades.restore(cell, entry);
      else if (this.#description.partOf(entry)) this.#description.restore(entry);
    }
  }

  #waiting() {
    const isOwn = (entry) => Boolean(this.#grades.cellFor(entry) ?? this.#description.partOf(entry));
    return this.#outbox.entries.filter(isOwn).length;
  }

  // Entering ---------------------------------------------------------------------------------------------------------

  #press(changes) {
    const changed = this.#grade(changes);
    if (changed.length) this.#undoable.push(changed);
  }

  // Returns what can be taken back: [cell, choice before] of each that was changed.
  #grade(changes) {
    const real = changes.filter(([cell, choice]) => choiceOf(cell) !== choice);
    const changed = real.map(([cell]) => [cell, choiceOf(cell)]);
    for (const [cell, choice] of real) this.#grades.enter(cell, choice);
    return changed;
  }

  #undo() {
    const changed = this.#undoable.pop();
    if (!changed) return this.#sheet.say("Nothing to undo.");
    if (!changed.length) return this.#undo(); // what another window has replaced
    this.#grade(changed);
    this.#sheet.focus(changed[0][0]);
  }

  // What is stored now was entered elsewhere, and is not ours to take back.
  #forgetToUndo(cell) {
    this.#undoable = this.#undoable.map((changed) => changed.filter(([other]) => other !== cell));
  }

  #gradeTheRest() {
    this.#press(this.#sheet.ungraded().map((cell) => [cell, "0"]));
    this.#sheet.focus(this.#sheet.signOffButton);
  }

  #gradeInHand(choice) {
    if (this.#sheet.inHand === this.#sheet.signOffButton) return;
    this.#press([[this.#sheet.inHand, choice]]);
    this.#sheet.move(1);
  }

  #onDescription(name) {
    const sheet = this.#sheet;
    if (name === "feature" && !sheet.isUsual()) sheet.choose("sequence", sheet.usualSequences()[0]);
    if (name === "feature" || name === "sequence") sheet.form.elements.confirm_pairing.checked = false;
    this.#description.save(name === "comment" ? "comment" : "pairing");
  }

  #onChange({ target }) {
    const cell = target.closest("[data-cell]");
    if (cell) {
      this.#undoable.push([[cell, this.#grades.shown(cell)]]);
      this.#grades.enter(cell, choiceOf(cell));
    } else if (target.matches("[data-description]")) this.#onDescription(target.name);
  }

  // Keys -------------------------------------------------------------------------------------------------------------

  // Letters act while the focus is in the sheet, and nowhere else: who dictates or tabs elsewhere is not surprised.
  #onKey(event) {
    const { key, target } = event;
    if (target.matches("textarea")) return;
    if (key === " " && target.matches("[data-cell] input")) return event.preventDefault(); // would grade it 0
    const meaning = this.meaningOf(event);
    if (!meaning || (meaning.move && this.#keepsItsMove(key, target))) return;
    event.preventDefault(); // an arrow in a radio group would change the grade
    this.#act(meaning);
  }

  // Whether Enter, Backspace or an arrow is for what has the focus.
  #keepsItsMove(key, target) {
    if (target === this.#sheet.signOffButton) return key === "Enter";
    return target.matches("a, button, summary, input:not([data-cell] input)");
  }

  #act({ choice, move, undo, rest, feature, help }) {
    if (help) this.#help.showModal();
    else if (undo) this.#undo();
    else if (rest) this.#gradeTheRest();
    else if (move) this.#sheet.move(move);
    else if (choice) this.#gradeInHand(choice);
    else {
      this.#sheet.choose("feature", feature);
      this.#onDescription("feature");
    }
  }

  // Signing off ------------------------------------------------------------------------------------------------------

  // First everything is graded, paired and saved.
  #askToSignOff() {
    const sheet = this.#sheet;
    const missing = sheet.ungraded();
    this.#isSignOffWanted = false;
    if (missing.length) {
      sheet.say(`Still to grade: ${missing.length}.`);
      sheet.focus(missing[0]);
    } else if (!sheet.showPairing()) {
      sheet.say("Confirm the unusual pairing first.");
      sheet.form.elements.confirm_pairing.focus();
    } else if (sheet.unsaved.has("comment")) {
      this.#description.save("comment"); // which says why it cannot be
      sheet.form.elements.comment.focus();
    } else if (this.#waiting()) {
      this.#isSignOffWanted = true;
      sheet.say("Signing off as soon as everything is saved.");
      this.#outbox.send();
    } else this.#confirmSignOff();
  }

  // Nobody signs what they did not see: what is stored where this window shows another grade is asked about.
  async #confirmSignOff() {
    try {
      const { confirm } = await signOffDialog();
      confirm(this.#sheet, (grades) => grades.forEach((stored) => this.#grades.chooseShown(stored)));
    } catch {
      this.#sheet.say("No connection. Nothing is lost; try again in a moment.", "waiting");
    }
  }

  // Listening --------------------------------------------------------------------------------------------------------

  #takeEntries() {
    const { form, signOffButton } = this.#sheet;
    this.#grades.catchUp();
    this.restore();
    this.#description.restoreUnsaved();
    form.addEventListener("submit", (event) => event.preventDefault()); // the plain form's way: Enter in a field of it
    form.addEventListener("keydown", (event) => this.#onKey(event));
    form.addEventListener("change", (event) => this.#onChange(event));
    form.addEventListener("focusin", ({ target }) => {
      this.#sheet.noteFocus(target);
      if (target !== signOffButton) this.#isSignOffWanted = false; // who has gone back looks again, and asks again
    });
    signOffButton.addEventListener("click", (event) => {
      event.preventDefault();
      this.#askToSignOff();
    });
    form.querySelector("[data-rest]").addEventListener("click", () => this.#gradeTheRest());
    form.querySelector("[data-show-keys]").addEventListener("click", () => this.#help.showModal());
    document.querySelector("[data-thighs]").addEventListener("click", (event) => this.#onMap(event));
    this.#sheet.focus(this.#sheet.ungraded()[0] ?? signOffButton);
  }

  #onMap({ target }) {
    const muscle = target.closest("[data-muscle]")?.dataset.muscle;
    const cell = this.#sheet.cellOf(muscle, target.closest("figure")?.dataset.side);
    if (cell) this.#sheet.focus(cell);
  }

  // A click where nothing takes the focus leaves it where it was.
  keepFocus() {
    if (document.activeElement === document.body && this.#sheet.inHand) this.#sheet.focus(this.#sheet.inHand);
  }
}

// The page ---------------------------------------------------------------------------------------------------------

const signOutForm = document.querySelector(".sign-out");
const outbox = new Outbox(signOutForm.dataset.user, (entry, state, answer) => {
  if (state === "signed-out") renewSession();
  inHand.report(entry, state, answer);
});
let inHand;

function holdBack(event) {
  if (!isHeldBack(event, inHand.meaningOf(event))) return;
  event.preventDefault();
  event.stopPropagation();
}

function onSignOut(event) {
  event.preventDefault();
  leaving().then(
    ({ signOut }) => signOut(signOutForm, outbox),
    () => signOutForm.submit(),
  );
}

async function renewSession() {
  const { signInAgain } = await signInDialog();
  await signInAgain();
  outbox.resume();
}

function begin() {
  inHand = new Case(document.querySelector("[data-sheet]"), outbox);
}

document.documentElement.classList.add("has-script");
document.addEventListener("keydown", holdBack, true);
document.addEventListener("click", () => inHand.isFrozen || inHand.keepFocus());
document.addEventListener("session-ended", renewSession);
signOutForm.addEventListener("submit", onSignOut);
outbox.addEventListener("idle", () => inHand.idle());
begin();
outbox.recover(() => inHand.isFrozen || inHand.restore());
setTimeout(() => Promise.allSettled(neededLater.map((fetch) => fetch())), FETCH_LATER_MS);
