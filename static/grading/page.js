// The grading page: one key per muscle, the focus moves on, each grade is saved as it is entered.

import { CaseMemory } from "./kept.js";
import { Outbox } from "./outbox.js";
import { Entries } from "./saving.js";
import { choiceOf, isHeldBack, meaningOf, Sheet, showScan, takeBackEarly } from "./sheet.js";

// What grading begins without is fetched with the first press, or once the page has stood for a while.
const FETCH_LATER_MS = 10_000;
const askingOnceNeeded = () => import("./asking.js");
const signInDialog = () => import("./sign-in-dialog.js");
const signOffDialog = () => import("./sign-off.js");
const leaving = () => import("./sign-out.js");
const conflict = () => import("./conflict.js");
const wholeCase = () => import("./whole-case.js");
const session = () => import("../session.js");
const showScale = () => import("./scale-pictures.js").then(({ show }) => show());
const neededLater = [askingOnceNeeded, signInDialog, signOffDialog, leaving, conflict, wholeCase, session];

// The case that the page shows.
class Case {
  #sheet;
  #outbox;
  #memory;
  #entries;
  #isAsking = false; // what is pressed meanwhile grades nothing
  #turn = Promise.resolve(); // what is pressed while a question is fetched waits for its turn
  #help = document.querySelector("[data-keys]");
  #isSignOffWanted = false; // asked for while something was still on its way

  constructor(form, outbox) {
    this.#sheet = new Sheet(form);
    this.#outbox = outbox;
    this.#memory = new CaseMemory(form.dataset.saveGrade);
    this.#entries = new Entries(this.#sheet, outbox, this.#memory);
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

  report(entry, state, answer) {
    this.#entries.report(entry, state, answer);
  }

  say(words) {
    this.#sheet.say(words, "waiting");
  }

  async chooseLetterKeys(box) {
    const { choose } = await import("./letter-keys.js");
    choose(box, this.#sheet);
  }

  // Once nothing more is sent for now. Who has gone on to something else is not asked.
  idle() {
    if (!this.#isSignOffWanted || this.#entries.waiting) return;
    if (document.activeElement === this.#sheet.signOffButton) this.#askToSignOff();
    this.#isSignOffWanted = false;
  }

  restore() {
    if (!this.isFrozen) this.#entries.restore();
  }

  // Before the page goes.
  keep() {
    if (!this.isFrozen) this.#actOnComment();
  }

  goOn() {
    if (this.#sheet.inHand) this.#sheet.focus(this.#sheet.inHand);
  }

  // Entering ---------------------------------------------------------------------------------------------------------

  // changes are [cell, choice] each. Whether any was one.
  #grade(changes) {
    return this.#entries.act(changes.map(([cell, choice]) => [cell.dataset.cell, choice]));
  }

  #gradeTheRest() {
    this.#grade(this.#sheet.ungraded().map((cell) => [cell, "0"]));
    this.#sheet.focus(this.#sheet.signOffButton);
  }

  #gradeInHand(choice) {
    if (this.#sheet.inHand === this.#sheet.signOffButton) return;
    this.#grade([[this.#sheet.inHand, choice]]);
    this.#sheet.move(1);
  }

  #actOnComment() {
    this.#entries.act([["comment", this.#sheet.form.elements.comment.value]]);
  }

  // By mouse, finger or screen reader.
  #onChange({ target }) {
    const cell = target.closest("[data-cell]");
    if (cell) {
      if (this.#grade([[cell, choiceOf(cell)]])) this.#sheet.moveFrom(cell);
    } else if (target.name === "comment") this.#actOnComment();
    else if (target.matches("[data-description]")) this.#inTurn({ describe: target.name });
  }

  // A second press on a grade takes it back; the second half of a double click is none.
  #onClick({ target, detail }) {
    const cell = target.matches("[data-cell] input") && target.closest("[data-cell]");
    if (cell && detail < 2 && this.#entries.valueOf(cell.dataset.cell) === target.value) {
      this.#grade([[cell, null]]);
      this.#sheet.focus(cell);
    }
  }

  // Keys -------------------------------------------------------------------------------------------------------------

  // Letters act while the focus is in the sheet, and nowhere else: who dictates or tabs elsewhere is not surprised.
  #onKey(event) {
    const { key, target } = event;
    if (target.matches("textarea")) return;
    if (key === " " && target.matches("[data-cell] input")) return event.preventDefault(); // would grade it 0
    const meaning = this.meaningOf(event);
    if (!meaning || (meaning.move && this.#sheet.keepsItsMove(key, target))) return;
    event.preventDefault(); // an arrow in a radio group would change the grade
    this.#inTurn(meaning);
  }

  #inTurn(meaning) {
    this.#turn = this.#turn.then(() => this.#act(meaning)).catch(reportError); // the next one has its turn all the same
  }

  #act({ choice, move, rest, help, scale, undo, redo, feature, sequence, describe, archive }) {
    if (this.#isAsking) this.#sheet.say("Not taken: the question comes first.", "waiting");
    else if (help) this.#help.showModal();
    else if (scale) return showScale().catch(() => this.#sheet.say("Not fetched: no connection.", "waiting"));
    else if (archive) document.querySelector("[data-archive]")?.click();
    else if (rest) this.#gradeTheRest();
    else if (move) this.#sheet.move(move);
    else if (choice) this.#gradeInHand(choice);
    else if (undo) this.#undo();
    else if (redo) this.#enterAgain(this.#entries.redo(), "Nothing to redo.");
    else if (feature) return this.#choose("feature", feature);
    else if (sequence) return this.#choose("sequence", this.#sheet.nextSequence());
    else return this.#describe(describe);
  }

  // An unusual pairing that waits for its confirmation is taken back before anything that was entered.
  #undo() {
    const { description } = this.#entries;
    if (description.isPending("pairing")) this.#entries.takePairingBack();
    else this.#enterAgain(this.#entries.undo(), "Nothing to undo since the case was opened here.");
  }

  #enterAgain(changes, nothing) {
    if (!changes) return this.#sheet.say(nothing);
    const cell = this.#sheet.cellNamed(changes[0][0]);
    if (cell) this.#sheet.focus(cell);
  }

