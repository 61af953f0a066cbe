// A way from what this window shows to what is stored: after something was refused, or had no answer. Fetched when needed.

// Behind what is said at the foot of the sheet, for as long as that stands there.
export function offer(sheet) {
  const said = sheet.form.querySelector("[data-announce]");
  if (!said.matches(".refused, .waiting") || said.querySelector("a")) return;
  const link = document.createElement("a");
  link.className = "button";
  link.href = location.pathname;
  link.textContent = "Show what is stored";
  said.append(" ", link);
}
