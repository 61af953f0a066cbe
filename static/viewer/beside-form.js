// The viewer on the grading page: it comes after the form, stays from case to case, and hands keys that grade to the form.

import { scrollOf } from "./controls.js";
import { Viewer } from "./viewer.js";

const SIDE_BY_SIDE = matchMedia("(min-width: 961px)"); // as viewer.css has it; below, Page keys scroll the page

const lettersNeedAlt = () => document.querySelector("[data-sheet]").dataset.letterKeys === "off";
const viewer = new Viewer({ lettersNeedAlt });

// scan is the element of the case in hand that has the address of its stacks, or null where it has none.
export function show(scan) {
  viewer.show(scan?.dataset.stacks ?? null);
  scan?.querySelector("[data-viewer-place]").replaceChildren(viewer.root);
}

// Page keys scroll, wherever the focus is, but where somebody writes.
document.addEventListener("keydown", (event) => {
  const wanted = scrollOf(event);
  if (!wanted || event.defaultPrevented || !viewer.root.isConnected || !SIDE_BY_SIDE.matches) return;
  if (event.target.closest("textarea, input[type=text], input[type=password], dialog")) return;
  event.preventDefault();
  viewer.act(wanted);
});
