// A case of which nothing can be assessed: every muscle at once, with the reason in front of the comment, as the server
// does it for the plain form. Fetched when needed.

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u; // blank characters are no reason, though a browser takes them for one

// act is called with changes, [slot, value] each.
export function grade(form, sheet, act) {
  const reason = form.elements.reason.value.trim();
  if (!VISIBLE.test(reason)) return sheet.say("Give the reason why nothing can be assessed.", "waiting");
  const [said, before] = [`${form.dataset.wholeCase}${reason}`, sheet.form.elements.comment.value.trim()];
  const comment = `${before}\n`.startsWith(`${said}\n`) ? before : [said, before].filter(Boolean).join("\n");
  act([...sheet.cells.map((cell) => [cell.dataset.cell, "na"]), ["comment", comment]]);
  form.elements.reason.value = "";
  form.closest("details").open = false;
  sheet.focus(sheet.signOffButton);
}
