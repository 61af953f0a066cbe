// Signing off what is graded, paired and saved: the reader sees what they sign; then it is signed. Fetched when needed.

import { post } from "../lib/http.js";
import { offer } from "./as-stored.js";
import { swapIn } from "./next-case.js";
import { asScore, choiceOf, meaningOf } from "./sheet.js";
import { signInAgain } from "./sign-in-dialog.js";

const dialogOf = () => document.querySelector("[data-confirm]"); // each case has its own
const passwordIn = (dialog) => dialog.querySelector("[name=password]"); // where the study asks for it again
let isSigning = false;

// onChanged is called with the grades that are stored where this window shows others; begin with what is to be said once
// the next case stands.
export function confirm(sheet, onChanged, begin) {
  const dialog = dialogOf();
  const password = passwordIn(dialog);
  const text = `${sheet.chosen("feature")} on ${sheet.chosen("sequence")}: ${counts(sheet)}.`;
  dialog.querySelector("[data-confirm-text]").textContent = text;
  if (password) {
    password.value = "";
    dialog.querySelector("[data-confirm-refused]").textContent = "";
  }
  dialog.querySelector("[data-cancel]").onclick = () => dialog.close();
  dialog.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    sign(event.target.action, sheet, onChanged, begin);
  };
  dialog.onclose = () => isSigning && dialog.showModal(); // Escape, pressed twice
  tell(dialog, dialog.open ? "Not taken: an Enter before this stood. Press it again to sign." : "");
  if (!dialog.open) dialog.showModal();
  (password ?? dialog.querySelector(".primary")).focus();
}

function counts({ choices, cells }) {
  return choices
    .map((choice) => [cells.filter((cell) => choiceOf(cell) === choice).length, choice])
    .filter(([count]) => count > 0)
    .map(([count, choice]) => `${count} × ${choice === "na" ? "not assessable" : `grade ${choice}`}`)
    .join(", ");
}

function seen(sheet) {
  const grades = sheet.cells.map((cell) => {
    const { muscle, side } = cell.dataset;
    return { muscle, side, ...asScore(choiceOf(cell)) };
  });
  const comment = sheet.form.elements.comment.value;
  return JSON.stringify({ feature: sheet.chosen("feature"), sequence: sheet.chosen("sequence"), comment, grades });
}

async function sign(url, sheet, onChanged, begin) {
  if (isSigning) return; // the second half of a double click
  const dialog = dialogOf();
  const password = passwordIn(dialog);
  const body = new FormData();
  body.set("seen", seen(sheet));
  body.set("with_page", "1");
  if (password) body.set("password", password.value);
  const untaken = startSigning(dialog, sheet);
  const response = await post(url, body).catch(() => null);
  const answer = (await response?.json().catch(() => null)) ?? {};
  stopSigning(dialog);
  if (response?.ok && answer.next) return goOn(answer, untaken.length, begin);
  if (response?.status === 401) return signInAgain().then(() => sign(url, sheet, onChanged, begin));
  if (answer.password && password) return askForPasswordAgain(dialog, answer.error);
  dialog.close();
  sheet.say(answer.error ?? unanswered(response), "waiting");
  if (answer.stored) onChanged(answer.stored);
  else offer(sheet);
}

function tell(dialog, words) {
  dialog.querySelector("[data-signing]").textContent = words;
}

// Until the answer comes, keys do nothing, which is said. Returns a list that grows with each that would do something.
function startSigning(dialog, sheet) {
  const untaken = [];
  isSigning = true;
  tell(dialog, "Signing off. Keys do nothing until the next case stands.");
  dialog.querySelector("[data-cancel]").disabled = true;
  dialog.onkeydown = (event) => {
    event.preventDefault();
    if (!event.repeat && meaningOf(event, sheet)) untaken.push(event.key);
  };
  return untaken;
}

function stopSigning(dialog) {
  isSigning = false;
  tell(dialog, "");
  dialog.querySelector("[data-cancel]").disabled = false;
  dialog.onkeydown = null;
}

function goOn(answer, untaken, begin) {
  if (!swapIn(answer)) return location.assign(answer.next);
  const what =
    untaken === 1
      ? "A key that was pressed before this case stood was"
      : "Keys that were pressed before this case stood were";
  begin(untaken ? `${what} not taken.` : "");
}

function askForPasswordAgain(dialog, error) {
  dialog.querySelector("[data-confirm-refused]").textContent = error;
  const password = passwordIn(dialog);
  password.select();
  password.focus();
}

function unanswered(response) {
  const what = response
    ? `The server could not sign it off (${response.status}).`
    : "No answer: it may or may not be signed off.";
  return `${what} Nothing is lost; try again in a moment.`;
}
