// A form that was refused: its page opens at its top, so the reasons are listed there, each leading to its field.
// Focus goes to the list, and the page's title says that nothing was done. Without this script they stand at the fields.

const main = document.getElementById("content");
const shown = [...main.querySelectorAll(".errors:not([data-asks])")].filter(
  (error) => error.textContent.trim() && error.checkVisibility(),
);
const texts = shown.filter((error) => !shown.some((other) => other !== error && other.contains(error)));

/** The field that an error stands at: null for what is said of a whole form or page. */
function fieldOf(error) {
  const described = error.closest("[id]");
  const named = described && main.querySelector(`[aria-describedby~="${CSS.escape(described.id)}"]`);
  return named ?? error.closest(".field, td")?.querySelector("input, select, textarea") ?? null;
}

function item(error) {
  const line = document.createElement("p");
  const field = fieldOf(error);
  if (!field?.id) {
    line.textContent = error.textContent.trim();
    return line;
  }
  const link = document.createElement("a");
  link.href = `#${field.id}`;
  const label = field.labels?.[0]?.textContent.trim();
  link.textContent = label ? `${label}: ${error.textContent.trim()}` : error.textContent.trim();
  link.addEventListener("click", (event) => {
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
  line.append(link);
  return line;
}

if (texts.length) {
  document.title = `Refused: ${document.title}`;
  const stands = texts.length === 1 && texts[0].matches("div[role=alert]") && texts[0];
  const summary = stands || document.createElement("div");
  if (!stands) {
    summary.className = "errors";
    summary.append(...texts.map(item));
    const heading = main.querySelector("h1");
    if (heading) heading.after(summary);
    else main.prepend(summary);
  }
  summary.tabIndex = -1;
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "center" });
}
