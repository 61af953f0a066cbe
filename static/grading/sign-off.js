// Signing off: first everything is graded, paired and saved; then the reader sees what they sign; then it is signed.

import { post } from "./outbox.js";
import { asScore, cells, choiceOf, chosen, focusStop, say, sheet, signOffButton, ungraded } from "./sheet.js";
import { signInAgain } from "./sign-in.js";

const dialog = document.querySelector("[data-confirm]");
const password = dialog?.querySelector("[name=password]"); // where the study asks for it again
const refused = dialog?.querySelector("[data-confirm-refused]");
const seen = () => JSON.stringify({ feature: chosen("feature"), sequence: chosen("sequence"), comment: sheet.elements.comment.value, grades: cells.map((cell) => ({ muscle: cell.dataset.muscle, side: cell.dataset.side, ...asScore(choiceOf(cell)) })) });
const described = (choice) => (choice === "na" ? "not assessable" : `grade ${choice}`);
let wanted = false; // asked for while something was still on its way

// onChanged is called with the grades that are stored where this window shows others: nobody signs what they did not see.
export function prepareSignOff({ outbox, waitingHere, isPaired, onChanged }) {
  function ask() {
    wanted = false;
    const missing = ungraded();
    if (missing.length) return say(`Still to grade: ${missing.length}.`), focusStop(missing[0]);
    if (!isPaired()) return say("Confirm the unusual pairing first."), sheet.elements.confirm_pairing.focus();
    if ((wanted = waitingHere() > 0)) return say("Signing off as soon as everything is saved."), outbox.send();
    const counts = ["0", "1", "2", "3", "na"].map((choice) => [choice, cells.filter((cell) => choiceOf(cell) === choice).length]);
    const summary = counts.filter(([, n]) => n).map(([choice, n]) => `${n} × ${described(choice)}`);
    dialog.querySelector("[data-confirm-text]").textContent = `${chosen("feature")} on ${chosen("sequence")}: ${summary.join(", ")}.`;
    if (password) password.value = refused.textContent = "";
    dialog.showModal();
    (password ?? dialog.querySelector(".primary")).focus();
  }

  signOffButton.addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
  outbox.addEventListener("idle", () => wanted && waitingHere() === 0 && ask());
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    sign(event.target.action, onChanged);
  });
}

// Who has gone back to the sheet looks again, and asks again.
export const callOff = () => (wanted = false);

let signing = false;
async function sign(url, onChanged) {
  if (signing) return; // the second half of a double click
  signing = true;
  const body = new FormData();
  body.set("seen", seen());
  if (password) body.set("password", password.value);
  const response = await post(url, body).catch(() => null);
  const answer = (await response?.json().catch(() => null)) ?? {};
  signing = false;
  if (response?.ok && answer.next) return location.assign(answer.next);
  if (response?.status === 401) return signInAgain().then(() => sign(url, onChanged));
  if (answer.password && password) return (refused.textContent = answer.error), password.select(), password.focus();
  dialog.close();
  say(answer.error ?? unanswered(response), "waiting");
  if (answer.stored) onChanged(answer.stored);
}

const unanswered = (response) => (response ? `The server could not sign it off (${response.status}).` : "No answer: it may or may not be signed off.") + " Nothing is lost; try again in a moment.";
