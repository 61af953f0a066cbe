// Signing off what is graded, paired and saved: the reader sees what they sign; then it is signed. Fetched when needed.

import { post } from "../lib/http.js";
import { asScore } from "./choice.js";
import { choiceOf } from "./sheet.js";
import { signInAgain } from "./sign-in-dialog.js";

const dialogOf = () => document.querySelector("[data-confirm]"); // each case has its own
const passwordIn = (dialog) => dialog.querySelector("[name=password]"); // where the study asks for it again
let isSigning = false;

// onChanged is called with the grades that are stored where this window shows others.
export function confirm(sheet, onChanged) {
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
    sign(event.target.action, sheet, onChanged);
  };
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

async function sign(url, sheet, onChanged) {
  if (isSigning) return; // the second half of a double click
  isSigning = true;
  const dialog = dialogOf();
  const password = passwordIn(dialog);
  const body = new FormData();
  body.set("seen", seen(sheet));
  if (password) body.set("password", password.value);
  const response = await post(url, body).catch(() => null);
  const answer = (await response?.json().catch(() => null)) ?? {};
  isSigning = false;
  if (response?.ok && answer.next) return location.assign(answer.next);
  if (response?.status === 401) return signInAgain().then(() => sign(url, sheet, onChanged));
  if (answer.password && password) return askForPasswordAgain(dialog, answer.error);
  dialog.close();
  sheet.say(answer.error ?? unanswered(response), "waiting");
  if (answer.stored) onChanged(answer.stored);
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
