// The viewer on the grading page: it comes after the form, stays from case to case, and leaves keys that grade to the
// form.

import { scrollOf } from "./controls.js";
import { element } from "./element.js";
import { channelOf, Form, NOWHERE } from "./following.js";
import { Viewer } from "./viewer.js";

const SIDE_BY_SIDE = matchMedia("(min-width: 961px)"); // as viewer.css has it; below, Page keys scroll the page
const WRITES = "textarea, input[type=text], input[type=password], dialog";

const lettersNeedAlt = () => document.querySelector("[data-sheet]").dataset.letterKeys === "off";
const title = "The scan in a window of its own, for a second screen; it follows this one";
const apart = element("button", { type: "button", textContent: "2nd window", title, className: "viewer-apart" });
const viewer = new Viewer({ lettersNeedAlt, buttons: [apart] });
let hasEnded = false; // the session: nobody may be sitting here any more
const inHand = () => ({
  stacks: document.querySelector("[data-stacks]")?.dataset.stacks ?? null,
  label: document.querySelector("h1").textContent,
  lettersNeedAlt: lettersNeedAlt(),
});
const shown = () => (hasEnded ? NOWHERE : inHand());
const form = new Form(channelOf(document.querySelector("[data-user]").dataset.user), shown);

// In the form's own list of keys, which grading has without them.
const KEYS = [
  [["Page Up", "Page Down"], "scroll the scan; with Shift by five slices"],
  [["Tab"], "to a stack; there ↑ ↓ scroll, b d w n p the window, + - its size, i inverts, o as at the start"],
];
for (const [keys, does] of KEYS) {
  const names = keys.flatMap((key) => [element("kbd", { textContent: key }), " "]);
  const line = [element("dt", {}, names), element("dd", { textContent: does })];
  document.querySelector("[data-keys] dl")?.append(element("div", {}, line));
}

// scan is the element of the case in hand that has the address of its stacks, or null where it has none.
export function show(scan) {
  viewer.show(scan?.dataset.stacks ?? null);
  scan?.querySelector("[data-viewer-place]").replaceChildren(viewer.root);
  form.tell({ isInHand: document.hasFocus() });
}

apart.addEventListener("click", () => {
  open(`${document.querySelector(".to-worklist").href}viewer/`, "thighsite-viewer", "popup");
});
addEventListener("focus", () => form.tell({ isInHand: true })); // of several forms, the one in hand is followed
for (const [name, isEnd] of [
  ["session-ended", true],
  ["session-renewed", false],
]) {
  document.addEventListener(name, () => {
    hasEnded = isEnd;
    form.tell({ isInHand: !isEnd });
  });
}
addEventListener("pagehide", () => form.tellGone());

// What the viewer has no use for is the form's, as if it had been pressed there; what presses a button presses the button.
viewer.root.addEventListener("keydown", (event) => {
  const isOfButton = event.target.matches("button") && (event.key.length > 1 || event.key === " ");
  if (event.defaultPrevented || isOfButton || event.key === "Tab") return;
  event.stopPropagation();
  const again = new KeyboardEvent("keydown", event);
  if (!document.querySelector("[data-sheet]").dispatchEvent(again)) event.preventDefault();
});

// Page keys scroll, wherever the focus is, but where somebody writes.
document.addEventListener("keydown", (event) => {
  const wanted = scrollOf(event);
  if (!wanted || event.defaultPrevented || !viewer.root.isConnected || !SIDE_BY_SIDE.matches) return;
  if (event.target.closest(WRITES)) return;
  event.preventDefault();
  viewer.act(wanted);
});
