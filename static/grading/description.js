// Feature, sequence and comment: two parts, each saved when it changes, with what this window knew of it before.

import { uuid } from "./outbox.js";
import { askToChoose } from "./sheet.js";

const TYPING_MS = 800; // a pause this long, and what was typed so far is kept
const MOST_SHOWN = 80; // characters of a comment in a question

const NAMES = { pairing: ["feature", "sequence", "confirm_pairing"], comment: ["comment"] };
const TITLES = { pairing: "feature and sequence", comment: "comment" };

const takenFrom = (values, part) => Object.fromEntries(NAMES[part].map((name) => [name, values[name]]));

function inWords({ feature, sequence, comment }) {
  if (feature) return `${feature} on ${sequence}`;
  return comment.length > MOST_SHOWN ? `${comment.slice(0, MOST_SHOWN)}…` : comment || "no comment";
}

export class Description {
  #sheet;
  #url;
  #outbox;
  #onTaken;
  #known; // stored, or on its way
  #typing = null;

  // onTaken is called once what another window entered has been taken.
  constructor(sheet, outbox, onTaken) {
    this.#sheet = sheet;
    this.#url = sheet.form.dataset.describe;
    this.#outbox = outbox;
    this.#onTaken = onTaken;
    this.#known = this.#entered();
    sheet.form.elements.comment.addEventListener("input", () => this.#typed());
    addEventListener("pagehide", () => this.save("comment"));
  }

  // "pairing" or "comment" for an entry of this page's description.
  partOf({ slot }) {
    return Object.keys(NAMES).find((part) => slot === this.#slotOf(part)) ?? null;
  }

  save(part) {
    clearTimeout(this.#typing);
    const values = takenFrom(this.#entered(), part);
    const seen = takenFrom(this.#known, part);
    if (JSON.stringify(values) === JSON.stringify(seen)) return;
    Object.assign(this.#known, values);
    this.#outbox.add({ key: uuid(), slot: this.#slotOf(part), url: this.#url, body: { ...values, seen } });
  }

  // What waits is shown again.
  restore(entry) {
    const values = takenFrom(entry.body, this.partOf(entry));
    this.#show(values);
    Object.assign(this.#known, values);
  }

  report(part, entry, state, answer) {
    const later = this.#outbox.waitingFor(entry.slot);
    if (state === "refused" && !later.length) Object.assign(this.#known, entry.body.seen);
    if (state === "conflict") this.#resolveConflict(part, (later.at(-1) ?? entry).body, answer.stored);
    if (state !== "saved" || !later.length) this.#sheet.showState("description", state, answer);
  }

  #slotOf(part) {
    return `${this.#url}#${part}`;
  }

  #entered() {
    const { comment, confirm_pairing } = this.#sheet.form.elements;
    return {
      feature: this.#sheet.chosen("feature"),
      sequence: this.#sheet.chosen("sequence"),
      confirm_pairing: confirm_pairing.checked && !this.#sheet.isUsual(),
      comment: comment.value,
    };
  }

  #show(values) {
    const { comment, confirm_pairing } = this.#sheet.form.elements;
    for (const name of ["feature", "sequence"]) if (name in values) this.#sheet.choose(name, values[name]);
    if ("confirm_pairing" in values) confirm_pairing.checked = values.confirm_pairing;
    if ("comment" in values) comment.value = values.comment;
    this.#sheet.showPairing();
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.save("comment"), TYPING_MS);
  }

  // Somebody, in another window or at another machine, described this read since it was shown here.
  async #resolveConflict(part, ours, stored) {
    const slot = this.#slotOf(part);
    const [own, theirs] = [takenFrom(ours, part), takenFrom(stored, part)];
    const isOpen = () => this.#outbox.waitingFor(slot).length > 0;
    const keepOurs = await askToChoose(
      TITLES[part],
      `Not saved yet: ${inWords(own)}`,
      `Saved: ${inWords(theirs)}`,
      isOpen,
    );
    this.#sheet.showState("description", "");
    if (keepOurs === null) return this.#outbox.unpark(slot); // chosen in another window
    this.#outbox.forget(slot);
    Object.assign(this.#known, theirs);
    this.#show(keepOurs ? own : theirs);
    if (keepOurs) return this.save(part);
    this.#sheet.showState("description", "saved");
    this.#onTaken();
    this.#outbox.send();
  }
}
