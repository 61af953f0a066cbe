// From case to case without a blank page: the next case's page came with the answer to the sign-off, and its parts take
// the place of those of the case that was signed.

const PARTS = [".header-middle", "main"];

// Whether it could; else the address is to be opened.
export function swapIn({ next, page }) {
  const coming = new DOMParser().parseFromString(page ?? "", "text/html");
  if (!coming.querySelector("[data-sheet]")) return false;
  for (const part of PARTS) document.querySelector(part).replaceWith(coming.querySelector(part));
  document.querySelector(".messages")?.remove();
  const messages = coming.querySelector(".messages");
  if (messages) document.querySelector("main").before(messages);
  document.title = coming.title;
  document.querySelector(".theme-choice [name=next]").value = next;
  document.querySelector("[data-session]")?.setAttribute("data-then", next);
  history.pushState(null, "", next);
  scrollTo(0, 0);
  return true;
}
