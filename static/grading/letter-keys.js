// Whether letters are keys on their own: chosen in the list of keys, and kept by the server for its reader. Fetched when
// needed.

import { post } from "../lib/http.js";

export async function choose(box, sheet) {
  const chosen = box.checked ? "on" : "off";
  const body = new FormData();
  body.set("letter_keys", chosen);
  const response = await post(box.dataset.chooseLetterKeys, body).catch(() => null);
  const words = box.closest("p").querySelector("[role=status]");
  if (response?.ok) sheet.lettersNeedAlt = chosen === "off";
  else box.checked = !box.checked;
  words.textContent = response?.ok ? "Kept." : "No connection: not changed.";
}
