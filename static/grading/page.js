// The grading page: digits grade the muscle in hand, the focus moves on, and each grade is saved as it is entered.

import { meaningOf } from "./keys.js";
import { Outbox } from "./outbox.js";
import { showFeature, showFocus, showGrade } from "./thigh.js";

const USUAL_SEQUENCES = { edema: ["STIR", "T2FS"], fat: ["T1W"] };
const WORDS = { saving: "saving", saved: "✓ saved", waiting: "waiting", refused: "not saved" };

const sheet = document.querySelector("[data-sheet]");
const cells = [...sheet.querySelectorAll("[data-cell]")];
const signOffButton = sheet.querySelector("[data-sign-off]");
const dialog = document.querySelector("[data-confirm]");
const frozen = sheet.querySelector("fieldset").disabled;
const headers = { "X-CSRFToken": sheet.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
const outbox = new Outbox(showState);

const choiceOf = (cell) => cell.querySelector("input:checked")?.value ?? null;
const chosen = (name) => sheet.querySelector(`input[name="${name}"]:checked`).value;
const graded = () => cells.filter(choiceOf).length;

// Saving -----------------------------------------------------------------------------------------------------------

function saveGrade(cell) {
  const { muscle, side } = cell.dataset;
  const choice = choiceOf(cell);
  outbox.add({
    key: cell.dataset.cell,
    url: sheet.dataset.saveGrade,
    headers: { ...headers, "Content-Type": "application/json" },
    // Made when it is sent: by then an earlier save of this muscle has told us its version.
    body: () => JSON.stringify({ muscle, side, score: choice === "na" ? null : Number(choice), not_assessable: choice === "na", seen_version: Number(cell.dataset.version) }),
    settled: (response, answer) => {
      const stored = response.status === 409 ? answer.stored : answer;
      if (stored?.version) cell.dataset.version = stored.version;
    },
  });
}

function saveDescription() {
  outbox.add({ key: "description", url: sheet.dataset.describe, headers, body: () => new FormData(sheet) });
}

function showState(key, state, answer) {
  const place = sheet.querySelector(`[data-state-of="${key}"]`);
  place.className = `row-state ${state}`;
  place.textContent = WORDS[state];
  place.title = state === "refused" ? answer.error : "";
  const summary = sheet.querySelector("[data-announce]");
  summary.className = `save-summary ${state}`;
  if (state === "waiting") summary.textContent = answer?.error ?? "No connection. Your grades wait here and are sent when it is back; keep this page open.";
  else if (state === "refused") summary.textContent = `Not saved: ${answer.error}`;
  else summary.textContent = outbox.isEmpty ? "All saved" : "";
}

// Showing ----------------------------------------------------------------------------------------------------------

function showCell(cell) {
  showGrade(cell.dataset.muscle, cell.dataset.side, choiceOf(cell));
  sheet.querySelector("[data-progress]").textContent = `${graded()} of ${cells.length} graded`;
}

function showPairing() {
  const [feature, sequence] = [chosen("feature"), chosen("sequence")];
  const usual = USUAL_SEQUENCES[feature].includes(sequence);
  const box = sheet.querySelector("[data-pairing]");
  box.hidden = usual;
  sheet.querySelector("[data-pairing-text]").textContent = `: ${feature} is read on ${USUAL_SEQUENCES[feature].join(" or ")}, not ${sequence}`;
  showFeature(sheet.dataset.feature = feature);
  return usual || box.querySelector("input").checked;
}

function showFocused(cell) {
  for (const row of sheet.querySelectorAll("[data-row]")) row.classList.toggle("is-focused", row.contains(cell));
  showFocus(cell?.dataset.muscle, cell?.dataset.side);
}

// Entering ---------------------------------------------------------------------------------------------------------

const stops = [...cells, signOffButton];

function focusStop(stop) {
  (stop.querySelector?.("input:checked") ?? stop.querySelector?.("input") ?? stop).focus();
}

function move(from, step) {
  focusStop(stops[Math.min(Math.max(stops.indexOf(from) + step, 0), stops.length - 1)]);
}

function grade(cell, choice) {
  const input = cell.querySelector(`input[value="${choice}"]`);
  if (!input.checked) {
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  move(cell, 1);
}

function onKey(event) {
  const cell = event.target.closest("[data-cell]");
  const at = cell ?? (event.target === signOffButton ? signOffButton : null);
  const meaning = at && meaningOf(event);
  if (!meaning || (at === signOffButton && (meaning.choice || event.key === "Enter"))) return;
  event.preventDefault(); // an arrow in a radio group would change the grade
  if (meaning.choice) grade(cell, meaning.choice);
  else move(at, meaning.move);
}

function onChange(event) {
  const cell = event.target.closest("[data-cell]");
  if (cell) {
    showCell(cell);
    saveGrade(cell);
  } else if (event.target.matches("[data-description]")) {
    if (event.target.name === "feature") preferUsualSequence();
    if (event.target.name !== "confirm_pairing" && event.target.name !== "comment") sheet.elements.confirm_pairing.checked = false;
    if (showPairing()) saveDescription();
  }
}

function preferUsualSequence() {
  const usual = USUAL_SEQUENCES[chosen("feature")];
  if (!usual.includes(chosen("sequence"))) sheet.querySelector(`input[name="sequence"][value="${usual[0]}"]`).checked = true;
}

function askToSignOff(event) {
  event.preventDefault();
  const summary = sheet.querySelector("[data-announce]");
  const missing = cells.find((cell) => !choiceOf(cell));
  if (missing) {
    summary.textContent = `Still to grade: ${cells.length - graded()}.`;
    return focusStop(missing);
  }
  if (!showPairing()) {
    summary.textContent = "Confirm the unusual pairing first.";
    return sheet.elements.confirm_pairing.focus();
  }
  if (!outbox.isEmpty) return (summary.textContent = "Still saving: sign off when everything is saved.");
  const counts = ["0", "1", "2", "3", "na"].map((choice) => [choice, cells.filter((cell) => choiceOf(cell) === choice).length]);
  dialog.querySelector("[data-confirm-text]").textContent = `${chosen("feature")} on ${chosen("sequence")}: ${counts.filter(([, n]) => n).map(([choice, n]) => `${n} × ${choice === "na" ? "not assessable" : `grade ${choice}`}`).join(", ")}.`;
  dialog.showModal();
  dialog.querySelector(".primary").focus();
}

// Start ------------------------------------------------------------------------------------------------------------

document.documentElement.classList.add("has-script");
for (const button of sheet.querySelectorAll("[data-no-script-only]")) button.hidden = true;
for (const cell of cells) showCell(cell);
showPairing();

if (!frozen) {
  sheet.addEventListener("keydown", onKey);
  sheet.addEventListener("change", onChange);
  sheet.addEventListener("focusin", (event) => showFocused(event.target.closest("[data-cell]")));
  signOffButton.addEventListener("click", askToSignOff);
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  addEventListener("beforeunload", (event) => outbox.isEmpty || event.preventDefault());
  document.querySelector("[data-thighs]").addEventListener("click", (event) => {
    const muscle = event.target.closest("[data-muscle]")?.dataset.muscle;
    const cell = cells.find((candidate) => candidate.dataset.muscle === muscle);
    if (cell) focusStop(cell);
  });
  focusStop(cells.find((cell) => !choiceOf(cell)) ?? signOffButton);
}
