// Feature, sequence and comment: two parts, each saved when it changes, with what this window knew of it before. What
// cannot be saved as it stands is said, and shown again after a reload.

import { isSame } from "./kept.js";
import { uuid } from "./outbox.js";

const TYPING_MS = 800; // a pause this long, and what was typed so far is kept
const LENGTH_SHOWN_FROM = 0.9; // of the longest
const UNCONFIRMED = "Feature and sequence are not saved until you confirm the unusual pairing.";

const NAMES = { pairing: ["feature", "sequence", "confirm_pairing"], comment: ["comment"] };

const lengthOf = (comment) => [...comment.trim()].length; // as the server counts

const takenFrom = (values, part) => Object.fromEntries(NAMES[part].map((name) => [name, values[name]]));

const AGAIN_MS = 2000;

// Has conflict.js ask about two entries for one thing. If that cannot be had, orElse: what is sent again is asked about
// again.
export async function settle(ask, orElse) {
  const conflict = await import("./conflict.js").catch(() => new Promise((soon) => setTimeout(soon, AGAIN_MS)));
  return conflict ? ask(conflict) : orElse();
}

export class Description {
  #sheet;
  #url;
  #outbox;
  #act;
  #onTaken;
  #known; // stored, or on its way
  #stored; // as far as this window was told
  #memory;
  #typing = null;

  // As it was before it was typed into: what is on its way of it may be half a sentence.
  comment;

