// From case to case without a blank page: the next case's page came with the answer to the sign-off, and its parts take
// the place of those of the case that was signed.

const PARTS = [".header-middle", "main"];

// Where it is said what was signed, and which case stands now: a region that comes with its words is often not read out.
const said = document.querySelector(".messages") ?? document.createElement("div");
said.className = "messages";
said.role = "status";
document.querySelector("main").before(said);
// On a small screen it stays in sight until something is pressed.
for (const press of ["keydown", "click"])
  addEventListener(press, ({ repeat }) => repeat || said.classList.add("is-read"));

// Whether it could; else the address is to be opened.
export function swapIn({ next, page }) {
  const coming = new DOMParser().parseFromString(page ?? "", "text/html");
  if (!coming.querySelector("[data-sheet]")) return false;
  for (const part of PARTS) document.querySelector(part).replaceWith(coming.querySelector(part));
  said.replaceChildren(...(coming.querySelector(".messages")?.children ?? []), headingAgain());
  said.classList.remove("is-read");
  document.title = coming.title;
  document.querySelector(".theme-choice [name=next]").value = next;
  document.querySelector("[data-session]")?.setAttribute("data-then", next);
  history.pushState(null, "", next);
  scrollTo(0, 0);
  return true;
}

function headingAgain() {
  const heading = document.createElement("p");
  heading.className = "visually-hidden";
  heading.textContent = document.querySelector("h1").textContent;
  return heading;
}
