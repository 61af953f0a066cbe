// What is entered in one case, each part where it belongs: shown, and on its way until the server has it.

import { Description, settle } from "./description.js";
import { isSame } from "./kept.js";
import { uuid } from "./outbox.js";
import { asScore, choiceIn, choiceOf, labelOf } from "./sheet.js";

// A slot is a muscle's name, "pairing" or "comment".
export class Entries {
  #sheet;
  #outbox;
  #memory;
  #grades;
  #asStored = null; // once something was refused
  #coming = null;

  constructor(sheet, outbox, memory) {
    this.#sheet = sheet;
    this.#outbox = outbox;
    this.#memory = memory;
    const elsewhere = {
      memory,
      act: (slot, value) => this.act([[slot, value]]),
      onTaken: (part) => this.#sayTaken(part),
    };
    this.#grades = new Grades(sheet, outbox, elsewhere);
    this.description = new Description(sheet, outbox, elsewhere);
  }

  get waiting() {
    const isOwn = (entry) => Boolean(this.#grades.cellFor(entry) ?? this.description.partOf(entry));
    return this.#outbox.entries.filter(isOwn).length;
  }

  // What a slot had before somebody chose or typed anew.
  valueOf(slot) {
    if (slot === "pairing") return this.description.pairing;
    if (slot === "comment") return this.description.comment;
    return this.#grades.shown(this.#sheet.cellNamed(slot));
  }

  // An act of the reader, which can be taken back: changes are [slot, value] each. Whether there was any.
  act(changes) {
    const all = changes.map(([slot, to]) => ({ slot, from: this.valueOf(slot), to }));
    const real = all.filter(({ from, to }) => !isSame(from, to));
    if (real.length) this.#memory.noteAct(real);
    this.#enterAll(real.map(({ slot, to }) => [slot, to]));
    if (!real.length) this.#sayTaken(changes[0]?.[0]);
    return real.length > 0;
  }

  // A case of which nothing can be assessed, sent with its reason, is one act as well.
  async gradeWholeCase(event) {
    event.preventDefault();
    const wholeCase = await import("./whole-case.js").catch(() => null);
    if (wholeCase) wholeCase.grade(event.target, this.#sheet, (changes) => this.act(changes));
    else this.#sheet.say("No connection. Nothing was changed; try again in a moment.", "waiting");
  }

  // Enters what takes the last act back, or does it again: returns it, null where there is none.
  undo = () =>
    this.#enterAll(
      this.#memory.undo((slot) => this.valueOf(slot)),
      true,
    );
  redo = () => this.#enterAll(this.#memory.redo((slot) => this.valueOf(slot)));

  // One that is shown and not entered.
  takePairingBack() {
    this.description.showPairing(this.description.pairing);
    this.#sayTaken("pairing");
  }

  #enterAll(changes, isUndo = false) {
    for (const [slot, to] of changes ?? []) {
      const was = { slot, from: this.valueOf(slot), to, isUndo, tab: this.#memory.tab }; // see lost.js
      if (slot === "pairing") this.description.enterPairing(to, was);
      else if (slot === "comment") this.description.enterComment(to, was);
      else this.#grades.enter(this.#sheet.cellNamed(slot), to, was);
    }
    return changes;
  }

  report(entry, state, answer) {
    const [cell, part] = [this.#grades.cellFor(entry), this.description.partOf(entry)];
    this.#sayAtFoot(cell, part, state, answer);
    if (cell) this.#grades.report(cell, entry, state, answer);
    else if (part) this.description.report(part, entry, state, answer);
    this.#asStored?.showOther(this.#sheet, part, state);
    if (!state || state === "refused") this.#sayOver(cell ?? part, entry, answer);
  }

  // Before the row says so: what is saved there is named with it, to who does not see the rows.
  #sayAtFoot(cell, part, state, { error }) {
    const isOver = state === "saved" || state === "refused";
    if (!state || state === "saving") this.#sheet.say("");
    else if (state !== "conflict" || cell || part) this.#sheet.sayWaiting(this.waiting, isOver ? null : state, error);
    if (isOver || state === "saving") this.#asStored?.sayNotSaved(this.#sheet, cell, part, this.waiting);
  }

  // Also where a part of the description is as it is stored once more.
  async #sayTaken(part) {
    if (part && this.description.isWaiting(part)) return;
    if (!part) this.#sheet.sayWaiting(this.waiting, null);
    await this.#coming;
    this.#asStored?.sayTaken(this.#sheet, part, this.waiting);
  }

