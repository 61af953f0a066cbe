// The sheet of muscles and the map beside it: what is chosen, where the focus is, where each entry stands.

const STATES = {
  saving: "saving",
  saved: "✓ saved",
  waiting: "waiting",
  "signed-out": "waiting",
  conflict: "choose",
  refused: "not saved",
  unconfirmed: "not saved until confirmed",
  "": "",
};
const MOST_NAMED = 3; // of what was entered at once; more are counted

export const choiceOf = (cell) => cell.querySelector("input:checked")?.value ?? null;
export const labelOf = (cell) => cell.getAttribute("aria-label");

const radiosIn = (element, name) => [...element.querySelectorAll(`input[name="${name}"]`)];

// What was entered before this program was there is entered again, to who then listens.
export function takeBackEarly(form) {
  const early = [...form.querySelectorAll(":checked:not([checked]), textarea")]
    .filter(({ checked, value, defaultValue }) => checked || value !== defaultValue)
    .map((field) => [field, field.value]);
  form.reset();
  return () => {
    for (const [field, value] of early) {
      Object.assign(field, { checked: true, value });
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
}

export class Sheet {
  #stops;
  #summary;
  #untold = []; // what was saved or waits, and was not yet said to who cannot see the muscles

  constructor(form) {
    this.form = form;
    this.cells = [...form.querySelectorAll("[data-cell]")];
    this.signOffButton = form.querySelector("[data-sign-off]");
    this.choices = radiosIn(form, this.cells[0].dataset.cell).map(({ value }) => value);
    this.scores = this.choices.filter((choice) => choice !== "na");
    this.features = radiosIn(form, "feature").map(({ value }) => value);
    this.sequences = radiosIn(form, "sequence").map(({ value }) => value);
    this.unsaved = new Map(); // why a part of the description cannot be saved as it stands
    this.lettersNeedAlt = form.dataset.letterKeys === "off";
    this.inHand = null; // a cell or the button: keys work here, also when the focus is where nothing takes it
    this.#stops = [...this.cells, this.signOffButton];
    this.#summary = form.querySelector("[data-announce]");
  }

  // Muscles --------------------------------------------------------------------------------------------------------

  cellOf(muscle, side) {
    return this.cells.find(({ dataset }) => dataset.muscle === muscle && dataset.side === side);
  }

  cellNamed(name) {
    return this.cells.find(({ dataset }) => dataset.cell === name);
  }

  ungraded() {
    return this.cells.filter((cell) => choiceOf(cell) === null);
  }

  // What an entry is about, also once another case stands here.
  nameOf(part) {
    return `${document.querySelector("h1").textContent}, ${part}`;
  }

  setChoice(cell, choice) {
    for (const input of cell.querySelectorAll("input")) input.checked = input.value === choice;
    this.showCell(cell);
  }

  showCell(cell) {
    showGrade(cell.dataset.muscle, cell.dataset.side, choiceOf(cell));
    const [all, left] = [this.cells.length, this.ungraded().length];
    this.form.querySelector("[data-progress]").textContent = `${all - left} of ${all} graded`;
  }

  focus(stop) {
    (stop.querySelector("input:checked") ?? stop.querySelector("input") ?? stop).focus();
  }

  // On from a muscle that was graded, whatever graded it.
  moveFrom(cell) {
    this.inHand = cell;
    this.move(1);
  }

  move(step) {
    const next = this.#stops.indexOf(this.inHand) + step;
    this.focus(this.#stops[Math.min(Math.max(next, 0), this.#stops.length - 1)]);
  }

  noteFocus(target) {
    const stop = this.#stops.find((each) => each.contains(target));
    if (!stop) return;
    this.inHand = stop;
    for (const row of this.form.querySelectorAll("[data-row]")) row.classList.toggle("is-focused", row.contains(stop));
    for (const cell of this.cells) cell.classList.toggle("is-focused", cell === stop);
    showFocus(stop.dataset.muscle, stop.dataset.side);
  }

  // Whether Enter, Backspace or an arrow is for what has the focus.
  keepsItsMove(key, target) {
    if (target === this.signOffButton) return key === "Enter";
    return target.matches("a, button, summary, input:not([data-cell] input)");
  }

  // Feature and sequence -------------------------------------------------------------------------------------------

  chosen(name) {
    return this.form.querySelector(`input[name="${name}"]:checked`).value;
  }

  choose(name, value) {
    radiosIn(this.form, name).find((input) => input.value === value).checked = true;
  }

  // The sequences that a feature is usually read on; that which its reader last read it on comes first.
  usualSequences(feature = this.chosen("feature")) {
    return this.form.querySelector(`input[name="feature"][value="${feature}"]`).dataset.usual.split(" ");
  }

  // The one after that which is chosen, those first that the feature is usually read on.
  nextSequence() {
    const all = [...new Set([...this.usualSequences(), ...this.sequences])];
    return all[(all.indexOf(this.chosen("sequence")) + 1) % all.length];
  }

  isUsual() {
    return this.usualSequences().includes(this.chosen("sequence"));
  }

  // Whether feature and sequence are a usual pair, or a confirmed unusual one.
  showPairing() {
    const feature = this.chosen("feature");
    const usual = this.isUsual();
    this.form.querySelector("[data-pairing]").hidden = usual;
    this.form.querySelector("[data-pairing-text]").textContent =
      `: ${feature} is read on ${this.usualSequences().join(" or ")}, not ${this.chosen("sequence")}`;
    this.form.dataset.feature = feature;
    document.querySelector(".scan").dataset.feature = feature;
    return usual || this.form.elements.confirm_pairing.checked;
  }

  // Where each entry stands, beside its muscle and, in words, at the foot of the sheet -----------------------------

  say(text, state = "") {
    this.#summary.className = `save-summary ${state}`;
    if (this.#summary.lastChild?.textContent !== text) this.#summary.replaceChildren(text);
  }

  // Names what was entered before the words that all see, once for each entry, in one message.
  #tell(words) {
    const shown = this.#summary.lastChild?.textContent;
    this.#untold.push(words);
    if (!shown) return; // more is on its way, and is said together
    const told = document.createElement("span");
    const [count, all] = [this.#untold.length, this.#untold.join(", ")];
    told.className = "visually-hidden";
    told.textContent = `${count > MOST_NAMED ? `${count} muscles, the last ${words}` : all}. `;
    this.#summary.replaceChildren(told, shown);
    this.#untold = [];
  }

  showState(name, state, answer) {
    const place = this.form.querySelector(`[data-state-of="${name}"]`);
    const isRefused = state === "refused";
    const isNew = place.textContent !== STATES[state];
    place.className = `row-state ${state}`;
    place.textContent = STATES[state];
    place.title = isRefused ? answer.error : "";
    const cell = this.cellNamed(name);
    if (cell && isNew && ["saved", "waiting"].includes(state))
      this.#tell(`${labelOf(cell)} ${inWords(choiceOf(cell))}`);
    if (isRefused) this.say(`${cell ? `${labelOf(cell)}: not` : "Not"} saved. ${answer.error}`, state);
  }

  // What waits, in one sentence: waiting is a number of entries, reason a state, words the server's if it has any.
  sayWaiting(waiting, reason, words = "No connection.") {
    if (reason === "conflict") this.say("Entered differently elsewhere: choose what holds.", "waiting");
    else if (waiting && reason)
      this.say(`${words} ${waiting} to send: kept in this browser until it can be sent.`, "waiting");
    else if (!waiting && this.unsaved.size) this.say([...this.unsaved.values()].join(" "), "waiting");
    else if (!waiting && !this.#summary.classList.contains("refused")) this.say("All saved");
  }
}

// The map ----------------------------------------------------------------------------------------------------------

function pathsOf(muscle, side) {
  const figures = [...document.querySelectorAll("[data-thighs] figure")];
  return figures
    .filter((figure) => !side || figure.dataset.side === side)
    .flatMap((figure) => [...figure.querySelectorAll(`[data-muscle="${muscle}"]`)]);
}

function showGrade(muscle, side, choice) {
  for (const path of pathsOf(muscle, side)) {
    const label = path.nextElementSibling;
    for (const { dataset } of [path, label]) {
      if (choice === null) delete dataset.grade;
      else dataset.grade = choice;
    }
    label.querySelector(".muscle-grade").textContent = choice === "na" ? "×" : (choice ?? "");
  }
}

function showFocus(muscle, side) {
  for (const path of document.querySelectorAll(".thigh .is-focused")) path.classList.remove("is-focused");
  for (const path of muscle ? pathsOf(muscle, side) : []) path.classList.add("is-focused");
}

// The scan ---------------------------------------------------------------------------------------------------------

let viewer;

// Where the case has one, it comes after the form; the viewer stays from case to case.
export async function showScan() {
  const scan = document.querySelector("[data-stacks]");
  if (scan)
    viewer ??= import("../viewer/beside-form.js").catch(() => {
      viewer = null; // no connection: the next case asks again
    });
  (await viewer)?.show(scan);
}

// Choices and keys -------------------------------------------------------------------------------------------------

// A choice for a muscle is a score as the page has it ("0", "1" …), "na" for not assessable, or null for none yet.
// What of it is sent, and what the server stores:
export function asScore(choice) {
  const isScore = choice !== null && choice !== "na";
  return { score: isScore ? Number(choice) : null, not_assessable: choice === "na" };
}

export function choiceIn({ score, not_assessable }) {
  if (not_assessable) return "na";
  return score === null ? null : String(score);
}

export function inWords(choice) {
  if (choice === null) return "no grade";
  return choice === "na" ? "not assessable" : choice;
}

const MOVES = { ArrowDown: 1, Enter: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Backspace: -1 };
const SIGNS = { "?": { help: true }, ".": { rest: true } };
const LETTERS = {
  x: { choice: "na" },
  u: { undo: true },
  r: { redo: true },
  s: { sequence: true },
  h: { help: true },
  g: { scale: true },
  a: { archive: true },
};
const HUNGARIAN = "ö"; // where a keyboard has this in the row of digits, it has its 0 elsewhere

// Of the number pad also while Num Lock is off; of the row above the letters also where digits need Shift, as in France
// and the Czech Republic.
function digitOf({ key, code, shiftKey }) {
  const [, place, digit] = code?.match(/^(Digit|Numpad)(\d)$/) ?? [];
  const isRow = place === "Digit" && !shiftKey && !/^\d$/.test(key) && key !== HUNGARIAN;
  return place === "Numpad" || isRow ? digit : key;
}

// Its place counts where the keyboard writes in other letters than Latin ones.
function letterOf({ key, code }, byPlace = key.length === 1 && key > "~") {
  return (byPlace ? code?.match(/^Key([A-Z])$/)?.[1] : key)?.toLowerCase() ?? "";
}

function meaningOfLetter(letter, features) {
  if (Object.hasOwn(LETTERS, letter)) return LETTERS[letter];
  const feature = features.find((name) => name[0] === letter);
  return feature ? { feature } : null;
}

function meaningOfCombination(event) {
  const letter = letterOf(event);
  if (event.altKey || !["z", "y"].includes(letter)) return null;
  return letter === "y" || event.shiftKey ? { redo: true } : { undo: true };
}

// {choice}, {move: ±1}, {undo}, {redo}, {rest}, {feature}, {sequence}, {help}, {scale}, {archive} or null. Top row and number pad are the
// same, whatever a number pad's point is called, unless it is Delete while Num Lock is off; combinations are the
// browser's, but for Ctrl or ⌘ with Z and Y. scores and features are the page's: "0" …, and "edema" …, whose first
// letters choose them. Where lettersNeedAlt, letters and signs alone mean nothing: somebody dictates.
export function meaningOf(event, { scores, features, lettersNeedAlt = false }) {
  const { key, code, ctrlKey, altKey, metaKey } = event;
  if (ctrlKey || metaKey) return meaningOfCombination(event);
  if (altKey) return lettersNeedAlt ? meaningOfLetter(letterOf(event, true), features) : null;
  const digit = digitOf(event);
  if (scores.includes(digit)) return { choice: digit };
  if (code === "NumpadDecimal" && key !== "Delete") return { rest: true };
  if (Object.hasOwn(MOVES, key)) return { move: MOVES[key] };
  if (lettersNeedAlt) return null;
  return Object.hasOwn(SIGNS, key) ? SIGNS[key] : meaningOfLetter(letterOf(event), features);
}

// Whether a key that is held down shall do nothing, also where it was pressed on the page before: only arrows go on,
// and writing. meaning is meaningOf the event.
export function isHeldBack({ repeat, code, key, target }, meaning) {
  if (!repeat) return false;
  const writes = target.matches("textarea") || (key !== "Enter" && target.matches("[type=password], [type=text]"));
  const moves = code.startsWith("Arrow") && !target.matches("[data-description]"); // there, they choose
  const acts = key === "Enter" || key === " " || meaning !== null;
  return acts && !writes && !moves;
}
