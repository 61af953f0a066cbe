// Copies a paragraph or a table, and says so. Where the browser has no clipboard to write to, it selects instead.

// A table as lines of cells with tabs between, as spreadsheets and word processors take it; anything else as it reads.
export function textOf(element) {
  if (!element.rows) return element.textContent.trim();
  const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " "));
  return [...element.rows].map((row) => cells(row).join("\t")).join("\n");
}

async function copy(element) {
  try {
    await navigator.clipboard.writeText(textOf(element));
    return "Copied.";
  } catch {
    window.getSelection().selectAllChildren(element);
    return "Selected: copy it with Ctrl+C or ⌘C.";
  }
}

// Shows the buttons, also those that come into the page later.
export function offerCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

if (typeof document !== "undefined") {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const status = button.parentElement.querySelector('[role="status"]');
    status.textContent = "";
    status.textContent = await copy(document.getElementById(button.dataset.copy));
  });
  offerCopies(document);
}
