// Feature, sequence and comment: two parts, each saved when it changes, with what this window knew of it before.

import { uuid } from "./outbox.js";
import { askToChoose, chosen, isUsual, sheet, showPairing, showState } from "./sheet.js";

const TYPING_MS = 800; // a pause this long, and what was typed so far is kept
const MOST_SHOWN = 80; // characters of a comment in a question
const url = sheet.dataset.describe;
const { comment, confirm_pairing: confirmation } = sheet.elements;

const entered = {
  pairing: () => ({ feature: chosen("feature"), sequence: chosen("sequence"), confirm_pairing: confirmation.checked && !isUsual() }),
  comment: () => ({ comment: comment.value }),
};
const inWords = {
  pairing: ({ feature, sequence }) => `${feature} on ${sequence}`,
  comment: (values) => (values.comment.length > MOST_SHOWN ? `${values.comment.slice(0, MOST_SHOWN)}…` : values.comment || "no comment"),
};
const takenFrom = (values, part) => Object.fromEntries(Object.keys(entered[part]()).map((name) => [name, values[name]]));

function show(values) {
  for (const name of ["feature", "sequence"]) if (name in values) sheet.querySelector(`input[name="${name}"][value="${values[name]}"]`).checked = true;
  if ("confirm_pairing" in values) confirmation.checked = values.confirm_pairing;
  if ("comment" in values) comment.value = values.comment;
  showPairing();
}

export class Description {
  #outbox;
  #onSettled;
  #known = { ...entered.pairing(), ...entered.comment() }; // stored, or on its way
  #typing = null;

  // onSettled is called once what another window entered has been taken.
  constructor(outbox, onSettled) {
    this.#outbox = outbox;
    this.#onSettled = onSettled;
    sheet.addEventListener("input", ({ target }) => target === comment && this.#typed());
    addEventListener("pagehide", () => this.save("comment"));
  }

  // "pairing" or "comment" for an entry of this page's description.
  partOf({ slot }) {
    return Object.keys(entered).find((part) => slot === `${url}#${part}`) ?? null;
  }

  save(part) {
    clearTimeout(this.#typing);
    const values = entered[part]();
    const seen = takenFrom(this.#known, part);
    if (JSON.stringify(values) === JSON.stringify(seen)) return;
    Object.assign(this.#known, values);
    this.#outbox.add({ key: uuid(), slot: `${url}#${part}`, url, body: { ...values, seen } });
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.save("comment"), TYPING_MS);
  }

  // What waits is shown again.
  restore(entry) {
    const values = takenFrom(entry.body, this.partOf(entry));
    show(values);
    Object.assign(this.#known, values);
  }

  report(part, entry, state, answer) {
    const later = this.#outbox.waitingFor(entry.slot);
    if (state === "refused" && !later.length) Object.assign(this.#known, entry.body.seen);
    if (state === "conflict") this.#choose(part, (later.at(-1) ?? entry).body, answer.stored, entry.slot);
    if (state !== "saved" || !later.length) showState("description", state, answer);
  }

  // Somebody, in another window or at another machine, described this read since it was shown here.
  async #choose(part, ours, stored, slot) {
    const [own, theirs] = [takenFrom(ours, part), takenFrom(stored, part)];
    const isOpen = () => this.#outbox.waitingFor(slot).length > 0;
    const keepOurs = await askToChoose(part === "comment" ? "comment" : "feature and sequence", `Not saved yet: ${inWords[part](own)}`, `Saved: ${inWords[part](theirs)}`, isOpen);
    showState("description", "");
    if (keepOurs === null) return this.#outbox.unpark(slot); // chosen in another window
    this.#outbox.forget(slot);
    Object.assign(this.#known, theirs);
    show(keepOurs ? own : theirs);
    if (keepOurs) return this.save(part);
    showState("description", "saved");
    this.#onSettled();
    this.#outbox.send();
  }
}