  async #sayOver(place, entry, answer) {
    this.#coming = import("./as-stored.js").catch(() => this.#asStored);
    this.#asStored = await this.#coming;
    this.#asStored?.sayOver(this.#sheet, place, entry, answer, this.waiting, this.description);
  }

  // What this tab knows better than the page, which may be older: what the server answered, and what waits.
  restore() {
    this.#grades.catchUp();
    for (const entry of this.#outbox.entries) {
      const cell = this.#grades.cellFor(entry);
      if (cell) this.#grades.restore(cell, entry);
      else if (this.description.partOf(entry)) this.description.restore(entry);
    }
  }

  // Nothing waits, but the case is not as this window shows it.
  chooseShown(grades) {
    for (const stored of grades) this.#grades.chooseShown(stored);
  }
}

class Grades {
  #sheet;
  #outbox;
  #memory;
  #url;
  #act;
  #onTaken;
  #shown = new Map(); // each cell's choice as it was last shown: what a mouse's change was made from

  // act is called with a cell's name and the choice here where that holds against another window's, else onTaken.
  constructor(sheet, outbox, { memory, act, onTaken }) {
    this.#sheet = sheet;
    this.#outbox = outbox;
    this.#memory = memory;
    this.#url = sheet.form.dataset.saveGrade;
    this.#act = act;
    this.#onTaken = onTaken;
    for (const cell of sheet.cells) this.#shown.set(cell, choiceOf(cell));
  }

  // The cell of an entry of this case.
  cellFor({ slot }) {
    return this.#sheet.cells.find((cell) => this.#slotOf(cell) === slot);
  }

  shown(cell) {
    return this.#shown.get(cell);
  }

  enter(cell, choice, was) {
    this.#show(cell, choice);
    const { muscle, side } = cell.dataset;
    const seen_version = Number(cell.dataset.version);
    cell.dataset.version = seen_version + 1; // what the server will make of it; later entries go on from there
    const body = { muscle, side, ...asScore(choice), seen_version };
    const about = this.#sheet.nameOf(labelOf(cell));
    this.#outbox.add({ key: uuid(), slot: this.#slotOf(cell), url: this.#url, about, body, was });
  }

  // A window also sends what another entered. Only what it shows counts as seen here; anything else is asked about later.
  report(cell, entry, state, answer) {
    const later = this.#outbox.waitingFor(entry.slot);
    if (state === "saved") this.#memory.noteAnswer(cell.dataset.cell, answer);
    if (!state) cell.dataset.version = 0; // what is stored was not seen here: the next entry is asked about
    if (state === "conflict") this.#chooseWaiting(cell, choiceIn((later.at(-1) ?? entry).body), answer.stored);
    else if (choiceOf(cell) !== choiceIn(entry.body)) return;
    if (state === "saved" && later.length) return;
    this.#sheet.showState(cell.dataset.cell, state, answer);
    if (state === "saved" && choiceOf(cell) === choiceIn(answer)) cell.dataset.version = answer.version;
  }

  // This tab may have had the answer to a save after the server had made the page.
  catchUp() {
    for (const [name, stored] of Object.entries(this.#memory.answers)) {
      const cell = this.#sheet.cellNamed(name);
      if (stored.version <= Number(cell.dataset.version)) continue;
      this.#show(cell, choiceIn(stored));
      cell.dataset.version = stored.version;
    }
  }

  // What waits is shown again.
  restore(cell, { body }) {
    this.#show(cell, choiceIn(body));
    cell.dataset.version = body.seen_version + 1;
    this.#sheet.showState(cell.dataset.cell, "saving");
  }

  chooseShown(stored) {
    const cell = this.#sheet.cellOf(stored.muscle, stored.side);
    return settle(
      (conflict) => conflict.settleShown(this, cell, choiceOf(cell), stored),
      () => {},
    );
  }

  #chooseWaiting(cell, ours, stored) {
    const waiting = this.#outbox.waitingFor(this.#slotOf(cell));
    return settle(
      (conflict) => conflict.settleGrade(this, cell, ours, stored, this.#memory, waiting),
      () => this.leave(cell),
    );
  }

  isWaiting(cell) {
    return this.#outbox.waitingFor(this.#slotOf(cell)).length > 0;
  }

  // Without an answer here, which another window has.
  leave(cell) {
    cell.dataset.version = 0;
    this.#sheet.showState(cell.dataset.cell, "");
    this.#outbox.unpark(this.#slotOf(cell));
  }

  settle(cell, ours, stored, keepOurs) {
    this.#outbox.forget(this.#slotOf(cell));
    cell.dataset.version = stored.version;
    this.#show(cell, choiceIn(stored));
    if (keepOurs) return this.#act(cell.dataset.cell, ours);
    this.#sheet.showState(cell.dataset.cell, "saved");
    this.#onTaken();
    this.#outbox.send();
  }

  #slotOf(cell) {
    return `${this.#url}#${cell.dataset.cell}`;
  }

  #show(cell, choice) {
    this.#sheet.setChoice(cell, choice);
    this.#shown.set(cell, choice);
  }
}