  // act is called with a part and what it is here where that holds against another window's, else onTaken.
  constructor(sheet, outbox, { memory, act, onTaken }) {
    this.#sheet = sheet;
    this.#url = sheet.form.dataset.describe;
    this.#outbox = outbox;
    this.#act = act;
    this.#onTaken = onTaken;
    this.#known = this.entered;
    this.#stored = this.entered;
    this.comment = this.#known.comment;
    this.#memory = memory;
    this.#showComment();
    sheet.form.elements.comment.addEventListener("input", () => this.#typed());
  }

  // Of the pairing, stored or on its way: an unusual one that nobody has confirmed yet is neither.
  get pairing() {
    return takenFrom(this.#known, "pairing");
  }

  // Whether it stands here and is neither.
  isPending(part) {
    return !isSame(takenFrom(this.entered, part), takenFrom(this.#known, part));
  }

  get entered() {
    const { comment, confirm_pairing } = this.#sheet.form.elements;
    return {
      feature: this.#sheet.chosen("feature"),
      sequence: this.#sheet.chosen("sequence"),
      confirm_pairing: confirm_pairing.checked && !this.#sheet.isUsual(),
      comment: comment.value,
    };
  }

  // Without entering it: whether it is a usual one, or confirmed.
  showPairing(pairing) {
    this.#show(pairing);
    return this.#canBeSaved("pairing", pairing);
  }

  enterPairing(pairing, was) {
    this.#show(pairing);
    this.save("pairing", was);
  }

  enterComment(comment, was) {
    this.#show({ comment });
    this.save("comment", was);
  }

  // "pairing" or "comment" for an entry of this page's description.
  partOf({ slot }) {
    return Object.keys(NAMES).find((part) => slot === this.#slotOf(part)) ?? null;
  }

  save(part, was) {
    clearTimeout(this.#typing);
    const values = takenFrom(this.entered, part);
    if (!this.#canBeSaved(part, values)) return;
    if (!this.isPending(part)) return this.#onTaken(part);
    const seen = takenFrom(this.#known, part);
    Object.assign(this.#known, values);
    const about = this.#sheet.nameOf(part === "comment" ? part : "feature and sequence");
    this.#outbox.add({ key: uuid(), slot: this.#slotOf(part), url: this.#url, about, body: { ...values, seen }, was });
  }

  // What waits is shown again.
  restore(entry) {
    const values = takenFrom(entry.body, this.partOf(entry));
    this.#show(values);
    Object.assign(this.#known, values);
  }

  // As it stood before a reload.
  restoreUnsaved() {
    for (const [part, values] of Object.entries(this.#memory.unsaved)) {
      this.#show(values);
      this.save(part);
    }
  }

  report(part, entry, state, answer) {
    const later = this.#outbox.waitingFor(entry.slot);
    if (state === "saved") Object.assign(this.#stored, takenFrom(entry.body, part));
    if (state === "refused" && !later.length) Object.assign(this.#known, takenFrom(this.#stored, part));
    if (state === "conflict") this.#chooseWaiting(part, (later.at(-1) ?? entry).body, answer.stored);
    if (state !== "saved" || !later.length) this.#showState(state, answer);
  }

  // Notes what cannot be saved as it stands, and that it can again.
  #canBeSaved(part, values) {
    const { unsaved } = this.#sheet;
    const why = part === "comment" ? this.#showComment() : this.#showPairing();
    if (!why && !unsaved.has(part)) return true;
    this.#memory.noteUnsaved(part, why ? values : undefined);
    if (why) unsaved.set(part, why);
    else unsaved.delete(part);
    if (why) this.#sheet.say(why, "waiting");
    else this.#onTaken();
    this.#showState("");
    return !why;
  }

  #showState(state, answer) {
    const isOver = state === "saved" || state === "";
    this.#sheet.showState("description", isOver && this.#sheet.unsaved.has("pairing") ? "unconfirmed" : state, answer);
  }

  // Why it cannot be saved, if it is an unusual one that nobody has confirmed.
  #showPairing() {
    return this.#sheet.showPairing() ? "" : UNCONFIRMED;
  }

  // As high as it is long, with its length once that matters. Why it is too long, if it is.
  #showComment() {
    const { comment } = this.#sheet.form.elements;
    const [length, most] = [lengthOf(comment.value), Number(comment.dataset.most)];
    comment.style.height = "";
    if (comment.scrollHeight > comment.clientHeight) comment.style.height = `${comment.scrollHeight + 2}px`;
    const place = this.#sheet.form.querySelector("[data-comment-length]");
    place.textContent = length < most * LENGTH_SHOWN_FROM ? "" : `${length} of ${most} characters`;
    if (length <= most) return "";
    return `The comment is not saved: it is ${length - most} characters too long. Nothing of it was cut.`;
  }

  #slotOf(part) {
    return `${this.#url}#${part}`;
  }

  #show(values) {
    const { comment, confirm_pairing } = this.#sheet.form.elements;
    for (const name of ["feature", "sequence"]) if (name in values) this.#sheet.choose(name, values[name]);
    if ("confirm_pairing" in values) confirm_pairing.checked = values.confirm_pairing;
    if ("comment" in values) {
      comment.value = values.comment;
      this.comment = values.comment;
    }
    this.#showComment();
    this.#sheet.showPairing();
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#showComment();
    this.#typing = setTimeout(() => this.save("comment"), TYPING_MS);
  }

  isWaiting(part) {
    return this.#outbox.waitingFor(this.#slotOf(part)).length > 0;
  }

  // Without an answer here.
  leave(part) {
    this.#showState("");
    this.#outbox.unpark(this.#slotOf(part));
  }

  settle(part, own, theirs, keepOurs) {
    this.#outbox.forget(this.#slotOf(part));
    Object.assign(this.#known, theirs);
    Object.assign(this.#stored, theirs);
    this.#show(theirs);
    this.#showState(keepOurs ? "" : "saved");
    if (keepOurs) return this.#act(part, part === "comment" ? own.comment : own);
    this.#onTaken();
    this.#outbox.send();
  }

  #chooseWaiting(part, ours, stored) {
    const [own, theirs] = [takenFrom(ours, part), takenFrom(stored, part)];
    const waiting = this.#outbox.waitingFor(this.#slotOf(part));
    return settle(
      (conflict) => conflict.settleDescription(this, part, own, theirs, this.#memory, waiting),
      () => this.leave(part),
    );
  }
}
