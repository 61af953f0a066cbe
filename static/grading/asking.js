// A question in the sheet itself, on one line: Enter says yes; Escape, u or going elsewhere leaves all as it is. Fetched
// when needed.

const inWords = ({ feature, sequence }) => `${feature} on ${sequence}`;

// Whether grades that are of a pairing shall mean another. Unusual says what is usual instead.
export function askToPair(sheet, graded, pairing, wanted, unusual) {
  const what = `${graded} ${graded === 1 ? "grade is" : "grades are"} of ${inWords(pairing)}.`;
  return ask(
    sheet,
    `${what} Change to ${inWords(wanted)}?${unusual && ` ${wanted.feature} is usually read on ${unusual}.`}`,
  );
}

// Resolves to whether it was answered with yes.
function ask(sheet, text) {
  const line = sheet.form.querySelector("[data-ask]");
  line.querySelector("[data-ask-text]").textContent = text;
  line.hidden = false;
  line.focus();
  const over = new AbortController();
  return new Promise((resolve) => {
    const answer = (isYes) => {
      const hadFocus = line.contains(document.activeElement);
      over.abort();
      line.hidden = true;
      if (hadFocus) sheet.focus(sheet.inHand);
      resolve(isYes);
    };
    line.querySelector("[data-yes]").onclick = () => answer(true);
    line.querySelector("[data-no]").onclick = () => answer(false);
    line.onkeydown = (event) => onKey(event, sheet, answer);
    const onLeaving = ({ relatedTarget }) => {
      if (document.hasFocus() && !line.contains(relatedTarget)) answer(false); // not for a look at another window
    };
    line.addEventListener("focusout", onLeaving, over);
  });
}

function onKey(event, sheet, answer) {
  const { key, target } = event;
  event.stopPropagation(); // a key for the sheet would grade
  if (key === "Escape" || key.toLowerCase() === "u") return answer(false);
  if (target.matches("button") || key === "Tab" || key === "Shift") return;
  event.preventDefault();
  if (key === "Enter") answer(true);
  else sheet.say("Not taken: first press Enter to change it, or Esc to leave it.", "waiting");
}