  #choose(name, value) {
    this.#sheet.choose(name, value);
    return this.#describe(name);
  }

  // "feature", "sequence" or "confirm_pairing" was chosen. The former sequence comes back with the former feature. What
  // grades mean is changed on purpose alone: once there are some, it is asked.
  #describe(name) {
    const { feature, sequence, confirm_pairing } = this.#entries.description.entered;
    const { pairing } = this.#entries.description;
    const usual = this.#sheet.usualSequences();
    const first = { feature, sequence: usual[0], confirm_pairing: false };
    const wanted =
      name === "feature" ? (this.#memory.pairingOf(feature) ?? first) : { feature, sequence, confirm_pairing };
    if (name === "sequence") wanted.confirm_pairing = false;
    const graded = this.#sheet.cells.length - this.#sheet.ungraded().length;
    const isOther = feature !== pairing.feature || wanted.sequence !== pairing.sequence;
    if (graded && isOther && name !== "confirm_pairing") return this.#askToPair(graded, pairing, wanted, usual);
    if (this.#entries.description.showPairing(wanted)) this.#entries.act([["pairing", wanted]]);
  }

  // Until the question stands, the mouse and fingers find nothing to press, and keys wait for their turn.
  async #askToPair(graded, pairing, wanted, usual) {
    const sheet = this.#sheet;
    const isUsual = usual.includes(wanted.sequence);
    sheet.choose("sequence", wanted.sequence);
    sheet.form.inert = true;
    const asking = await askingOnceNeeded().catch(() => null);
    sheet.form.inert = false;
    sheet.focus(sheet.inHand);
    this.#isAsking = Boolean(asking);
    const answer = asking?.askToPair(sheet, graded, pairing, wanted, isUsual ? "" : usual.join(" or "));
    Promise.resolve(answer).then((isMeant) => {
      this.#isAsking = false;
      this.#entries.description.showPairing(pairing);
      if (asking) sheet.sayWaiting(this.#entries.waiting, null);
      else sheet.say("No connection. Nothing was changed; try again in a moment.", "waiting");
      if (isMeant) this.#entries.act([["pairing", { ...wanted, confirm_pairing: !isUsual }]]);
    });
  }

  // Keys that find nothing to go to, for the sheet waits for what it needs.
  onKeyElsewhere(event) {
    if (this.#sheet.form.inert && !event.defaultPrevented) this.#onKey(event);
  }

  // Signing off ------------------------------------------------------------------------------------------------------

  // First everything is graded, paired and saved.
  #askToSignOff() {
    const sheet = this.#sheet;
    const [missing, isEarly] = [sheet.ungraded(), this.#isSignOffWanted];
    this.#isSignOffWanted = false;
    if (missing.length) {
      sheet.say(`Still to grade: ${missing.length}.`);
      sheet.focus(missing[0]);
    } else if (!sheet.showPairing()) {
      sheet.say("Confirm the unusual pairing first.");
      sheet.form.elements.confirm_pairing.focus();
    } else if (sheet.unsaved.has("comment")) {
      this.#entries.description.save("comment"); // which says why it cannot be
      sheet.form.elements.comment.focus();
    } else if (this.#entries.waiting) {
      this.#isSignOffWanted = true;
      sheet.signOffButton.focus(); // which not every browser gives it for a click
      this.#outbox.sendNow();
      sheet.say(`${isEarly ? "Not taken: the summary comes first," : "Signing off"} as soon as everything is saved.`);
    } else this.#confirmSignOff();
  }

  // Nobody signs what they did not see: what is stored where this window shows another grade is asked about.
  async #confirmSignOff() {
    try {
      const { confirm } = await signOffDialog();
      confirm(this.#sheet, (grades) => this.#entries.chooseShown(grades), begin);
    } catch {
      this.#sheet.say("No connection. Nothing is lost; try again in a moment.", "waiting");
    }
  }

  // Listening --------------------------------------------------------------------------------------------------------

  #takeEntries() {
    const { form, signOffButton } = this.#sheet;
    this.#entries.restore();
    this.#entries.description.restoreUnsaved();
    form.addEventListener("submit", (event) => event.preventDefault()); // the plain form's way: Enter in a field of it
    form.addEventListener("keydown", (event) => this.#onKey(event));
    form.addEventListener("change", (event) => this.#onChange(event));
    form.addEventListener("click", (event) => this.#onClick(event));
    form.addEventListener("focusin", ({ target }) => {
      this.#sheet.noteFocus(target);
      if (target !== signOffButton) this.#isSignOffWanted = false; // who has gone back looks again, and asks again
    });
    signOffButton.addEventListener("click", (event) => {
      event.preventDefault();
      this.#askToSignOff();
    });
    const onButton = (name, act) => form.querySelector(`[data-${name}]`).addEventListener("click", act);
    onButton("rest", () => this.#gradeTheRest());
    for (const name of ["undo", "redo"]) onButton(name, () => this.#inTurn({ [name]: true }));
    onButton("show-keys", () => this.#help.showModal());
    document.querySelector("[data-whole-case]").onsubmit = (event) => this.#entries.gradeWholeCase(event);
    document.querySelector("[data-thighs]").addEventListener("click", (event) => this.#onMap(event));
    this.#sheet.focus(this.#sheet.ungraded()[0] ?? signOffButton);
  }

  #onMap({ target }) {
    const muscle = target.closest("[data-muscle]")?.dataset.muscle;
    const cell = this.#sheet.cellOf(muscle, target.closest("figure")?.dataset.side);
    if (cell) this.#sheet.focus(cell);
  }
}

// The page ---------------------------------------------------------------------------------------------------------

const signOutForm = document.querySelector(".sign-out");
const outbox = new Outbox(signOutForm.dataset.user, (entry, state, answer) => {
  if (state === "signed-out") renewSession();
  inHand.report(entry, state, answer);
});
let inHand;
let path; // of the case in hand

function holdBack(event) {
  if (!isHeldBack(event, inHand.meaningOf(event))) return;
  event.preventDefault();
  event.stopPropagation();
}

async function onSignOut(event) {
  event.preventDefault();
  const { signOut } = await leaving().catch(() => ({ signOut: () => signOutForm.submit() }));
  signOut(signOutForm, outbox);
}

async function renewSession() {
  const { signInAgain } = await signInDialog();
  await signInAgain();
  outbox.resume();
}

// Anew on each case that is brought here.
function begin(words = "") {
  path = location.pathname;
  const form = document.querySelector("[data-sheet]");
  const enterAgain = takeBackEarly(form);
  inHand = new Case(form, outbox);
  enterAgain();
  if (words) inHand.say(words);
  showScan();
}

document.documentElement.classList.add("has-script");
document.addEventListener("keydown", holdBack, true);
document.addEventListener("keydown", (event) => inHand.onKeyElsewhere(event));
// A click where nothing takes the focus leaves it where it was; so does a look at the keys.
document.addEventListener("click", () => document.activeElement === document.body && inHand.goOn());
document.querySelector("[data-keys]")?.addEventListener("close", () => inHand.goOn());
// Back to a case whose page was not left for the next one, and forward again: the server knows how they stand.
addEventListener("popstate", () => location.pathname !== path && location.reload());
addEventListener("pagehide", () => inHand.keep());
document
  .querySelector("[data-choose-letter-keys]")
  ?.addEventListener("change", ({ target }) => inHand.chooseLetterKeys(target));
document.addEventListener("session-ended", renewSession);
signOutForm.addEventListener("submit", onSignOut);
outbox.addEventListener("idle", () => inHand.idle());
begin();
outbox.recover(() => inHand.restore());
dispatchEvent(new Event("takes-keys")); // early-keys.js
const fetchLater = () => Promise.allSettled(neededLater.map((fetch) => fetch()));
for (const press of ["keydown", "pointerdown"]) addEventListener(press, fetchLater, { once: true });
setTimeout(fetchLater, FETCH_LATER_MS);
