// The grades of one case: shown, entered, and on their way until the server has them.

import { asScore, choiceIn, inWords } from "./choice.js";
import { LastAnswers, uuid } from "./outbox.js";
import { askToChoose, choiceOf, labelOf } from "./sheet.js";

export class Grades {
  #sheet;
  #outbox;
  #url;
  #lastAnswers;
  #onReplaced;
  #onTaken;
  #shown = new Map(); // each cell's choice as it was last shown: what a mouse's change was made from

  // onReplaced is called with a cell once it shows what another window entered, onTaken when that needed no entry.
  constructor(sheet, outbox, { onReplaced, onTaken }) {
    this.#sheet = sheet;
    this.#outbox = outbox;
    this.#url = sheet.form.dataset.saveGrade;
    this.#lastAnswers = new LastAnswers(this.#url);
    this.#onReplaced = onReplaced;
    this.#onTaken = onTaken;
    for (const cell of sheet.cells) this.#shown.set(cell, choiceOf(cell));
  }

  // The cell of an entry of this case.
  cellFor({ slot }) {
    return this.#sheet.cells.find((cell) => this.#slotOf(cell) === slot);
  }

  // As it was before the mouse or a finger chose another.
  shown(cell) {
    return this.#shown.get(cell);
  }

  enter(cell, choice) {
    this.#show(cell, choice);
    const { muscle, side } = cell.dataset;
    const seen_version = Number(cell.dataset.version);
    cell.dataset.version = seen_version + 1; // what the server will make of it; later entries go on from there
    const body = { muscle, side, ...asScore(choice), seen_version };
    this.#outbox.add({ key: uuid(), slot: this.#slotOf(cell), url: this.#url, body });
  }

  // A window also sends what another entered. Only what it shows counts as seen here; anything else is asked about later.
  report(cell, entry, state, answer) {
    const later = this.#outbox.waitingFor(entry.slot);
    if (state === "saved") this.#lastAnswers.note(cell.dataset.cell, answer);
    if (state === "conflict") this.#chooseWaiting(cell, choiceIn((later.at(-1) ?? entry).body), answer.stored);
    else if (choiceOf(cell) !== choiceIn(entry.body)) return;
    if (state === "saved" && later.length) return;
    this.#sheet.showState(cell.dataset.cell, state, answer);
    if (state === "saved" && choiceOf(cell) === choiceIn(answer)) cell.dataset.version = answer.version;
  }

  // This tab may have had the answer to a save after the server had made the page.
  catchUp() {
    for (const [name, stored] of Object.entries(this.#lastAnswers.all())) {
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

  // Nothing waits, but the case is not as this window shows it.
  async chooseShown(stored) {
    const cell = this.#sheet.cellOf(stored.muscle, stored.side);
    const ours = choiceOf(cell);
    const keepOurs = await choose(cell, "Shown here", ours, stored, () => true);
    if (keepOurs !== null) this.#resolve(cell, ours, stored, keepOurs);
  }

  // Somebody, in another window or at another machine, graded this muscle since it was shown here, and what was entered
  // here waits. Without a question where both say one thing.
  async #chooseWaiting(cell, ours, stored) {
    const isOpen = () => this.#outbox.waitingFor(this.#slotOf(cell)).length > 0;
    const keepOurs = ours !== choiceIn(stored) && (await choose(cell, "Not saved yet", ours, stored, isOpen));
    if (keepOurs !== null) return this.#resolve(cell, ours, stored, keepOurs);
    this.#sheet.showState(cell.dataset.cell, ""); // chosen in another window
    this.#outbox.unpark(this.#slotOf(cell));
  }

  #resolve(cell, ours, stored, keepOurs) {
    this.#outbox.forget(this.#slotOf(cell));
    cell.dataset.version = stored.version;
    if (keepOurs) return this.enter(cell, ours);
    this.#show(cell, choiceIn(stored));
    this.#onReplaced(cell);
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

function choose(cell, where, ours, stored, isOpen) {
  return askToChoose(labelOf(cell), `${where}: ${inWords(ours)}`, `Saved: ${inWords(choiceIn(stored))}`, isOpen);
}
