// What an earlier visit could not send is sent from here, too.

import { Outbox } from "./outbox.js";
import { signInAgain } from "./sign-in-dialog.js";

const MOST_SHOWN = 3;
const ELSEWHERE =
  "What you entered on an earlier visit is no longer in this browser: another window of yours has dealt with it, or the browser’s data was cleared.";

const place = document.querySelector("[data-waiting]");
const { user } = document.querySelector(".sign-out").dataset;
const outbox = new Outbox(user, (entry, state, answer) => {
  if (state === "signed-out") renewSession();
  if (state === "refused") refused.set(entry.key, `${entry.about ?? "Another case"}: not saved. ${answer.error}`);
  else refused.delete(entry.key);
  isElsewhere ||= !state;
  show(state === "waiting");
});
const refused = new Map();
let isElsewhere = false; // whether another window has dealt with some of it

function show(offline) {
  const left = outbox.entries.filter(({ key }) => !refused.has(key)).length;
  const [all, [last]] = [[...refused.values()], [...refused.values()].slice(-1)];
  const sentences = [
    left && offline && `No connection: ${left} from an earlier visit wait in this browser.`,
    left && !offline && `${left} from an earlier visit are being sent, or wait for your choice: open the case.`,
    !left && !refused.size && (isElsewhere ? ELSEWHERE : "What you entered on an earlier visit is saved."),
    ...(all.length > MOST_SHOWN ? [`${all.length} entries are not saved. The last: ${last}`] : all),
  ];
  place.textContent = sentences.filter(Boolean).join(" ");
  place.hidden = false;
}

async function renewSession() {
  await signInAgain();
  outbox.resume();
}

document.addEventListener("session-ended", renewSession);
outbox.recover();
